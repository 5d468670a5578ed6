#!/usr/bin/env python3
"""Evaluates every equation that --explain prints and compares both sides.

    eval_working.py --program build/cnncalc [--sizes tests/data/sizes.tsv] [--examples examples]

An evaluator of its own, in exact fractions, that knows nothing of the program but how its lines look:
an expression of numbers, + - * / ( ) floor( ceil( max( , then " = " and a number. For LaTeX the same
with \\frac, \\cdot, \\left\\lfloor and their like. The JSON must have the same lines as the text.
Standard library only.
"""
import argparse
import concurrent.futures
import json
import math
import os
import re
import subprocess
import sys
from fractions import Fraction

CHAINS = [  # input, layers: the kinds and cases that examples and single layers leave out
    ("3x224x224", "conv7-64p0,conv3-64s2p1,maxpool"),
    ("3x224x224", "conv3-64,conv3-64,maxpool,conv3-128,maxpool,FC-4096,FC-1000,soft-max"),
    ("8x30x17", "cat(conv1-8|conv3-8 s1|maxpool3/1 p1),split(id|conv3-8 d3|id),shuffle3,gap,FC-10"),
    ("4x9x9", "deconv3-6 s2,bn,prelu,deconv4-8 s2 p1,aux(gap,FC-3),pixshuf2,chpad-9,gn3,ln,scale"),
    ("2x11x12", "pad1x2,upsample2x3,crop9,resize8,reshape4x8x4,se-2,add(conv3-4|id),flatten,FC-7 b0"),
    ("16x56x57", "maxpool3/2 ceil,avgpool2/3 p1 ceil,conv4-8/2,conv2x5-8/3 d2,aap3,dwconv3,dwconv3-16"),
    ("vector784", "FC-128,relu,FC-10,softmax"),
    ("1x1x1", "maxpool1,relu"),
]


class Reader:
    """Recursive descent over one expression; self.text is consumed from the left."""

    def __init__(self, text):
        self.text = text.strip()

    def take(self, *tokens):
        for token in tokens:
            if self.text.startswith(token):
                self.text = self.text[len(token):].lstrip()
                return token
        return None

    def need(self, token):
        if self.take(token) is None:
            raise ValueError(f"no {token!r} before {self.text!r}")

    def sum(self):
        value = -self.product() if self.take("-") else self.product()
        while (sign := self.take("+", "-")) is not None:
            term = self.product()
            value = value + term if sign == "+" else value - term
        return value

    def product(self):
        value = self.factor()
        while (sign := self.take("*", "/", "\\cdot")) is not None:
            factor = self.factor()
            value = value / factor if sign == "/" else value * factor
        return value

    def bracket(self, end, function):
        values = [self.sum()]
        while self.take(","):
            values.append(self.sum())
        self.need(end)
        return function(*values)

    def factor(self):
        for begin, end, function in (
                ("floor(", ")", lambda x: Fraction(math.floor(x))),
                ("ceil(", ")", lambda x: Fraction(math.ceil(x))),
                ("max(", ")", max), ("\\max(", ")", max), ("(", ")", lambda x: x),
                ("\\left\\lfloor", "\\right\\rfloor", lambda x: Fraction(math.floor(x))),
                ("\\left\\lceil", "\\right\\rceil", lambda x: Fraction(math.ceil(x))),
                ("\\left(", "\\right)", lambda x: x)):
            if self.take(begin):
                return self.bracket(end, function)
        if self.take("\\frac{"):
            top = self.bracket("}", lambda x: x)
            self.need("{")
            return top / self.bracket("}", lambda x: x)
        number = re.match(r"[0-9]+(\.[0-9]+)?", self.text)
        if number is None:
            raise ValueError(f"no number at {self.text!r}")
        self.take(number.group())
        return Fraction(number.group())


def value(text):
    reader = Reader(text)
    result = reader.sum()
    if reader.text:
        raise ValueError(f"left over: {reader.text!r}")
    return result


