#!/usr/bin/env python3
"""`ram_bound` against all orders of the branches: the list is written with its branches in every order, and the
least peak_memory of these lists is right. The same network as PyTorch code and as an ONNX model needs the same; a
model whose nodes are in any other order does not need more.

    check_order.py --program build/cnncalc [--count 80] [--seed 1]"""
import argparse
import itertools
import math
import os
import random
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "files"))
import onnx_write as onnx  # noqa: E402

SIDE = 4


def make(rng, depth):
    """A list as a tree: layers are texts, a join is (word, branches). All ends have 2 channels."""
    items = []
    for _ in range(rng.randint(1, 2)):
        if depth > 0 and rng.random() < .6:
            count = rng.randint(2, 4 if depth == 1 else 2)
            word = rng.choice(("add", "cat", "cat", "split")) if count == 2 else "cat" # code adds two by two
            start = ["conv1-2"] if word == "split" else [] # from the one channel that is its part
            items.append((word, [start + make(rng, depth - 1) for _ in range(count)]))
            items.append("conv1-2")
        else:
            items.append("conv1-%d" % rng.choice((1, 4, 8, 16, 32, 64)))
            items += rng.choice((["conv1-2"], ["relu", "conv1-2"], ["maxpool3 s1p1", "conv1-2"]))
    return items


def order_count(items):
    """How many texts that gives."""
    joins = [item[1] for item in items if not isinstance(item, str)]
    return math.prod(math.factorial(len(branches)) * math.prod(map(order_count, branches))
                     for branches in joins)


def texts(items):
    """The list in all orders of all branches."""
    ways = []
    for item in items:
        if isinstance(item, str):
            ways.append([item])
            continue
        word, branches = item
        ways.append(["%s(%s)" % (word, " | ".join(chosen)) for order in itertools.permutations(branches)
                     for chosen in itertools.product(*(texts(branch) for branch in order))])
    return [",".join(chosen) for chosen in itertools.product(*ways)]


class Model:
    """The same list as nodes of an ONNX model: (output, inputs, node)."""

    def __init__(self, items):
        self.nodes, self.tensors = [], []
        self.end, _ = self.series(items, "x", 2)

    def put(self, operator, reads, weights=(), **attributes):
        name = "v%d" % len(self.nodes)
        self.nodes.append((name, reads, onnx.node(operator, reads + list(weights), [name], **attributes)))
        return name

    def layer(self, text, x, c):
        if text == "relu":
            return self.put("Relu", [x]), c
        if text.startswith("maxpool"):
            return self.put("MaxPool", [x], kernel_shape=[3, 3], pads=[1, 1, 1, 1]), c
        n = int(text.split("-")[1])
        weights = ["w%d" % len(self.tensors), "w%d" % (len(self.tensors) + 1)]
        self.tensors += [onnx.tensor(weights[0], [n, c, 1, 1]), onnx.tensor(weights[1], [n])]
        return self.put("Conv", [x], weights), n

    def join(self, word, branches, x, c):
        ends = [self.series(branch, x, c) for branch in branches]
        names = [name for name, _ in ends]
        if word == "add":
            return self.put("Sum", names), ends[0][1]
        return self.put("Concat", names, axis=1), sum(channels for _, channels in ends)

    def series(self, items, x, c):
        for item in items:
            x, c = self.layer(item, x, c) if isinstance(item, str) else self.join(*item, x, c)
        return x, c

    def bytes(self, order):
        return onnx.model(onnx.graph([self.nodes[i][2] for i in order], [onnx.port("x", [1, 2, SIDE, SIDE])],
                                     [onnx.port(self.end, None)], self.tensors))

    def shuffled(self, rng):
        """Any order in which each node comes after those that it reads."""
        order, known = [], {"x"}
        while len(order) < len(self.nodes):
            ready = [i for i, (_, reads, _) in enumerate(self.nodes) if i not in order and known.issuperset(reads)]
            order.append(rng.choice(ready))
            known.add(self.nodes[order[-1]][0])
        return order


def answers(program, lists, columns):
    done = subprocess.run([program, "-b", "--dtype", "i8", "-c", columns], text=True, check=True, capture_output=True,
                          input="".join("input 2x%dx%d; %s\n" % (SIDE, SIDE, text) for text in lists))
    return [[int(n) for n in row.split("\t")] for row in done.stdout.split("\n")[1:-1]]


def needs(program, path):
    """What --check has to say of a file's ram and ram_bound."""
    done = subprocess.run([program, path, "--dtype", "i8", "-k", "ram=0", "-k", "ram_bound=0"], text=True,
                          capture_output=True, check=False)
    return [int(n.replace(",", "")) for n in re.findall(r"right is ([\d,]+)", done.stdout)] or done.stderr


def compare_fronts(program, rng, items, text, wanted, place):
    """The other ways to write the network. Returns what is wrong."""
    wrong = []
    path = os.path.join(place, "net.py")
    code = subprocess.run([program, "-i", "2x%dx%d" % (SIDE, SIDE), "-l", text, "-f", "pytorch"], check=True,
                          capture_output=True, text=True).stdout
    with open(path, "w", encoding="utf-8") as file:
        file.write(code)
    if needs(program, path) != wanted:
        wrong.append("as PyTorch code: %s" % needs(program, path))
    if "split" in text: # an operator that the layer language has no layer for
        return wrong
    model, path = Model(items), os.path.join(place, "net.onnx")
    for order in range(len(model.nodes)), model.shuffled(rng):
        with open(path, "wb") as file:
            file.write(model.bytes(order))
        found = needs(program, path)
        if found != wanted and (not isinstance(found, list) or list(order) == list(range(len(order)))
                                or found[1] > wanted[1]):
            wrong.append("as an ONNX model in order %s: %s" % (list(order), found))
    return wrong


def compare_many(program, rng):
    """The best order of a join that comes once is best for each of many: too many orders to try them all."""
    wrong = 0
    for _ in range(10):
        join = "%s(%s), conv1-2" % (rng.choice(("add", "cat")), " | ".join(
            ",".join(make(rng, 0)) for _ in range(rng.randint(2, 4))))
        lists = ["add(%s, %d*(%s) | conv1-40, conv1-2)" % ("conv1-2", count, join) for count in (1, 30)]
        (one, _), (many, ram) = answers(program, lists, "ram_bound,ram")
        if one != many or ram < many:
            wrong += 1
            print("%s: once %d, often %d" % (join, one, many))
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--count", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    orders = compared = 0
    wrong = compare_many(options.program, rng)
    for _ in range(options.count):
        made = make(rng, rng.randint(1, 2))
        if order_count(made) > 2000:
            continue
        lists = texts(made)
        compared += 1
        orders += len(lists)
        (peak, bound, ram), = answers(options.program, lists[:1], "peak_memory,ram_bound,ram")
        least = min(row[0] for row in answers(options.program, lists, "peak_memory"))
        said = ["bound %d, right is %d; ram %d" % (bound, least, ram)] if bound != least or ram < bound or \
            bound > peak else []
        with tempfile.TemporaryDirectory() as place:
            said += compare_fronts(options.program, rng, made, lists[0], [ram, bound], place)
        wrong += len(said)
        for line in said:
            print("%s: %s" % (lists[0], line))
    print("%d lists in %d orders, %d wrong" % (compared, orders, wrong))
    return 1 if wrong or compared == 0 else 0


sys.exit(main())
