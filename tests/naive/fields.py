#!/usr/bin/env python3
"""Compares receptive fields with positions traced one by one, over random networks.

    naive/fields.py --program build/cnncalc [--seed N] [--count N]

A network is made here, with joins, different strides, one-sided padding and layers that enlarge maps.
For each position of each layer its definition says which positions of its input it uses; followed back
to the network's input these give the first and the last row, or column, that it sees.  Padding counts,
as it does for a convolution alone: a position outside of a map uses what the definition says, but what
is interpolated never reaches beyond a border.  Compared are the field, that of the position that sees
most, and the start, the middle of what the first position sees.  Prints each difference; the exit
status is 1 when there is one.
"""
import argparse
import random
import subprocess
import sys
from fractions import Fraction


class Layer:
    """A layer, or a join of several; `taps(axis, at)` are the pairs (source, position) it uses."""

    def __init__(self, text, sources, sides, taps):
        self.text, self.sources, self.sides, self.taps = text, sources, sides, taps
        self.memo = ({}, {})

    def sees(self, axis, at):
        """(first, last) of the input's rows, or None."""
        memo = self.memo[axis]
        if at not in memo:
            rows = [r for r in (s.sees(axis, p) for s, p in self.taps(axis, at)) if r]
            memo[at] = (min(r[0] for r in rows), max(r[1] for r in rows)) if rows else None
        return memo[at]


def make_input(sides):
    layer = Layer("input", [], sides, None)
    layer.sees = lambda axis, at: (at, at)
    return layer


