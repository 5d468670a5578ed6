#!/usr/bin/env python3
"""Runs every command of "cnncalc --help examples" in an empty folder.

    check_examples.py --program build/cnncalc

Each has to print something, and nothing that begins with "cnncalc:". Its exit status is 0, or 1 for a
command that shows a wrong answer.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    program = os.path.abspath(parser.parse_args().program)
    env = dict(os.environ, PATH=os.path.dirname(program) + os.pathsep + os.environ["PATH"])
    page = subprocess.run([program, "--help", "examples"], capture_output=True, text=True,
                          check=True).stdout
    commands = re.findall(r"^(\S.*)\n  (\S.*)$", page, re.MULTILINE)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for brief, command in commands:
            done = subprocess.run(["sh", "-c", command], cwd=folder, env=env, capture_output=True,
                                  text=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
            written = done.stdout + "".join(open(os.path.join(folder, name), encoding="utf-8").read()
                                            for name in os.listdir(folder))
            status = 1 if "wrong" in brief else 0
            if done.returncode != status or not written or "cnncalc:" in done.stderr:
                failed += 1
                print(f"{command}\n  status {done.returncode}, not {status}\n{done.stdout}{done.stderr}")
            for name in os.listdir(folder):
                os.unlink(os.path.join(folder, name))
    print(f"{len(commands)} examples, {failed} failed")
    return 0 if failed == 0 and len(commands) >= 15 else 1


if __name__ == "__main__":
    sys.exit(main())
