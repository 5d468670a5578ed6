#!/usr/bin/env python3
"""Small models, built here, and what cnncalc makes of them.

    check_models.py --program build/cnncalc --probe build/tests/probe_models [--keep FOLDER]

Shapes: onnxruntime's (expected.tsv). Counts: by hand, in counts below. Bytes: wire.py."""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import by_hand
import hidden
import models
import trips
import wire
from onnx_write import *

HERE = os.path.dirname(os.path.abspath(__file__))
parser = argparse.ArgumentParser()
parser.add_argument("--program", required=True)
parser.add_argument("--probe", required=True)
parser.add_argument("--keep")
options = parser.parse_args()
folder = options.keep or tempfile.mkdtemp()
os.makedirs(folder, exist_ok=True)
failed = []


def check(what, holds, got=""):
    if not holds:
        failed.append(what)
        print("%s: %s" % (what, got))


def write(name, content):
    path = os.path.join(folder, name + ".onnx")
    with open(path, "wb") as file:
        file.write(content)
    return path


def run(path, *more, data=None):
    done = subprocess.run([options.program, path, *more], input=data, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def sizes(shape):
    return "null" if shape is None else "x".join("?" if s is None else str(s) for s in shape) or "scalar"


def outcome(path, *more):
    """The outputs in one line, or "error"; and what is said besides."""
    status, out, said = run(path, "-f", "json", *more)
    if status != 0:
        return ("error" if status == 2 else "status %d" % status), said
    return " ".join("%s:%s" % (o["name"], sizes(o["shape"])) for o in json.loads(out)["outputs"]), said


REFUSED = {"conv_same_dilated": "y:1x4x4x4", "conv_same_dilated_k1": "y:1x4x7x7"}  # by the runtime, with a remark here

# ---- shapes, and remarks where the runtime deviates ----

with open(os.path.join(HERE, "expected.tsv"), encoding="utf-8") as table:
    lines = [line.rstrip("\n").split("\t") + [""] * 3 for line in table if not line.startswith("#")][1:]
expected = {line[0]: line[1:4] for line in lines}
check("the table has every case", set(expected) == set(models.CASES), set(expected) ^ set(models.CASES))
for name, (content, fed) in models.CASES.items():
    theirs, ours, why = expected[name]
    given = [x for key, size in fed if size.replace("x", "").isdigit() for x in ("-i", key + "=" + size)]
    got, said = outcome(write(name, content), *given)
    remark = "onnxruntime" in said
    wanted = ours or theirs
    if name in REFUSED:  # which the runtime refuses
        wanted, why = REFUSED[name], "remark"
    check(name, got == wanted, "%s, right is %s; %s" % (got, wanted, said))
    check(name + ": a remark", remark == (why == "remark" and theirs != "status"), said)

# ---- counts, by hand ----

W = ("w", [4, 3, 3, 3])


def net(nodes, tensors=(), x=(1, 3, 7, 7), opset=13, kind=FLOAT, outputs=("y",)):
    return model(graph([node(*n[:3], **(n[3] if len(n) > 3 else {})) for n in nodes], [port("x", x, kind)],
                       [port(o, None) for o in outputs], [tensor(*t) for t in tensors]), opset)


def inside(nodes, inputs, outputs):
    return Graph(graph([node(*n[:3], **(n[3] if len(n) > 3 else {})) for n in nodes], [port(i, None) for i in inputs], [port(o, None) for o in outputs]))


PRODUCT = inside([("MatMul", ["v", "w"], ["u"])], ["i", "c", "v"], ["c", "u"])
THRICE = inside([("Loop", ["n", "", "a"], ["b"], {"body": PRODUCT})], ["j", "d", "a"], ["d", "b"])
SCAN = inside([("MatMul", ["v", "w"], ["u"])], ["v"], ["u"])
GROWS = inside([("Concat", ["s", "s"], ["t"], {"axis": 0}), ("MatMul", ["t", "w"], ["p"])], ["s", "v"], ["t", "v"])


FIRST = inside([("If", ["first"], ["u"], {"then_branch": inside([("MatMul", ["v", "w"], ["a"])], [], ["a"]), "else_branch": inside([("MatMul", ["v", "w2"], ["a"])], [], ["a"])}),
                ("Not", ["c"], ["other"])], ["i", "c", "first", "v"], ["c", "other", "u"])


def looped(tensors, reads, nested=False):
    """A product with a 5x5 matrix in a loop; k is fed."""
    return model(graph([node("Loop", reads + ["x"], ["y"], body=THRICE if nested else PRODUCT)], [port("x", (2, 5)), port("k", (), INT64)], [port("y", None)],
                       [tensor(*t) for t in tensors + [("w", [5, 5])]]), 13)


def scanned(body, x, state=False, gone=False):
    cut = [node("Slice", ["x", "zero", "zero"], ["z"])] if gone else [node("Identity", ["x"], ["z"])]
    return model(graph(cut + [node("Scan", ["w"] * state + ["z"], ["q"] * state + ["y"], body=body, num_scan_inputs=1)], [port("x", x)], [port("y", None)], [tensor("w", [5, 5]), tensor("zero", [1], INT64, [0])]), 13)


counts = {  # weights, biases, statistics, MACs, bytes of the parameters
    "conv": (net([("Conv", ["x", "w", "b"], ["y"])], [W, ("b", [4])]), 108, 4, 0, 25 * 4 * 27, 448),
    "depthwise": (net([("Conv", ["x", "w"], ["y"], {"group": 3})], [("w", [6, 1, 3, 3])]), 54, 0, 0, 25 * 6 * 9, 216),
    "transposed": (net([("ConvTranspose", ["x", "w"], ["y"], {"strides": [2, 2]})], [("w", [3, 5, 2, 2])]), 60, 0, 0, 49 * 3 * 20, 240),
    "norm": (net([("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"])], [(n, [3]) for n in "sbmv"]), 3, 3, 6, 0, 48),
    "gemm": (net([("Gemm", ["x", "w", "b"], ["y"])], [("w", [5, 4]), ("b", [4])], (2, 5)), 20, 4, 0, 40, 96),
    "matmul": (net([("MatMul", ["x", "w"], ["y"])], [("w", [5, 4])], (3, 2, 5)), 20, 0, 0, 120, 80),
    "fused matmul": (model(graph([node("FusedMatMul", ["x", "w"], ["y"], "com.microsoft", transA=1, transBatchA=1)], [port("x", (5, 2, 3))], [port("y", None)], [tensor("w", [5, 4])]), 13, domains=[("com.microsoft", 1)]), 20, 0, 0, 120, 80),
    "products": (net([("Transpose", ["x"], ["t"]), ("MatMul", ["x", "t"], ["y"])], [], (3, 5)), 0, 0, 0, 45, 0),
    "twice": (net([("Conv", ["x", "w"], ["a"], {"pads": [1] * 4}), ("Conv", ["a", "w"], ["y"], {"pads": [1] * 4})], [("w", [3, 3, 3, 3])]), 81, 0, 0, 2 * 49 * 81, 324),
    "stored sideways": (net([("Transpose", ["w"], ["t"], {"perm": [3, 2, 0, 1]}), ("Conv", ["x", "t"], ["y"])], [("w", [3, 3, 3, 4])]), 108, 0, 0, 2700, 432),
    "half": (net([("Cast", ["w"], ["t"], {"to": 1}), ("Conv", ["x", "t"], ["y"])], [("w", [4, 3, 3, 3], FLOAT16)]), 108, 0, 0, 2700, 216),
    "bytes": (net([("DequantizeLinear", ["w", "s"], ["t"]), ("Conv", ["x", "t"], ["y"])], [("w", [4, 3, 3, 3], INT8), ("s", [])]), 108, 0, 0, 2700, 108),
    "bias by Add": (net([("Conv", ["x", "w"], ["a"]), ("Add", ["a", "b"], ["y"])], [W, ("b", [4, 1, 1])]), 108, 4, 0, 2700, 448),
    # half of a size that is computed is no weight
    "a size": (net([("Shape", ["x"], ["s"]), ("Cast", ["s"], ["f"], {"to": 1}), ("Mul", ["f", "h"], ["g"]), ("Cast", ["g"], ["i"], {"to": 7}), ("ConstantOfShape", ["i"], ["y"])], [("h", [4])]), 0, 0, 0, 0, 0),
    "one number": (net([("Mul", ["x", "k"], ["y"])], [("k", [1])]), 0, 0, 0, 0, 0),
    "scale": (net([("Mul", ["x", "k"], ["y"])], [("k", [3, 1, 1])]), 3, 0, 0, 0, 12),
    "indices": (net([("Gather", ["t", "x"], ["y"])], [("t", [10, 4])], (2, 3), kind=INT64), 40, 0, 0, 0, 160),
    "unused": (net([("Relu", ["x"], ["y"])], [W]), 0, 0, 0, 0, 0),
    # weights made standard: only what is learned counts, the 1e-5 does not
    "standardised": (net([("ReduceMean", ["w"], ["m"], {"axes": [1, 2, 3]}), ("Sub", ["w", "m"], ["d"]), ("Add", ["d", "e"], ["s"]), ("Conv", ["x", "s"], ["y"])],
                         [W, ("e", [])]), 108, 0, 0, 2700, 432),
    # 5 steps of 4 gates: 3 x 2 from the input and 3 x 3 from the state
    "lstm": (net([("LSTM", ["x", "w", "r", "b"], ["y"], {"hidden_size": 3})], [("w", [1, 12, 2]), ("r", [1, 12, 3]), ("b", [1, 24])], (5, 1, 2)), 60, 24, 0, 5 * 60, 336),
    "loop of 100": (looped([("n", [], INT64, [100])], ["n", ""]), 25, 0, 0, 100 * 50, 100),
    "loop of a computed number": (looped([], ["k", ""]), 25, 0, 0, 0, 100),
    "loop of 3 in one of a computed number": (looped([("n", [], INT64, [3])], ["k", ""], True), 25, 0, 0, 0, 100),
    "loop of 3 in one of 100": (looped([("n", [], INT64, [3]), ("m", [], INT64, [100])], ["m", ""], True), 25, 0, 0, 300 * 50, 100),
    "scan of 7": (scanned(SCAN, (7, 2, 5)), 25, 0, 0, 7 * 50, 100), "scan of 1": (scanned(SCAN, (1, 2, 5)), 25, 0, 0, 50, 100), "scan of none": (scanned(SCAN, (2, 2, 5), gone=True), 0, 0, 0, 0, 0),
    # the state grows: its product costs other MACs in each step, so that only the other one is known
    # the second trip takes the other branch, whose weights have a row, too
    "loop whose trips differ": (model(graph([node("Loop", ["n", "c", "c", "x"], ["b", "y"], body=FIRST)], [port("x", (2, 5))], [port("y", None)],
                                            [tensor("n", [], INT64, [100]), tensor("c", [], BOOL, [True]), tensor("w", [5, 5]), tensor("w2", [5, 5])]), 13), 50, 0, 0, 0, 200),
    "scan that grows": (scanned(GROWS, (7, 2, 5), True), 25, 0, 0, 0, 100),
    "loop of 3": (net([("Loop", ["n", "", "x"], ["y"], {"body": Graph(graph([node("MatMul", ["v", "w"], ["u"])], [port("i", []), port("c", []), port("v", None)],
                      [port("c", None), port("u", None)]))})], [("n", [], INT64, [3]), ("w", [5, 5])], (2, 5)), 25, 0, 0, 3 * 50, 100),
}
for name, (content, weights, biases, statistics, macs, size) in counts.items():
    status, out, said = run(write("count_" + name.replace(" ", "_"), content), "-f", "json")
    totals = json.loads(out)["totals"] if status == 0 else said
    got = tuple(totals[k] for k in ("weights", "biases", "statistics", "macs", "bytes")) if status == 0 else said
    check("counts of " + name, got == (weights, biases, statistics, macs, size), got)
    if status == 0:
        rows = json.loads(out)["layers"]
        for key in ("params", "weights", "biases", "statistics", "macs", "bytes"):
            check(name + ": sum of " + key, totals[key] == sum(r[key] or 0 for r in rows))

