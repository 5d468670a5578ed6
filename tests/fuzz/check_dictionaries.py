#!/usr/bin/env python3
"""Whether the fuzzers' dictionaries have every word of the program.

    check_dictionaries.py --program build/cnncalc FOLDER

Kinds of layers, options, quantities and formats, as the program's own help names them: a fuzzer
hardly ever finds a word by chance, and a kind that was added later was never fuzzed.
"""
import argparse
import os
import re
import subprocess
import sys


def text_of(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, check=True, text=True).stdout


def words_of(program):
    """For each dictionary the words that it needs."""
    layers = text_of(program, "--help", "layers")
    kinds = re.findall(r"^  (\w+) .*\n +write ", layers, re.M)
    aliases = [word for line in re.findall(r"also: (\w+(?:, \w+)*)", layers) for word in line.split(", ")]
    options = re.findall(r"--([a-z]+)", text_of(program, "--help"))
    columns = re.findall(r"^  ([a-z_]+) ", text_of(program, "--columns", "help"), re.M)
    formats = re.findall(r"^  ([a-z]+) .*", text_of(program, "--format", "help").split("\n\n")[0], re.M)
    numbers = [c for c in columns if c not in ("index", "path", "kind", "window", "span", "aux", "share", "layer")]
    return {
        "language": kinds + aliases,
        "options": ["--" + o for o in options] + formats,
        "answer": numbers,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("folder")
    args = parser.parse_args()
    missing = checked = 0
    for name, words in words_of(args.program).items():
        with open(os.path.join(args.folder, name + ".dict"), encoding="utf-8") as file:
            entries = re.findall(r'^"(.*)"$', file.read(), re.M)
        starts = {re.match(r"[-\w]*=?\w*", e.lower().lstrip()).group(0).rstrip("=") for e in entries}
        for word in words:
            checked += 1
            if word.lower() not in starts:
                missing += 1
                print(f"{name}.dict has no \"{word}\"")
    print(f"{checked} words, {missing} missing")
    if checked < 100:
        print("these are too few: has the help changed?")
    return missing > 0 or checked < 100


if __name__ == "__main__":
    sys.exit(main())
