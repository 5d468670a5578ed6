#!/usr/bin/env python3
"""Compares activations and peak with a simulation, over random networks.

    naive/liveness.py --program build/cnncalc [--seed N] [--count N]

The simulation runs a network layer by layer and knows nothing but this: a value is an interval of a block
of memory; a view is an interval of its source's block; before a function runs, every later read is looked
through for one of a value that is already there and overlaps its input, and only if there is none the
function writes where its input lies; a block is freed when no later layer reads any value in it.  The
program answers all networks as one batch.  Prints each difference; the exit status is 1 when there is one.
"""
import argparse
import random
import subprocess
import sys

FUNCTIONS = ("relu", "tanh", "gelu", "dropout", "softmax")
SIDE = 4        # all maps keep it, but for flattened ones


class Net:
    """Layers in the order in which they run: (kind, sources, number of values)."""

    def __init__(self):
        self.layers = [("input", [], 4 * SIDE * SIDE, None)]

    def put(self, kind, sources, values, part=None):
        self.layers.append((kind, sources, values, part))
        return len(self.layers) - 1


class Maker:
    """Random lists: each method adds layers after value x of `c` channels and returns text, value, channels."""

    def __init__(self, rng):
        self.rng = rng

    def layer(self, net, x, c):
        what = self.rng.choice(("function", "function", "view", "view", "conv", "norm"))
        volume = c * SIDE * SIDE
        if what == "function":
            return self.rng.choice(FUNCTIONS), net.put("function", [x], volume), c
        if what == "view":
            if self.rng.random() < 0.4:
                return "id", net.put("view", [x], volume), c
            if c > 2 and self.rng.random() < 0.5:
                before, left = self.rng.randint(0, c - 2), 2
                return "chcrop%d+%d" % (before, c - before - left), \
                    net.put("view", [x], left * SIDE * SIDE, before * SIDE * SIDE), left
            y = net.put("view", [x], volume)
            return "flatten, reshape%dx%dx%d" % (c, SIDE, SIDE), net.put("view", [y], volume), c
        if what == "norm":
            return self.rng.choice(("bn", "ln", "LRN", "shuffle1")), net.put("new", [x], volume), c
        n = self.rng.choice((2, 4, 6, 8))
        return "conv3-%d" % n, net.put("new", [x], n * SIDE * SIDE), n

    def join(self, net, x, c, depth, labels):
        kind = self.rng.choice(("add", "cat", "mul", "split", "aux"))
        texts, ends = [], []
        count = 1 if kind == "aux" else self.rng.choice((2, 2, 3))
        if kind == "split" and c % count:
            kind = "cat"
        keep = len(net.layers)
        for i in range(count):
            start, c0, text = x, c, ""
            if kind == "split":
                c0 = c // count
                start = net.put("view", [x], c0 * SIDE * SIDE, i * c0 * SIDE * SIDE)
            elif labels and self.rng.random() < 0.3:
                label = self.rng.choice(sorted(labels))
                start, c0 = labels[label]
                text = "@" + label
            more, y, c1 = self.series(net, start, c0, depth - 1, dict(labels), 3, bool(text))
            if kind in ("add", "mul"):
                y, c1, more = net.put("new", [y], c * SIDE * SIDE), c, more + ", conv1-%d" % c
            texts.append((text + ", " if text and more else text) + more.lstrip(", "))
            ends.append((y, c1))
        if kind == "aux":
            for i in range(keep, len(net.layers)):
                net.layers[i] = ("head",) + net.layers[i][1:]
            net.put("head", [x], 0)
            return "aux(%s)" % texts[0], x, c
        total = c if kind in ("add", "mul") else sum(n for _, n in ends)
        y = net.put("new", [e for e, _ in ends], total * SIDE * SIDE)
        return "%s(%s)" % (kind, " | ".join(texts)), y, total

    def series(self, net, x, c, depth, labels, most, may_be_empty=False):
        texts = []
        for _ in range(self.rng.randint(0 if may_be_empty else 1, most)):
            if depth and self.rng.random() < 0.35:
                text, x, c = self.join(net, x, c, depth, labels)
                named = not text.startswith("aux")
            else:
                text, x, c = self.layer(net, x, c)
                named = ", " not in text
            if depth == 2 and named and self.rng.random() < 0.25:
                label = "z%d" % len(net.layers)
                labels[label] = (x, c)
                text = label + ": " + text
            texts.append(text)
        return ", ".join(texts), x, c


def simulate(net, output):
    """(all values, most at once)"""
    place = {}          # value: (block, begin, end)
    sizes, all_values, most, block_count = {}, 0, 0, 0
    live = set()
    reads = []          # (time, value)
    for time, (kind, sources, _, _) in enumerate(net.layers):
        if kind in ("new", "function"):
            reads += [(time, s) for s in sources]
    reads.append((len(net.layers), output))

    def root(value):
        """The value that a view is of, and where it begins in it."""
        begin = 0
        while net.layers[value][0] == "view":
            _, sources, volume, part = net.layers[value]
            begin += part or 0
            value = sources[0]
        return value, begin

    spans = [root(v) for v in range(len(net.layers))]

    def is_read_later(value, time):
        """Whether what was there before `time` and lies in the same place is read after it."""
        base, begin = spans[value]
        end = begin + net.layers[value][2]
        return any(when > time and spans[other][0] == base and spans[other][1] < end and
                   begin < spans[other][1] + net.layers[other][2] for when, other in reads)

    for time, (kind, sources, volume, part) in enumerate(net.layers):
        if kind == "head":
            continue
        if kind == "view":
            block, begin, _ = place[sources[0]]
            begin += part or 0
            place[time] = (block, begin, begin + volume)
        elif kind == "function" and not is_read_later(sources[0], time):
            place[time] = place[sources[0]]
        else:
            block_count += 1
            sizes[block_count] = volume
            all_values += volume
            live.add(block_count)
            place[time] = (block_count, 0, volume)
        most = max(most, sum(sizes[b] for b in live))
        bases = [spans[v][0] for when, v in reads if when > time]   # a view may be taken later
        live &= {place[base][0] for base in bases if base in place}
    return all_values, most


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2000)
    options = parser.parse_args()
    maker = Maker(random.Random(options.seed))
    lines, wanted = [], []
    for _ in range(options.count):
        net = Net()
        text, output, _ = maker.series(net, 0, 4, 2, {}, 6)
        lines.append("input 4x%dx%d; %s" % (SIDE, SIDE, text))
        wanted.append("%d\t%d" % simulate(net, output))
    done = subprocess.run([options.program, "--batch", "--columns", "activations,peak,error"],
                          input="\n".join(lines) + "\n", capture_output=True, text=True, check=False,
                          timeout=600)
    differences = 0
    answers = done.stdout.split("\n")[1:-1]
    for line, right, answer in zip(lines, wanted, answers):
        if answer != right + "\t":
            differences += 1
            if differences <= 20:
                print(f"{line}\n  simulated {right}, not {answer}")
    differences += abs(len(lines) - len(answers))
    print(f"{len(lines)} networks, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