# ---- bytes ----

for name, content, wanted, words in wire.variants():
    path = write("wire_" + name, content)
    got, said = outcome(path)
    check("wire " + name, got == wanted and words in said, "%s %s" % (got, said))
    with open(path, "rb") as file:
        piped = run("-", "-f", "json", data=file.read())
    check("wire " + name + " from a pipe", piped[1] == run(path, "-f", "json")[1], piped[2])

# ---- sizes of inputs, and names with anything in them ----

open_sizes = model(graph([node("Conv", ["x", "w"], ["y"])], [port("x", ["n", 3, "h", "w"])], [port("y", None)], [tensor(*W)]))
path = write("open", open_sizes)
for given, wanted in (((), "error"), (("-i", "1x3x9x8"), "y:1x4x7x6"), (("-i", "9"), "y:1x4x7x7"), (("-i", "9x8"), "y:1x4x7x6"), (("-i", "3x9x8"), "y:1x4x7x6"),
                      (("-i", "x=2x3x9x8"), "y:2x4x7x6"), (("-i", "z=9"), "error"), (("-i", "x=9x"), "error"), (("-i", "x="), "error"), (("-i", "1x2x3x4x5"), "error"), (("-i", "x=1x4x9x8"), "error")):
    got, said = outcome(path, *given)
    check("sizes %s" % (given,), got == wanted, got + " " + said)
