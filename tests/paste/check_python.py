#!/usr/bin/env python3
"""Runs the lines of python.txt in Python, and in the program as the code before a layer: the layer has 7 outputs when
the value and its type are Python's, 5 when they are not.
"""
import argparse, json, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
IMPORTS = "import math, functools\nfrom functools import partial\n"


def lines(path):
    for line in open(path, encoding="utf-8").read().split("\n"):
        if line and not line.startswith("#"):
            parts = line.replace("\\n", "\n").replace("len(r'a\n')", "len(r'a\\n')").rsplit(" ;; ", 1)
            yield line, parts[0] + "\n" if len(parts) == 2 else "", parts[-1]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--program", required=True)
    program = args.parse_args().program
    wrong = total = 0
    for line, statements, expression in lines(os.path.join(HERE, "python.txt")):
        scope = {}
        exec(IMPORTS + statements, scope)
        value = eval(expression, scope)
        values = value if isinstance(value, tuple) else (value,)
        code = f"{IMPORTS}{statements}value = {expression}\nvalues = value if isinstance(value, tuple) else (value,)\n"
        code += f"right = len(values) == {len(values)}\n"
        for i, one in enumerate(values):
            kind = "" if one is None else f" and isinstance(values[{i}], {type(one).__name__})"
            code += f"right = right and values[{i}] == {one!r}{kind}\n"
        code += "model = nn.Sequential(nn.Linear(3, 7 if right else 5))\n"
        run = subprocess.run([program, "-", "-i", "3", "-f", "json"], input=code, capture_output=True, text=True)
        total += 1
        output = json.loads(run.stdout)["totals"]["output"] if run.returncode == 0 else run.stderr
        if output != [7]:
            wrong += 1
            print(f"{line}: {output}, Python has {value!r}")
    print(f"{total - wrong} of {total} lines")
    return wrong > 0


sys.exit(main())
