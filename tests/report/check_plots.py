#!/usr/bin/env python3
"""Checks -f bars and -f plot against the numbers of -f tsv.

    check_plots.py --program build/cnncalc --examples examples [--golden docs/googlenet.svg]

Every bar is as long as its number, rounded to nearest, when the largest number takes all the room
there is, and one mark at least unless the number is 0. A plot is well-formed, 800 pixels wide, has a
marked and titled bar for each row, no bar on another, and everything inside. Standard library only.
"""
import argparse
import os
import re
import sys
import xml.etree.ElementTree as ET
from fractions import Fraction

from check_pictures import SVG, run

COLUMNS = ["params", "macs", "activations", "rf", "jump", "params%"]
HIGH = 140


def numbers(program, arguments, columns):
    """The numbers of each column; of a pair the first, in sixteenths as they are drawn."""
    table = run(program, ["-f", "tsv", "-c", ",".join(columns), *arguments])
    rows = [line.split("\t") for line in table.split("\n")[1:-2]]
    values = []
    for i, column in enumerate(columns):
        its = [Fraction(row[i].split("x")[0] or 0) for row in rows]
        pair = column in ("rf", "jump", "params%")
        values.append([value * 16 // 1 if pair else value for value in its])
    return values


def length(value, most, room):
    return max(1, (2 * value * room + most) // (2 * most)) if value else 0


def check_bars(program, arguments, column, values):
    lines = run(program, ["-f", "bars", "-c", column, *arguments]).split("\n")
    begin = next(i for i, line in enumerate(lines) if " layer " in line) + 1
    rows = lines[begin:begin + len(values)]
    marks = [len(re.search("#*$", row)[0]) for row in rows]
    room = max(marks)
    wanted = [length(value, max(values), room) for value in values]
    if marks != wanted:
        return [f"{arguments} {column}: {marks}, not {wanted}"]
    longest = max(map(len, lines))
    return [] if longest <= 80 else [f"{arguments} {column}: {longest} wide"]


def check_plot(program, arguments, columns, values):
    root = ET.fromstring(run(program, ["-f", "plot", "-c", ",".join(columns), *arguments]))
    width, height = (float(n) for n in root.get("viewBox").split()[2:])
    bars = [group for group in root.iter(SVG + "g")]
    failures = [] if width == 800 else [f"{arguments}: {width} pixels wide"]
    if [group[0].tag for group in bars] != [SVG + "title"] * sum(map(len, values)):
        return failures + [f"{arguments}: {len(bars)} bars, or one without a title"]
    for column, its in zip(columns, values):
        here, bars = bars[:len(its)], bars[len(its):]
        heights = [int(group.find(SVG + "rect").get("height")) for group in here]
        wanted = [length(value, max(its), HIGH) for value in its]
        if heights != wanted:
            failures.append(f"{arguments} {column}: {heights}, not {wanted}")
        first = int(here[0].get("data-row"))
        if [int(group.get("data-row")) for group in here] != list(range(first, first + len(here))):
            failures.append(f"{arguments} {column}: rows are marked wrong")
        right = 0.0
        for group in here:
            rect = group.find(SVG + "rect")
            x, y = float(rect.get("x")), float(rect.get("y"))
            if x < right - 0.11 or x + float(rect.get("width")) > width or y < 0 or y > height:
                failures.append(f"{arguments} {column}: a bar at {x} {y}")
            right = x + float(rect.get("width"))
    return failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--examples", required=True)
    parser.add_argument("--golden", help="a plot of googlenet that is what the program draws")
    options = parser.parse_args()
    lists = [[os.path.join(options.examples, name), *every]
             for name in ("vgg16.cnn", "googlenet.cnn", "lenet5.cnn", "densenet121.cnn")
             for every in ([], ["-a"])]
    lists += [["-i", "8", "-l", "relu"], ["-i", "1x1x1", "-l", "conv1-1 b0"],
              ["-i", "1x1x1", "-l", "conv1-3000000000000000000 b0, gap"],
              ["-i", "8", "-l", "45*conv3-3"]]
    failures = []
    for arguments in lists:
        for column in COLUMNS:
            values = numbers(options.program, arguments, [column])[0]
            if max(values) > 0:
                failures += check_bars(options.program, arguments, column, values)
        values = numbers(options.program, arguments, COLUMNS)
        drawn = [i for i, its in enumerate(values) if max(its) > 0]
        failures += check_plot(options.program, arguments, [COLUMNS[i] for i in drawn],
                               [values[i] for i in drawn])
    if options.golden:
        with open(options.golden, encoding="utf-8") as golden:
            if golden.read() != run(options.program, ["-f", "plot", "googlenet", "-c", "macs,rf"]):
                failures.append(f"{options.golden} differs: "
                                f"cnncalc -f plot googlenet -c macs,rf > {options.golden}")
    for failure in failures[:20]:
        print(failure)
    print(f"{len(lists)} networks, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