said = outcome(path)[1]
check("the option is named", "give it: x=1x3x224x224" in said and "-i takes it" in said, said)
two = model(graph([node("Add", ["a", "b"], ["y"])], [port("a", ["n", "k"]), port("b", ["n", "k"])], [port("y", None)]))
check("a name is one size", outcome(write("two", two), "-i", "a=4x5")[0] == "y:4x5")
valued = model(graph([node("ConstantOfShape", ["t"], ["y"]), node("Unsqueeze", ["n", "z"], ["t"])], [port("n", [], INT64)], [port("y", None)], [tensor("z", [1], INT64, [0])]))
check("a value", outcome(write("value", valued), "-i", "n=7")[0] == "y:7")
odd = '{"1": "a,b"}\t\n\0x'
strange = model(graph([node("Relu", ["x"], [odd], name='say "hi", you'), node("Mul", [odd, "k"], ["y"], name="\u00e9\ttab")], [port("x", (1, 3))], [port(odd, None), port("y", None)],
                      [tensor("k", [3])]).replace(b"say", b"s\xffy"))
path = write("strange", strange)
status, out, said = run(path, "-f", "json")
check("names in JSON", status == 0 and json.loads(out)["outputs"][0]["name"] == odd, out)
check("names in JSON are UTF-8", json.loads(out)["layers"][0]["layer"] == 's\ufffdy "hi", you', out)
for kind, separator in (("tsv", "\t"), ("csv", ",")):
    import csv
    import io
    text = run(path, "-f", kind, "--all")[1].decode("utf-8")
    table = list(csv.reader(io.StringIO(text))) if kind == "csv" else [line.split("\t") for line in text.split("\n") if line]
    check("cells of " + kind, len(table) == 4 and all(len(row) == len(table[0]) for row in table), text)

