#!/usr/bin/env python3
"""A batch that is ended by a signal ends with a whole line, also while nobody reads its output.

    check_signals.py --program build/cnncalc
"""
import argparse
import os
import signal
import subprocess
import sys
import threading
import time

LISTS = b"conv3-64,maxpool,FC-10\nconv3-64,cnv\n" * 2000


def feed(to):
    try:
        while True:
            to.write(LISTS)
    except (OSError, ValueError):
        pass  # the program has ended


def run(program, options, seconds, which, reading):
    """Ends the program after so many seconds; returns its status and its output."""
    with subprocess.Popen([program, "--batch", *options], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, bufsize=0) as child:
        threading.Thread(target=feed, args=(child.stdin,), daemon=True).start()
        text = bytearray()
        reader = threading.Thread(target=lambda: text.extend(child.stdout.read()))
        if reading:
            reader.start()
        time.sleep(seconds)
        os.kill(child.pid, which)
        status = child.wait(timeout=60) if not reading else None
        if not reading:
            reader.start()
        reader.join()
        return child.wait(timeout=60) if status is None else status, bytes(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    program = os.path.abspath(parser.parse_args().program)
    failed = 0
    for round_number in range(12):
        which = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[round_number % 3]
        options = (["-f", "json"] if round_number % 2 else []) + ["-j", str(1 + round_number % 4)]
        reading = round_number % 4 < 2
        status, text = run(program, options, 0.02 + 0.013 * round_number, which, reading)
        if status != -which or (text and not text.endswith(b"\n")):
            print(f"{options} {which!r} reading={reading}: status {status}, ends {text[-60:]!r}")
            failed += 1
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
