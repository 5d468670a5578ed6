#!/usr/bin/env python3
"""The recipes of docs/recipes.md: the rule for Make and the hook for pre-commit are run on a network within
the budget and on one beyond it; the workflow's check too. YAML is parsed where there is PyYAML.

    check_recipes.py --program build/cnncalc
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

DOCUMENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "recipes.md")
WITHIN = "input 32; conv3-8, gap, FC-10\n"
# 3*3*3*2000*512*512 = 14,155,776,000 multiply-accumulates
BEYOND = "input 512; conv3-2000, gap, FC-10\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    program = os.path.abspath(parser.parse_args().program)
    env = dict(os.environ, PATH=os.path.dirname(program) + os.pathsep + os.environ["PATH"])
    with open(DOCUMENT, encoding="utf-8") as document:
        text = document.read()
    rule, = re.findall(r"```make\n(.*?)```", text, re.DOTALL)
    hook, workflow = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    entry, = re.findall(r"entry: (.*)", hook)
    check, = re.findall(r"run: (cnncalc .*)", workflow)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "Makefile"), "w", encoding="utf-8") as makefile:
            makefile.write(rule)
        for net, fine in ((WITHIN, True), (BEYOND, False)):
            with open(os.path.join(folder, "net.cnn"), "w", encoding="utf-8") as file:
                file.write(net)
            for command in ("make budget", f"{entry} net.cnn", check):
                done = subprocess.run(["sh", "-c", command], cwd=folder, env=env, text=True,
                                      capture_output=True, timeout=60, check=False)
                if (done.returncode == 0) != fine or "macs" not in done.stdout:
                    failed += 1
                    print(f"{command}: status {done.returncode}\n{done.stdout}{done.stderr}")
    try:
        import yaml
    except ImportError:
        print("YAML: not parsed, there is no PyYAML")
    else:
        parsed = [yaml.safe_load(block) for block in (hook, workflow)]
        if (parsed[0]["repos"][0]["hooks"][0]["entry"] != entry or
                parsed[1]["jobs"]["budget"]["steps"][-1]["run"] != check):
            failed += 1
            print("YAML reads the recipes in another way")
    print(f"6 runs, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
