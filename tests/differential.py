#!/usr/bin/env python3
"""Compares the library with naive/naive.py over random lists.

    differential.py --driver build/tests/driver [--seed N] [--count N]

The lists come from naive/random_lists.py: two thirds whole ones, a third with a character or two
damaged, which tests what is refused. The same seed gives the same lists. Prints each difference;
the exit status is 1 when there is one.
"""
import argparse
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "naive"))

import naive  # noqa: E402
import random_lists  # noqa: E402


def expected(line):
    dims, _, spec = line.partition("\t")
    try:
        totals = naive.calculate(spec, dims)["totals"]
    except naive.Refused:
        return "error\t-\t-"
    output = "x".join(map(str, totals["output"]))
    return f"{output}\t{totals['params']}\t{totals['macs']}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--driver", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20000)
    options = parser.parse_args()

    maker = random_lists.Maker(random.Random(options.seed))
    lines = [maker.line(mutate=i % 3 == 2) for i in range(options.count)]
    done = subprocess.run([options.driver], input="\n".join(lines) + "\n", capture_output=True,
                          text=True, check=True, timeout=300)
    answers = done.stdout.split("\n")[:-1]
    if len(answers) != len(lines):
        print(f"{len(lines)} lists, but {len(answers)} answers")
        return 1
    differences = refused = 0
    for line, answer in zip(lines, answers):
        wanted = expected(line)
        refused += wanted.startswith("error")
        if answer != wanted:
            differences += 1
            print(f"{line}\n  naive:   {wanted}\n  library: {answer}")
    print(f"{len(lines)} lists, {refused} of them refused, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
