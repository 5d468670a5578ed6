#!/usr/bin/env python3
"""The manual pages: what mandoc's linter says of them, and whether they name all that the program's
own lists name (options, columns, formats, networks, layers, topics).

    check_pages.py --program build/cnncalc --pages build/manual
"""
import argparse
import os
import re
import shutil
import subprocess
import sys

PAGES = ["cnncalc.1", "cnncalc.5", "libcnncalc.3"]
SKIPPED = 77


def printed(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def words_of_help(text):
    """The first word of every line that is indented by two blanks."""
    return re.findall(r"^  ([\w-]\S*)", text, re.MULTILINE)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--pages", required=True)
    options = parser.parse_args()
    if shutil.which("mandoc") is None:
        print("skipped: mandoc, which reads manual pages, is not installed")
        return SKIPPED
    failures, pages = [], {}
    for page in PAGES:
        # in their folder, where it finds the pages that each refers to
        lint = subprocess.run(["mandoc", "-Tlint", page], cwd=options.pages, capture_output=True,
                              text=True, check=False)
        failures += (lint.stdout + lint.stderr).splitlines()
        path = os.path.join(options.pages, page)
        pages[page] = re.sub(r".\x08", "", printed("mandoc", "-Tutf8", "-Owidth=200", path))
    program = options.program
    header = os.path.join(os.path.dirname(__file__), "..", "..", "include", "cnncalc", "cnncalc.h")
    with open(header, encoding="utf-8") as source:
        functions = re.findall(r"\b(cnn_\w+)\(", source.read())
    wanted = [
        ("cnncalc.1", re.findall(r"--[\w-]+", printed(program, "--help"))),
        ("cnncalc.1", words_of_help(printed(program, "--columns", "help"))[:-3]),
        ("cnncalc.1", words_of_help(printed(program, "--format", "help"))[:13]),
        ("cnncalc.1", re.findall(r"^(\S+)", printed(program, "--list"), re.MULTILINE)),
        ("cnncalc.1", re.findall(r"^  (.*)", printed(program, "--help", "examples"), re.MULTILINE)),
        ("cnncalc.5", re.findall(r"`(\w+)", printed(program, "--help", "layers", "-f", "markdown"))),
        ("libcnncalc.3", functions),
    ]
    count = 0
    for page, names in wanted:
        if len(names) < 8:
            failures.append(f"{page}: only {names} to look for")
        for name in names:
            count += 1
            if name not in pages[page]:
                failures.append(f"{page} lacks {name}")
    for failure in failures:
        print(failure)
    print(f"{count} names looked for in {len(PAGES)} pages, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
