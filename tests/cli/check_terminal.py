#!/usr/bin/env python3
"""What the program does on a terminal: bold headings on standard output, progress on the other.

    check_terminal.py --program build/cnncalc
"""
import argparse
import os
import pty
import re
import subprocess
import sys
import tempfile
import threading
import time


def open_terminal():
    """A terminal's end for the program, and a thread that collects what arrives at the other."""
    ours, theirs = pty.openpty()
    parts = []

    def collect():
        try:
            while part := os.read(ours, 4096):
                parts.append(part)
        except OSError:  # the program's end is closed
            pass
        os.close(ours)

    thread = threading.Thread(target=collect)
    thread.start()
    return theirs, thread, parts


def on_terminal(command, **env):
    """What the command writes when its standard output is a terminal."""
    theirs, thread, parts = open_terminal()
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    subprocess.run(command, stdout=theirs, stdin=subprocess.DEVNULL, env=dict(kept, **env),
                   timeout=60, check=False)
    os.close(theirs)
    thread.join()
    return b"".join(parts)


def progress(command, source, act):
    """The rows of a batch, and what it writes to a terminal on standard error meanwhile."""
    theirs, thread, parts = open_terminal()
    child = subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    rows = act(child)
    child.wait(60)
    thread.join()
    return rows, b"".join(parts)


def feed_slowly(child):
    """A line that is too long takes more than a second; five others come one after the other."""
    for text, pause in ((b"relu\n", 0.05), (b"x" * 400000, 1.1), (b"\n", 0.3), (b"relu\n", 0.02), (b"relu\n", 0.3),
                        (b"relu\nrelu\n", 0.0)):
        child.stdin.write(text)
        child.stdin.flush()
        time.sleep(pause)
    child.stdin.close()
    return child.stdout.read()


def drain_late(child):
    time.sleep(1.3)
    return child.stdout.read()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    program = os.path.abspath(parser.parse_args().program)
    failures = []

    def expect(holds, what):
        if not holds:
            failures.append(what)

    table = [program, "-i", "8", "-l", "relu"]
    expect(b"\x1b[1m" in on_terminal(table), "a heading is bold on a terminal")
    expect(b"\x1b" not in on_terminal(table, NO_COLOR="1"), "NO_COLOR is heeded")
    piped = subprocess.run(table, capture_output=True, timeout=60, check=False).stdout
    expect(b"\x1b" not in piped, "nothing is bold in a pipe")

    # A pipe has no size: lines, and how many a second. Not in the first second, and not each time.
    batch = [program, "--batch"]
    rows, shown = progress(batch, subprocess.PIPE, feed_slowly)
    expect(rows.count(b"\n") == 7, "all lines are done")
    lines = [int(n) for n in re.findall(rb"\r\x1b\[K(\d+) lines, \d+ a second", shown)]
    expect(lines[:1] == [2] and len(lines) > 1 and lines[-1] == 6, f"progress of a pipe: {shown}")
    expect(shown.endswith(b"\r\x1b[K"), "the line is taken away at the end")
    expect(b"\n" not in shown, "it is one line")

    # A file has one: about how many lines there are, and how long they take. Its rows wait for a
    # reader, so that it takes longer than a second.
    with tempfile.TemporaryFile() as source:
        source.write(b"conv3-64,maxpool,FC-4096\n" * 30000)
        source.seek(0)
        rows, shown = progress(batch, source, drain_late)
    expect(rows.count(b"\n") == 30001, "all lines of the file are done")
    found = re.search(rb"\r\x1b\[K(\d+) lines of about (\d+) \((\d+) %\), \d+ a second, \d+ s left",
                      shown)
    expect(found is not None, f"progress of a file: {shown}")
    if found is not None:
        done, total, percent = map(int, found.groups())
        expect(abs(total - 30000) <= 300 and abs(percent - done / 300) <= 2,
               f"the lines of the file are estimated: {found.groups()}")

    # A file that grows while it is read: beyond its first size there is nothing to estimate.
    with tempfile.NamedTemporaryFile() as source:
        source.write(b"relu\n" * 30000)
        source.flush()

        def grow(child):
            time.sleep(0.3)  # its first rows fill the pipe, and it waits
            with open(source.name, "ab") as file:
                file.write(b"relu\n" * 60000)
            time.sleep(1.0)
            rows = child.stdout.read(1 << 20)
            time.sleep(0.3)
            return rows + child.stdout.read()

        with open(source.name, "rb") as reader:
            rows, shown = progress(batch, reader, grow)
    expect(rows.count(b"\n") == 90001, "all lines of the grown file are done")
    expect(re.search(rb"lines, \d+ a second", shown) is not None, f"progress beyond: {shown}")

    for failure in failures:
        print(failure)
    print(f"{len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