class Maker:
    def __init__(self, rng):
        self.rng = rng

    def size(self, low, high):
        return [self.rng.randint(low, high) for _ in range(2)]

    # --- one layer after x: its text, sides and taps, or None where it does not fit ---

    def window(self, x):
        k, s, d = self.size(1, 5), self.size(1, 3), self.size(1, 3)
        sides, low, words = [], [], ""
        name = self.rng.choice(("conv%dx%d-4", "maxpool%dx%d", "avgpool%dx%d")) % tuple(k)
        if name.startswith("avg"):
            d = [1, 1]
        e = [d[i] * (k[i] - 1) + 1 for i in range(2)]
        if self.rng.random() < 0.4:     # "same": an odd row of an even kernel goes to the end
            words = " same"
            for i in range(2):
                out = -(-x.sides[i] // s[i])
                every = e[i] - 1 if e[i] % 2 else max((out - 1) * s[i] + e[i] - x.sides[i], 0)
                sides.append(out)
                low.append(every // 2)
        else:
            p = [self.rng.randint(0, n // 2) for n in k]
            words = " p%dx%d" % tuple(p)
            for i in range(2):
                out = (x.sides[i] + 2 * p[i] - e[i]) // s[i] + 1
                sides.append(out)
                low.append(p[i])
        text = name + " s%dx%d" % tuple(s) + words + (" d%dx%d" % tuple(d) if d != [1, 1] else "")
        return text, sides, lambda i, at: [at * s[i] - low[i] + t * d[i] for t in range(k[i])]

    def deconv(self, x):
        k, s, d = self.size(1, 4), self.size(1, 3), self.size(1, 2)
        e = [d[i] * (k[i] - 1) + 1 for i in range(2)]
        if self.rng.random() < 0.5:     # the kernel beyond the stride is cut, an odd row at the end
            low = [max(e[i] - s[i], 0) // 2 for i in range(2)]
            sides = [x.sides[i] * s[i] for i in range(2)]
            text = "deconv%dx%d-4 s%dx%d d%dx%d" % (*k, *s, *d)
        else:
            low = [self.rng.randint(0, n - 1) for n in k]
            sides = [(x.sides[i] - 1) * s[i] + e[i] - 2 * low[i] for i in range(2)]
            text = "deconv%dx%d-4 s%dx%d p%dx%d d%dx%d" % (*k, *s, *low, *d)
        return text, sides, lambda i, at: [(at + low[i] - t * d[i]) // s[i] for t in range(k[i])
                                           if (at + low[i] - t * d[i]) % s[i] == 0]

    def upsample(self, x):
        f = self.size(1, 3)
        return ("upsample%dx%d" % tuple(f), [x.sides[i] * f[i] for i in range(2)],
                lambda i, at: [at // f[i]])

    def resize(self, x, to=None):
        n = to or self.size(1, 20)

        def taps(i, at):
            """PyTorch's interpolate, mode bilinear, align_corners false."""
            place = Fraction(2 * at + 1, 2) * Fraction(x.sides[i], n[i]) - Fraction(1, 2)
            whole = place.numerator // place.denominator
            used = [whole] if place == whole else [whole, whole + 1]
            if 0 <= at < n[i]:
                used = [min(max(p, 0), x.sides[i] - 1) for p in used]
            return used
        return "resize%dx%d" % tuple(n), n, taps

    def adaptive(self, x, to=None):
        n = to or self.size(1, 8)

        def taps(i, at):
            if n[i] == 1:
                return list(range(x.sides[i]))
            return list(range(at * x.sides[i] // n[i], -(-(at + 1) * x.sides[i] // n[i])))
        return self.rng.choice(("aap", "amp")) + "%dx%d" % tuple(n), n, taps

    def gap(self, x):
        return self.rng.choice(("gap", "gmp")), [1, 1], lambda i, at: list(range(x.sides[i]))

    def pad(self, x):
        p = self.size(0, 2)
        return ("pad%dx%d" % tuple(p), [x.sides[i] + 2 * p[i] for i in range(2)],
                lambda i, at: [at - p[i]])

    def crop(self, x, to=None):
        n = to or [self.rng.randint(1, side) for side in x.sides]
        if any(n[i] > x.sides[i] for i in range(2)):
            return None
        return "crop%dx%d" % tuple(n), n, lambda i, at: [at + (x.sides[i] - n[i]) // 2]

    def plain(self, x):
        return self.rng.choice(("relu", "bn", "id", "conv1-4", "tanh")), x.sides, lambda i, at: [at]

    def layer(self, x):
        while True:
            make = self.rng.choices((self.window, self.deconv, self.upsample, self.resize, self.adaptive,
                                     self.gap, self.pad, self.crop, self.plain),
                                    (40, 12, 8, 8, 6, 2, 4, 4, 16))[0]
            made = make(x)
            if made and all(1 <= side <= 60 for side in made[1]):
                return self.after(x, made)

    @staticmethod
    def after(x, made):
        text, sides, taps = made
        return Layer(text, [x], list(sides), lambda i, at: [(x, p) for p in taps(i, at)])

    # --- lists and joins: their text, and their layers in the order of the program's rows ---

    def series(self, x, depth, most):
        texts, layers = [], []
        for _ in range(self.rng.randint(1, most)):
            if depth and self.rng.random() < 0.4:
                text, new = self.join(x, depth - 1)
            else:
                new = [self.layer(x)]
                text = new[0].text
            texts.append(text)
            layers += new
            x = new[-1]
        return ", ".join(texts), layers

    def fit(self, end, sides, kind):
        """What a branch needs at its end, to have four channels and the sides of the others."""
        made = []
        if kind == "mul" and self.rng.random() < 0.4:
            made.append(self.after(end, self.gap(end)))
        elif end.sides != sides:
            choice = [m for m in (self.resize, self.adaptive, self.crop) if m(end, sides)]
            made.append(self.after(end, self.rng.choice(choice)(end, sides)))
        end = made[-1] if made else end
        return made + [self.after(end, ("conv1-4", end.sides, lambda i, at: [at]))]

    def join(self, x, depth):
        kind = self.rng.choice(("add", "cat", "cat", "mul"))
        branches = []
        for _ in range(self.rng.randint(2, 3)):
            branches.append(("", []) if self.rng.random() < 0.25 else self.series(x, depth, 3))
        ends = [layers[-1] if layers else x for _, layers in branches]
        sides = self.rng.choice(ends).sides
        texts, all_layers = [], []
        for i, (text, layers) in enumerate(branches):
            more = self.fit(ends[i], sides, kind)
            ends[i] = more[-1]
            texts.append(", ".join([text] * bool(text) + [layer.text for layer in more]))
            all_layers += layers + more
        whole = [max(e.sides[i] for e in ends) for i in range(2)]

        def taps(i, at):
            return [(e, 0 if e.sides[i] == 1 < whole[i] else at) for e in ends]
        return "%s(%s)" % (kind, " | ".join(texts)), all_layers + [Layer(kind, ends, whole, taps)]


def expected(layer):
    """The text of rf and of start."""
    sizes, starts = [], []
    for axis in range(2):
        seen = [r for r in (layer.sees(axis, at) for at in range(layer.sides[axis])) if r]
        sizes.append(max((last - first + 1 for first, last in seen), default=0))
        starts.append(Fraction(seen[0][0] + seen[0][1] + 1, 2) if seen else None)
    return sizes, starts


def answers(program, sides, text):
    """The program's rows: [rf, start] of each layer."""
    done = subprocess.run([program, "--input", "4x%dx%d" % tuple(sides), "--layers", text, "--all",
                           "--format", "tsv", "--columns", "rf,start"],
                          capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0:
        return done.stderr
    return [[numbers(cell) for cell in row.split("\t")] for row in done.stdout.split("\n")[1:-2]]


def numbers(cell):
    """Both axes; they may be written once when they are equal."""
    parts = [Fraction(part) for part in cell.split("x")]
    return parts * (3 - len(parts))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000, help="networks")
    options = parser.parse_args()
    maker = Maker(random.Random(options.seed))
    compared = differences = 0
    for _ in range(options.count):
        sides = maker.size(1, 24)
        text, layers = maker.series(make_input(sides), 2, 5)
        rows = answers(options.program, sides, text)
        if isinstance(rows, str) or len(rows) != len(layers):
            differences += 1
            print(f"{sides} {text}\n  {rows if isinstance(rows, str) else len(rows)}")
            continue
        for layer, row in zip(layers, rows):
            size, start = expected(layer)
            wrong = [i for i in range(2)
                     if row[0][i] != size[i] or (start[i] is not None and row[1][i] != start[i])]
            compared += 2
            if wrong:
                differences += len(wrong)
                print(f"{sides} {text}\n  {layer.text} {layer.sides}: traced {size} from {start}, "
                      f"not {row[0]} from {row[1]}")
                break
    print(f"{options.count} networks, {compared} axis values, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