# ---- many at once, in one process ----


def probe(mode, listed):
    """`listed`: (name, model, sizes of inputs). The output, in pieces that end with a zero byte."""
    fed = b"".join(("\t".join([name, str(len(content)), *given]) + "\n").encode() + content for name, content, given in listed)
    done = subprocess.run([options.probe, *mode], input=fed, capture_output=True, timeout=300, check=False)
    check("probe %s" % (mode,), done.returncode == 0, done.stdout[-300:].decode("utf-8", "replace"))
    return done.stdout.split(b"\0")[:-1]


def in_line(text):
    """The outputs of a report in one line, or the error."""
    if not text.startswith(b"{"):
        return text.decode("utf-8", "replace")
    return " ".join("%s:%s" % (o["name"], sizes(o["shape"])) for o in json.loads(text)["outputs"])


def numbers_of(fed):
    return [key + "=" + size for key, size in fed if size.replace("x", "").isdigit()]


listed = [(name, content, numbers_of(fed)) for name, (content, fed) in models.CASES.items()]
probe([], listed + [(name, content, []) for name, content, _, _ in wire.variants()])


# ---- less known, nothing else: a size is the runtime's or open ----


def agrees(less, more):
    """Whether the outputs, as `outcome` writes them, differ only in sizes that are open."""
    pairs = [(a.rpartition(":")[2], b.rpartition(":")[2]) for a, b in zip(less.split(), more.split())]
    return len(less.split()) == len(more.split()) and all(
        a == "null" or (a.count("x") == b.count("x") and all(p in ("?", q) for p, q in zip(a.split("x"), b.split("x")))) for a, b in pairs)