def result_of(text):
    """102,764,544 or 102{,}764{,}544, 0.5, 1/3."""
    return Fraction(text.replace("{,}", ",").replace(",", ""))


def text_equations(output):
    for line in output.splitlines():
        if " = " in line:
            left, right = line.strip().strip("`").split(" = ")
            yield line.strip(), re.sub(r"^.*`", "", left), right


def latex_equations(output):
    for block in re.findall(r"\\begin\{align\*\}(.*?)\\end\{align\*\}", output, re.S):
        joined = re.sub(r"\\\\\n &(\\quad)?", "", block)  # long sums go on in the next line
        for line in joined.split("\\\\\n"):
            parts = line.split(" = ")
            if len(parts) > 1:
                left = parts[-2].rsplit("&=", 1)[-1].rsplit("=", 1)[-1]
                yield line.strip(), left, parts[-1].strip()


def json_lines(output):
    found = json.loads(output)
    for layer in found["layers"]:
        yield from ((layer["as"], line) for line in layer["lines"] if line["formula"])
    yield from ((None, line) for line in found["totals"])


def json_equations(output):
    for _, line in json_lines(output):
        yield line["sentence"], line["working"], str(line["result"])


def text_sentences(output):
    """Name, formula, numbers and result of each line, joined as the JSON joins them."""
    parts, sums = [], False
    for line in output.splitlines():
        sums = sums or line == "total"
        if " = " in line:
            yield " = ".join([*parts, line.strip()])
        elif line.startswith("    "):  # a name of at most 19 columns and a formula; of a sum, a name
            parts = [line[4:]] if sums else [line[4:23].strip(), line[23:]]


def differ(text, structured):
    """What the text has and the JSON has not, or the other way round. Layers that are like an earlier
    one are worked again in JSON alone."""
    said = set(text_sentences(text))
    all_lines = [(like, line["sentence"]) for like, line in json_lines(structured)]
    return ([s for s in said if s not in {sentence for _, sentence in all_lines}]
            + [s for like, s in all_lines if like is None and s not in said])


def check(job):
    program, arguments, must_succeed = job
    failures, count, text = [], 0, ""
    for form, equations in (("table", text_equations), ("markdown", text_equations),
                            ("latex", latex_equations), ("json", json_equations)):
        done = subprocess.run([program, "--explain", "--format", form, "--columns",
                               "+rf,jump,start,memory,activations,kept,flops,statistics,weights,biases",
                               *arguments],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            if must_succeed:
                failures.append(f"{arguments}: {done.stderr}")
            break
        text = done.stdout if form == "table" else text
        if form == "json":
            failures += [f"{arguments}: only one has: {s}" for s in differ(text, done.stdout)]
        found = 0
        for line, left, right in equations(done.stdout):
            found += 1
            try:
                if value(left) != result_of(right):
                    failures.append(f"{arguments} ({form}): {line}: it is {value(left)}")
            except (ValueError, ZeroDivisionError) as error:
                failures.append(f"{arguments} ({form}): {line}: {error}")
        if found < 2:
            failures.append(f"{arguments} ({form}): only {found} equations")
        count += found
    return count, failures


def jobs(options):
    for name in sorted(os.listdir(options.examples)):
        if name.endswith(".cnn"):
            yield options.program, [os.path.join(options.examples, name)], True
    for sides, layers in CHAINS:
        yield options.program, ["--input", sides, "--layers", layers], True
    if options.sizes:
        with open(options.sizes, encoding="utf-8") as table:
            rows = [line.rstrip("\n").split("\t") for line in table if not line.startswith("#")]
        for sides, layers, output, *_ in rows[1:]:
            if output != "error":
                yield options.program, ["--input", sides, "--layers", layers], True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--examples", required=True)
    parser.add_argument("--sizes")
    options = parser.parse_args()
    count, failures = 0, []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found, failed in pool.map(check, jobs(options)):
            count += found
            failures += failed
    for failure in failures[:20]:
        print(failure)
    print(f"{count} equations, {len(failures)} failures")
    return 1 if failures or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
