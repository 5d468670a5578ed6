#!/usr/bin/env python3
"""Compares the library with naive/naive.py over random lists.

    naive/differential.py --driver build/tests/driver [--program build/cnncalc] [--seed N] [--count N]

The lists come from naive/random_lists.py: two thirds whole ones, a third with a character or two
damaged, which tests what is refused. The same seed gives the same lists. With a program its batch
answers the same lists, too: it goes another way through the library. Prints each difference; the
exit status is 1 when there is one.
"""
import argparse
import os
import random
import subprocess
import sys


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


def driver_answers(driver, lines):
    done = subprocess.run([driver], input="\n".join(lines) + "\n", capture_output=True, text=True,
                          check=True, timeout=300)
    return done.stdout.split("\n")[:-1]


def batch_line(line):
    """The list with its input in front. There one comma may stand before the first layer, where alone
    it is an error: so it gets two."""
    dims, layers = line.split("\t", 1)
    return f"input {dims};{',' if layers.lstrip().startswith(',') else ''}{layers}\n"


def batch_answers(program, lines):
    """The rows of one batch."""
    batch = "".join(batch_line(line) for line in lines)
    done = subprocess.run([program, "--batch", "--columns", "output,params,macs"], input=batch,
                          capture_output=True, text=True, check=False, timeout=300)
    rows = done.stdout.split("\n")[1:-1]
    return ["error\t-\t-" if row == "\t\t" else row for row in rows]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--driver", required=True)
    parser.add_argument("--program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20000)
    options = parser.parse_args()

    maker = random_lists.Maker(random.Random(options.seed))
    lines = [maker.line(mutate=i % 3 == 2) for i in range(options.count)]
    wanted = [expected(line) for line in lines]
    refused = sum(answer.startswith("error") for answer in wanted)
    answers = {"library": driver_answers(options.driver, lines)}
    if options.program:
        answers["batch"] = batch_answers(options.program, lines)
    differences = 0
    for name, given in answers.items():
        if len(given) != len(lines):
            print(f"{len(lines)} lists, but {len(given)} answers of the {name}")
            return 1
        for line, right, answer in zip(lines, wanted, given):
            if answer != right:
                differences += 1
                print(f"{line}\n  naive: {right}\n  {name}: {answer}")
    print(f"{len(lines)} lists, {refused} of them refused, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
