#!/usr/bin/env python3
"""Checks -f svg and -f dot: well-formed, everything in the picture, no text on another, all edges.

    check_pictures.py --program build/cnncalc --examples examples [--golden docs/vgg16.svg]

SVG: XML as Python's parser reads it; every box, path and text lies inside the viewBox; texts do not
overlap when every letter takes 6.4 pixels (what a usual sans-serif font needs at this size); as many
boxes as the table has rows. dot: every source of the JSON report is an edge; Graphviz, where it is
installed, accepts it. Standard library only.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

LETTER = 6.4
SVG = "{http://www.w3.org/2000/svg}"
LISTS = [  # input, layers
    ("3x224x224", "conv3-64"),
    ("1x7x300", "conv3x5-8/2, cat(conv1-8 | conv5-8, relu | a: id), add(id | conv1-24), maxpool3/2 ceil"),
    ("8x8x8", "(relu), 2*(conv3×3-8, bn, relu), a_rather_long_label: conv3-8"),
    ("4x8x8", "conv3-4,bn,shuffle2,add(id | id)"),
    ("vector784", "FC-128,relu,FC-10"),
    ("1x1x1", "relu"),
    ("3x999999x1", "conv1-1000000,gap"),
    ("8x8x8", "a: conv3-8," + "conv3-8," * 40 + "cat(@a | id),cat(@a | @a | id)"),
    ("8x8x8", "a:relu,b:relu,c:relu,d:relu,e:relu," + "relu," * 30 + "cat(@a|@b|@c|@d|@e|id)"),
]


def run(program, arguments):
    done = subprocess.run([program, *arguments], capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{arguments}: {done.stderr.decode()}")
    return done.stdout.decode()


def path_points(data):
    """Every corner of a path of M, L, H, V, q (relative), Z."""
    x = y = 0.0
    for command, numbers in re.findall(r"([MLHVqZ])([^MLHVqZ]*)", data):
        values = [float(n) for n in re.findall(r"-?[0-9.]+", numbers)]
        if command == "H":
            x = values[0]
        elif command == "V":
            y = values[0]
        elif command == "q":
            x, y = x + values[2], y + values[3]
        elif command != "Z":
            x, y = values
        yield x, y


def check_svg(text, name, rows):
    failures = []
    root = ET.fromstring(text)
    _, _, width, height = (float(n) for n in root.get("viewBox").split())
    boxes = []
    for element in root.iter(SVG + "text"):
        size = LETTER * len(element.text)
        x, y = float(element.get("x")), float(element.get("y"))
        left = x if element.get("class") in ("legend", "total") else x - size / 2
        boxes.append((left, y - 9, left + size, y + 2, element.text))
    for i, a in enumerate(boxes):
        if a[0] < 0 or a[1] < 0 or a[2] > width or a[3] > height:
            failures.append(f"{name}: text {a} leaves the picture of {width}x{height}")
        for b in boxes[i + 1:i + 60]:
            if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
                failures.append(f"{name}: text {a} lies on {b}")
    for element in root.iter(SVG + "path"):
        if element.get("class") == "tip":
            continue
        for x, y in path_points(element.get("d")):
            if not (0 <= x <= width and 0 <= y <= height):
                failures.append(f"{name}: ({x}, {y}) leaves the picture of {width}x{height}")
    marks = [int(group.get("data-row")) for group in root.iter(SVG + "g")]
    if marks != list(range(rows)):
        failures.append(f"{name}: the boxes {marks} for {rows} rows")
    if any(group[0].tag != SVG + "title" for group in root.iter(SVG + "g")):
        failures.append(f"{name}: a box without a title")
    if width > 800:
        failures.append(f"{name}: {width} pixels wide")
    for rule in re.findall(r"[^{}]+(?=\{[^{}]*\})", root.find(SVG + "style").text):
        for part in rule.split(","):
            if not part.strip().startswith(".cnncalc "):
                failures.append(f"{name}: {part!r} is a rule for more than the picture")
    return failures


def check_dot(program, text, name, report):
    failures = []
    nodes = len(re.findall(r"^  n[0-9]+ \[label=", text, re.M))
    edges = set(re.findall(r"^  n([0-9]+) -> n([0-9]+)", text, re.M))
    if nodes != len(report["layers"]) + 1:
        failures.append(f"{name}: {nodes} nodes for {len(report['layers'])} layers")
    reached = {target for _, target in edges}
    if len(reached) != len(report["layers"]):
        failures.append(f"{name}: {len(reached)} layers have a source")
    if any(int(source) >= int(target) for source, target in edges):
        failures.append(f"{name}: an edge goes back")
    if shutil.which("dot") is not None:
        done = subprocess.run(["dot", "-Tcanon"], input=text.encode(), capture_output=True, check=False)
        if done.returncode != 0 or done.stderr:
            failures.append(f"{name}: dot: {done.stderr.decode()}")
    return failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--examples", required=True)
    parser.add_argument("--golden", help="a picture of vgg-d that is what the program draws")
    options = parser.parse_args()
    lists = [[os.path.join(options.examples, name)]
             for name in sorted(os.listdir(options.examples)) if name.endswith(".cnn")]
    lists += [["--input", sides, "--layers", layers] for sides, layers in LISTS]
    failures = []
    for arguments in lists:
        name = " ".join(arguments)[-60:]
        for every in ([], ["--all"]):
            table = run(options.program, ["-f", "tsv", *every, *arguments])
            svg = run(options.program, ["-f", "svg", *every, *arguments])
            failures += check_svg(svg, name, table.count("\n") - 1)  # no header, no total; the input
        report = json.loads(run(options.program, ["-f", "json", *arguments]))
        failures += check_dot(options.program, run(options.program, ["-f", "dot", *arguments]), name,
                              report)
    if options.golden:
        with open(options.golden, encoding="utf-8") as golden:
            if golden.read() != run(options.program, ["-f", "svg", "vgg-d"]):
                failures.append(f"{options.golden} differs: cnncalc -f svg vgg-d > {options.golden}")
    for failure in failures[:20]:
        print(failure)
    print(f"{len(lists)} networks, {len(failures)} failures"
          + ("" if shutil.which("dot") else "; Graphviz is not installed: its check was left out"))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
