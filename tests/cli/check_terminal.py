#!/usr/bin/env python3
"""What the program does on a terminal: bold and coloured, tables that fit, progress of long work.

    check_terminal.py --program build/cnncalc

Where no pseudo-terminal can be made it says so, and ends with status 77.
"""
import argparse
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

NAMES = ("NO_COLOR", "COLUMNS", "TERM")  # what a test sets itself


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


def on_terminal(command, width=0, both=False, **env):
    """What the command writes when its standard output is a terminal, or both outputs are."""
    theirs, thread, parts = open_terminal()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    subprocess.run(command, stdout=theirs, stderr=theirs if both else subprocess.DEVNULL,
                   stdin=subprocess.DEVNULL, env=dict(kept, **env), timeout=60, check=False)
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


def text_of(shown):
    """Lines without attributes."""
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n").split("\n")


def check_styles(program, expect):
    table = [program, "-i", "8", "-l", "relu"]
    expect(b"\x1b[1m" in on_terminal(table), "a heading is bold on a terminal")
    expect(b"\x1b" not in on_terminal(table, NO_COLOR="1"), "NO_COLOR is heeded")
    expect(b"\x1b[1m" in on_terminal(table, NO_COLOR=""), "an empty NO_COLOR is none")
    expect(b"\x1b" not in on_terminal(table, TERM="dumb"), "a dumb terminal gets plain text")
    expect(b"\x1b" not in on_terminal([*table, "--color", "never"]), "--color never")
    expect(b"\x1b[1m" in on_terminal([*table, "--color", "always"], NO_COLOR="1", TERM="dumb"),
           "--color always")
    piped = subprocess.run(table, capture_output=True, timeout=60, check=False).stdout
    expect(b"\x1b" not in piped, "nothing is bold in a pipe")
    forced = subprocess.run([*table, "--color", "always"], capture_output=True, timeout=60,
                            check=False).stdout
    expect(re.sub(rb"\x1b\[[0-9;]*m", b"", forced) == piped, "colour changes nothing else")
    bars = [program, "-i", "8", "-l", "conv3-8", "-c", "layer,share"]
    expect(b"\x1b[36m" + b"#" * 20 + b"\x1b[0m" in on_terminal(bars), "bars have a colour")
    wrong = on_terminal([program, "-l", "nosuch"], both=True)
    expect(wrong.startswith(b"\x1b[1;31mcnncalc:\x1b[0m "), f"errors have a colour: {wrong}")
    usage = on_terminal([program, "--nosuch"], both=True)
    expect(usage.startswith(b"\x1b[1;31mcnncalc:\x1b[0m "), f"and those of options: {usage}")
    unread = [program, "-i", "7", "-l", "maxpool"]
    expect(b"\x1b[1;33mremark:\x1b[0m " in on_terminal(unread, both=True), "remarks have a colour")
    quiet = on_terminal([*unread, "--quiet"], both=True)
    expect(b"remark" not in quiet and b"maxpool" in quiet, "--quiet leaves remarks out")


def check_widths(program, expect):
    """Every line fits as long as outputs and parameters do; what is shown is what a pipe gets."""
    for arguments in (["googlenet"], ["vgg16", "-c", "+share,rf,jump,start,macs%"],
                      ["vgg16", "googlenet", "-c", "+macs/first,peak_memory"],
                      ["resnet50", "-a"], ["docs/paste/net.py", "-i", "32"],
                      ["tests/data/models/digits.onnx", "-a"]):
        whole = subprocess.run([program, *arguments], capture_output=True, timeout=60,
                               check=False).stdout.decode().split("\n")
        numbers = set(re.findall(r"[0-9][0-9,.x]*", "\n".join(whole)))
        for width in (42, 50, 60, 72, 80, 100, 132, 400):
            lines = text_of(on_terminal([program, *arguments], width))
            longest = max(map(len, lines))
            expect(longest <= width, f"{arguments} takes {longest} of {width} columns")
            head = next(line for line in lines if "output" in line)
            expect("params" in head, f"{arguments} shows parameters at {width}")
            body = [line for line in lines if "..." not in line]
            found = set(re.findall(r"[0-9][0-9,.x]*", "\n".join(body)))
            expect(found <= numbers, f"{arguments} at {width} shows {found - numbers}")
        expect(text_of(on_terminal([program, *arguments], 400)) == whole, f"{arguments} has room")
        narrow = text_of(on_terminal([program, *arguments], 400, COLUMNS="60"))
        expect(max(map(len, narrow)) <= 60, "COLUMNS is heeded")
        expect(any(line.startswith("not shown: ") for line in narrow), "what gave way is named")
        expect(text_of(on_terminal([program, *arguments], 0)) == whole, "an unknown width is any")
    named = [program, "-i", "8", "-l", "the_beginning_of_a_long_label_and_its_end: relu"]
    lines = text_of(on_terminal(named, 48))
    expect(any(re.search(r" the_be\S*\.\.\.\S*", line) and "relu" in line for line in lines),
           f"a name is shortened in its middle: {lines}")


def check_work(program, expect):
    """A list that comes late: the program says what it waits for, and takes it back."""
    def feed(child):
        time.sleep(1.4)
        return child.communicate(b"relu")[0]
    for options, work in (([], b"reading"), (["--check", "params=0"], b"checking"),
                          (["--explain"], b"explaining"), (["--like", "keras"], b"comparing")):
        for quiet in ([], ["-q"]):
            rows, shown = progress([program, "-", *options, *quiet], subprocess.PIPE, feed)
            wanted = b"" if quiet else b"\r\x1b[K" + work + b", 1 s\r\x1b[K"
            expect(shown == wanted and rows, f"{options} {quiet}: {shown}")


def check_part(program, expect):
    """A search with a known number of combinations says how far it is."""
    layers = "conv?-? p?, " + "conv3-8, relu, " * 300 + "gap, FC-?"
    rows, shown = progress([program, "-i", "16", "-l", layers, "--want", "params=123456789"], subprocess.PIPE,
                           lambda child: child.communicate()[0])
    parts = [int(part) for part in re.findall(rb"solving, \d+ s, (\d+) %", shown)]
    quick = not re.search(rb"solving", shown)  # it took no second
    expect(quick or (parts and parts == sorted(parts) and parts[-1] <= 100), f"how far the search is: {shown}")


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

    try:
        for end in pty.openpty():
            os.close(end)
    except OSError as reason:
        print(f"skipped: there is no pseudo-terminal here: {reason}")
        return 77
    check_styles(program, expect)
    check_widths(program, expect)
    check_work(program, expect)
    check_part(program, expect)

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