things = list(hidden.variants())
known = open_ended = 0
for (name, what, _, _), text in zip(things, probe(["json"], [(name, content, given) for name, _, content, given in things])):
    theirs, ours, _ = expected[name]
    full = ours or theirs
    if full == "error" or name in REFUSED:
        continue
    got = in_line(text)
    check("%s without %s" % (name, what), agrees(got, full), "%s, right is %s" % (got, full))
    known += got == full
    open_ended += got != full
check("much is known all the same, and much is not", known > 500 and open_ended > 500, (known, open_ended))

# ---- by hand ----

rows = list(by_hand.folded())
for (name, _, wanted), text in zip(rows, probe(["json"], [(name, content, []) for name, content, _ in rows])):
    got = in_line(text)
    check("folded " + name, got == wanted if wanted is not None else got.startswith("y:") and ("?" in got or "null" in got), "%s, right is %s" % (got, wanted))
rows = list(by_hand.borders()) + list(by_hand.chains())
for (name, _, _, wanted), text in zip(rows, probe(["json"], [row[:3] for row in rows])):
    got = in_line(text)
    check("border of " + name, got == wanted if wanted.startswith("y:") else wanted in got and not got.startswith("y:"), "%s, right is %s" % (got, wanted))
for name, content, wanted in by_hand.lists():
    status, out, said = run(write(name, content), "-f", "layers")
    got = ",".join(out.decode().split("\n")[1:-1]) if status == 0 else said
    check(name, got == wanted if status == 0 else status == 2 and wanted in said, "%s, right is %s" % (got, wanted))

# ---- loops, scans, branches and functions inside one another ----

rows = list(trips.models(400))
exact = 0
for (what, _, after, macs), text in zip(rows, probe(["json"], [("trips", content, []) for _, content, _, _ in rows])):
    report = json.loads(text) if text.startswith(b"{") else {"outputs": [{"shape": text}], "macs_lower_bound": False, "totals": {"macs": -1}}
    shape, got, least = report["outputs"][0]["shape"], report["totals"]["macs"], report["macs_lower_bound"]
    check("rows of " + what, shape in (None, [None, 5], [after, 5]), "%s, right is %d" % (shape, after))
    check("MACs of " + what, got == macs or (least and got < macs), "%d, right is %d" % (got, macs))
    exact += shape == [after, 5] and got == macs
check("many of them are known", exact > 200, exact)

# ---- hostile: each ends soon ----

