#!/usr/bin/env python3
"""Runs the console sessions of a file and compares what they print.

A session is a block of lines: "$ command", then exactly what the command prints (standard output
first, then standard error), then "[status N]" when the exit status N is not 0. In Markdown only
fenced blocks marked ```console are sessions; in .console files everything is, lines starting with
"# " between sessions are comments. A line "..." in the expected output stands for any lines.
A here-document ("$ cnncalc - <<'.'") goes on in lines that begin with "> ", as a shell shows it.
Commands run in the project's root with the program's folder first in PATH.

    run_session.py --program build/cnncalc README.md         compare
    run_session.py --program build/cnncalc --update FILE     rewrite what the commands print
"""
import argparse
import os
import re
import subprocess
import sys


def blocks(path, lines):
    """(first, last) line ranges that hold sessions."""
    if not path.endswith(".md"):
        return [(0, len(lines))]
    found, start = [], None
    for i, line in enumerate(lines):
        if start is None and line.strip() == "```console":
            start = i + 1
        elif start is not None and line.strip() == "```":
            found.append((start, i))
            start = None
    return found


def output_of(lines, command, end):
    """Where a command's output begins, after the lines of its here-document."""
    begin = command + 1
    while "<<" in lines[command] and begin < end and lines[begin].startswith(">"):
        begin += 1
    return begin


def command_of(lines, command, begin):
    """What the shell is to run: the command with its here-document."""
    return "\n".join(line[2:] for line in lines[command:begin])


def sessions(lines, first, last):
    """(command line, first output line, end) for each command in the range."""
    at, found = first, []
    while at < last:
        if not lines[at].startswith("$ "):
            at += 1
            continue
        command = at
        end = at + 1
        while end < last and not lines[end].startswith("$ "):
            end += 1
        # comments and blank lines before the next command belong to neither
        stop = end
        while stop > command + 1 and (lines[stop - 1] == "" or lines[stop - 1].startswith("# ")):
            stop -= 1
        begin = output_of(lines, command, end)
        found.append((command, begin, max(begin, stop)))
        at = end
    return found


def printed_lines(out, err, status):
    """What a session shows of a command's output and exit status."""
    printed = (out + err).decode("utf-8", "backslashreplace").split("\n")
    while printed and printed[-1] == "":
        printed.pop()
    if status != 0:
        printed.append(f"[status {status}]")
    return printed


def run(command, env):
    done = subprocess.run(["bash", "-c", command], env=env, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=300, check=False)
    return printed_lines(done.stdout, done.stderr, done.returncode)


def matches(expected, printed):
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n"
                      for line in expected)
    return re.fullmatch(pattern, "".join(line + "\n" for line in printed)) is not None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("file")
    options = parser.parse_args()
    folder = os.path.dirname(os.path.abspath(options.program))
    env = dict(os.environ, PATH=folder + os.pathsep + os.environ["PATH"], LC_ALL="C")
    with open(options.file, encoding="utf-8") as source:
        lines = source.read().split("\n")
    failed = count = 0
    for first, last in reversed(blocks(options.file, lines)):
        for command, begin, end in reversed(sessions(lines, first, last)):
            expected, printed = lines[begin:end], run(command_of(lines, command, begin), env)
            count += 1
            if matches(expected, printed):
                continue
            if options.update:
                lines[begin:end] = printed
                continue
            failed += 1
            print(f"{options.file}:{command + 1}: {lines[command]}")
            print("  expected:", *expected, sep="\n    ")
            print("  printed:", *printed, sep="\n    ")
    if options.update:
        with open(options.file, "w", encoding="utf-8") as target:
            target.write("\n".join(lines))
    print(f"{count - failed} passed, {failed} failed")
    return 1 if failed > 0 else 0


if __name__ == "__main__":
    sys.exit(main())
