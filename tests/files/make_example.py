#!/usr/bin/env python3
"""Writes the model files of tests/data/models, which the documentation shows: zero weights."""
import os

from onnx_write import *

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "models")
digits = graph(
    [node("Conv", ["x", "c1.weight", "c1.bias"], ["a"], name="/c1/Conv", pads=[1, 1, 1, 1]),
     node("Relu", ["a"], ["b"], name="/relu/Relu"),
     node("MaxPool", ["b"], ["c"], name="/pool/MaxPool", kernel_shape=[2, 2], strides=[2, 2]),
     node("Conv", ["c", "c2.weight", "c2.bias"], ["d"], name="/c2/Conv"),
     node("GlobalAveragePool", ["d"], ["e"], name="/gap/GlobalAveragePool"),
     node("Flatten", ["e"], ["f"], name="/flatten/Flatten"),
     node("Gemm", ["f", "fc.weight", "fc.bias"], ["y"], name="/fc/Gemm", transB=1)],
    [port("x", ["batch", 1, 28, 28])], [port("y", ["batch", 10])],
    [tensor("c1.weight", [4, 1, 3, 3]), tensor("c1.bias", [4]), tensor("c2.weight", [6, 4, 3, 3]),
     tensor("c2.bias", [6]), tensor("fc.weight", [10, 6]), tensor("fc.bias", [10])])
half = graph([node("Conv", ["x", "w"], ["y"])], [port("x", ["batch", 3, "height", "width"])],
             [port("y", None)], [tensor("w", [2, 3, 3, 3])])

found = graph([node("Conv", ["x", "w"], ["a"]), node("NonZero", ["a"], ["b"]), node("Cast", ["b"], ["c"], to=1),
               node("MatMul", ["m", "c"], ["y"])], [port("x", [1, 3, 8, 8])], [port("y", None)],
              [tensor("w", [2, 3, 3, 3]), tensor("m", [5, 4])])

os.makedirs(HERE, exist_ok=True)
for name, body in (("digits", digits), ("open", half), ("found", found)):
    with open(os.path.join(HERE, name + ".onnx"), "wb") as file:
        file.write(model(body))
