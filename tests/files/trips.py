"""Random models of loops, scans, branches and functions inside one another, and what running them
would make: each is worked through step by step here, trip by trip.

A model carries a matrix of some rows and 5 columns through steps that multiply it by a 5x5 matrix
(25 multiply-accumulates for each row), double its rows or cut them to 2."""
import random

from onnx_write import *

MOST_ROWS = 4000
CONDITIONS = ("none", "given", "computed", "never again")  # of a loop


def draw(rng, depth):
    """Steps: the name of one, and what is inside it."""
    steps = []
    for _ in range(rng.randint(1, 4 if depth == 0 else 2)):
        kind = rng.choice(("product", "product", "double", "cut") + (("loop", "branch", "scan", "function") if depth < 2 else ()))
        known = rng.random() < 0.4
        if kind == "loop":
            steps.append((kind, known, rng.choice((0, 1, 2, 3, 66)), rng.choice(CONDITIONS), draw(rng, depth + 1)))
        elif kind == "branch":
            steps.append((kind, known, rng.random() < 0.5, draw(rng, depth + 1), draw(rng, depth + 1)))
        elif kind == "scan":
            steps.append((kind, draw(rng, depth + 1)))
        else:
            steps.append((kind,))
    return steps


def work(steps, rows):
    """The rows that come out, and the multiply-accumulates."""
    macs = 0
    for kind, *more in steps:
        inside = []
        if rows > MOST_ROWS:
            raise OverflowError
        if kind in ("product", "function"):
            macs += 25 * rows
        elif kind == "double":
            rows *= 2
        elif kind == "cut":
            rows = min(rows, 2)
        elif kind == "loop":
            _, trips, condition, body = more
            inside = [body] * (min(trips, 1) if condition == "never again" else trips)
        elif kind == "branch":
            inside = [more[2] if more[1] else more[3]]
        elif kind == "scan":
            macs += rows * work(more[0], 1)[1]  # each row alone; what is stacked is not used
        for body in inside:
            rows, cost = work(body, rows)
            macs += cost
    return rows, macs


class Writer:
    """Nodes for steps; constants and inputs of the model are collected on the way."""

    def __init__(self):
        self.names = 0
        self.tensors = [tensor("w", [5, 5]), tensor("zero", [1], INT64, [0]), tensor("two", [1], INT64, [2]), tensor("yes", [], BOOL, [True]), tensor("no", [], BOOL, [False])]
        self.ports = []

    def name(self):
        self.names += 1
        return "v%d" % self.names

    def number(self, known, kind, value):
        name = self.name()
        if known:
            self.tensors.append(tensor(name, [], kind, [value]))
        else:
            self.ports.append(port(name, [], kind))
        return name

    def body(self, steps, reads, inputs=(), before=(), outputs=(), nodes=()):
        made, last = self.steps(steps, reads)
        out = self.name()
        return Graph(graph(list(before) + made + [node("Identity", [last], [out])] + list(nodes), [port(i, None) for i in inputs], [port(o, None) for o in (*outputs, out)]))

    def loop(self, known, trips, condition, steps, reads, out):
        matrix, index, goes, on = self.name(), self.name(), self.name(), self.name()
        last = {"computed": [node("ReduceMax", [matrix], ["most" + on], keepdims=0), node("LessOrEqual", ["most" + on, "most" + on], [on])],
                "never again": [node("Identity", ["no"], [on])]}.get(condition, [node("Identity", [goes], [on])])
        body = self.body(steps, matrix, (index, goes, matrix), outputs=(on,), nodes=last)
        return node("Loop", [self.number(known, INT64, trips), "" if condition == "none" else "yes", reads], [out], body=body)

    def steps(self, steps, at):
        nodes = []
        for kind, *more in steps:
            out = self.name()
            if kind == "product":
                nodes.append(node("MatMul", [at, "w"], [out]))
            elif kind == "function":
                nodes.append(node("Product", [at, "w"], [out], domain="own"))
            elif kind == "double":
                nodes.append(node("Concat", [at, at], [out], axis=0))
            elif kind == "cut":
                nodes.append(node("Slice", [at, "zero", "two", "zero"], [out]))
            elif kind == "loop":
                nodes.append(self.loop(*more, at, out))
            elif kind == "branch":
                known, taken, then, other = more
                nodes.append(node("If", [self.number(known, BOOL, taken)], [out], then_branch=self.body(then, at), else_branch=self.body(other, at)))
            else:
                row, matrix = self.name(), self.name()
                body = self.body(more[0], matrix, (row,), [node("Unsqueeze", [row, "zero"], [matrix])])
                nodes += [node("Scan", [at], [self.name()], body=body, num_scan_inputs=1), node("Identity", [at], [out])]
            at = out
        return nodes, at


PRODUCT = (data(1, "Product") + data(4, "a") + data(4, "b") + data(5, "c") + data(7, node("MatMul", ["a", "b"], ["c"])) + data(9, number(2, 15)) + data(10, "own"))


def models(count):
    """(what it does, the model, its rows, its multiply-accumulates)"""
    rng = random.Random(1)
    while count > 0:
        steps, rows = draw(rng, 0), rng.randint(1, 3)
        try:
            after, macs = work(steps, rows)
        except OverflowError:
            continue
        writer = Writer()
        nodes, last = writer.steps(steps, "x")
        body = graph(nodes + [node("Relu", [last], ["y"])], [port("x", (rows, 5))] + writer.ports, [port("y", None)], writer.tensors)
        yield "%s of %d rows" % (steps, rows), model(body, 15, domains=[("own", 1)], functions=[PRODUCT]), after, macs
        count -= 1
