#!/usr/bin/env python3
"""`ram_bound` against all orders of the branches: the list is written with its branches in every order, and the
least peak_memory of these lists is right.

    check_order.py --program build/cnncalc [--count 150] [--seed 1]"""
import argparse
import itertools
import math
import random
import subprocess
import sys


def make(rng, depth):
    """A list as a tree: layers are texts, a join is (word, branches). All ends have 2 channels."""
    items = []
    for _ in range(rng.randint(1, 2)):
        if depth > 0 and rng.random() < .6:
            count = rng.randint(2, 4 if depth == 1 else 2)
            items.append((rng.choice(("add", "cat")), [make(rng, depth - 1) for _ in range(count)]))
            items.append("conv1-2")
        else:
            items.append("conv1-%d" % rng.choice((1, 4, 8, 16, 32, 64)))
            items.append(rng.choice(("conv1-2", "relu,conv1-2", "maxpool3 s1p1,conv1-2")))
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


def answers(program, lists, columns):
    done = subprocess.run([program, "-b", "--dtype", "i8", "-c", columns], text=True, check=True, capture_output=True,
                          input="".join("input 2x4x4; %s\n" % text for text in lists))
    return [[int(n) for n in row.split("\t")] for row in done.stdout.split("\n")[1:-1]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    wrong = orders = compared = 0
    for _ in range(options.count):
        made = make(rng, rng.randint(1, 2))
        if order_count(made) > 2000:
            continue
        lists = texts(made)
        compared += 1
        orders += len(lists)
        rows = answers(options.program, lists, "peak_memory,ram_bound,ram")
        least = min(peak for peak, _, _ in rows)
        peak, bound, ram = rows[0]
        if bound != least or ram < bound or bound > peak:
            wrong += 1
            print("%s: bound %d, right is %d; ram %d" % (lists[0], bound, least, ram))
    print("%d lists in %d orders, %d wrong" % (compared, orders, wrong))
    return 1 if wrong or compared == 0 else 0


sys.exit(main())