five = None
for _ in range(5):  # loops of 64 trips inside one another
    inner = [node("Relu", ["v"], ["u"])] if five is None else [node("Loop", ["n", "", "v"], ["u"], body=Graph(five))]
    five = graph(inner, [port("i", []), port("c", []), port("v", None)], [port("c", None), port("u", None)])
loops = model(graph([node("Loop", ["n", "", "x"], ["y"], body=Graph(five))], [port("x", (2, 3))], [port("y", None)], [tensor("n", [], INT64, [64])]))
got, said = outcome(write("loops", loops))
check("loops inside one another", got == "error" and "too many nodes" in said, got + said)
itself = data(1, "F") + data(4, "a") + data(5, "b") + data(7, node("F", ["a"], ["b"], domain="d")) + data(9, data(1, "d") + number(2, 1)) + data(10, "d")
got, said = outcome(write("itself", model(graph([node("F", ["x"], ["y"], domain="d")], [port("x", (2, 3))], [port("y", None)]), 15, domains=[("d", 1)], functions=[itself])))
check("a function that calls itself", got == "error" and "too many nodes" in said, got + said)

# ---- as lists: the same sums, and torchvision's VGG-16 is the built-in one ----


def external(name, dims):
    """A constant whose data would be in another file."""
    return b"".join(number(1, d) for d in dims) + number(2, FLOAT) + data(8, name) + number(14, 1)


def vgg16():
    nodes, tensors, at, channels = [], [], "x", 3
    for width in (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0):
        out = "t%d" % len(nodes)
        if width == 0:
            nodes.append(node("MaxPool", [at], [out], kernel_shape=[2, 2], strides=[2, 2]))
        else:
            nodes.append(node("Conv", [at, "w" + out, "b" + out], [out], pads=[1, 1, 1, 1]))
            nodes.append(node("Relu", [out], [out + "r"]))
            tensors += [external("w" + out, [width, channels, 3, 3]), external("b" + out, [width])]
            channels, out = width, out + "r"
        at = out
    nodes.append(node("Flatten", [at], ["f"]))
    at, features = "f", 512 * 49
    for width in (4096, 4096, 1000):
        out = "fc%d" % len(nodes)
        nodes.append(node("Gemm", [at, "w" + out, "b" + out], [out], transB=1))
        tensors += [external("w" + out, [width, features]), external("b" + out, [width])]
        at, features = out, width
    return model(graph(nodes, [port("x", ["n", 3, 224, 224])], [port(at, None)], tensors))


path = write("vgg16", vgg16())
ours = json.loads(run("vgg16", "-f", "json")[1])["totals"]
for more in ((), ("-c", "index,layer,output,params,weights,biases,statistics,macs")):
    status, out, said = run(path, "-f", "json", *more)
    got = json.loads(out)["totals"] if status == 0 else said
    check("vgg16 %s" % (more,), status == 0 and all(got[k] == ours[k] for k in ("output", "params", "weights", "biases", "macs")), got)
fitting = 0
for name, (content, fed) in models.CASES.items():
    path = os.path.join(folder, name + ".onnx")
    given = [x for key, size in fed if size.replace("x", "").isdigit() for x in ("-i", key + "=" + size)]
    status, text, said = run(path, "-f", "layers", *given)
    check("layers of " + name, status == 0 or (status == 2 and said), (status, said))
    if status != 0 or not re.match(rb"input (vector )?[0-9x]+\n", text):
        continue
    fitting += 1
    theirs = json.loads(run(path, "-f", "json", *given)[1])["totals"]
    status, out, said = run("-", "-f", "json", data=text)
    again = json.loads(out)["totals"] if status == 0 else said
    check("list of " + name, status == 0 and all(again[k] == theirs[k] for k in ("params", "statistics")), "%s%s" % (text, again))
check("many models are lists", fitting > 60, fitting)

print("%d failed" % len(failed) if failed else "all as expected")
sys.exit(bool(failed))
