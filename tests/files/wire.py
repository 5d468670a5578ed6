"""Ways to write one model, and to damage it: the accepted and the refused of onnxruntime 1.30."""
import struct

from onnx_write import *

SHAPE = "y:1x4x5x5"


def tag(field, kind):
    return varint(field << 3 | kind)


def variants():
    """(name, bytes, outcome, words of the message)"""
    w = tensor("w", [4, 3, 3, 3])
    n = node("Conv", ["x", "w"], ["y"])
    x, y = port("x", (1, 3, 7, 7)), port("y", None)
    body = graph([n], [x], [y], [w])
    good = model(body, 11)
    opset = data(8, number(2, 11))
    backwards = data(5, w) + data(12, y) + data(11, x) + data(1, n)
    packed_dims = data(1, b"".join(varint(d) for d in (4, 3, 3, 3))) + number(2, 1) + data(8, "w") + data(9, b"\0" * 432)
    pads = data(1, "pads") + data(8, varint(1) * 4) + number(20, 7)
    padded = data(1, "x") + data(1, "w") + data(2, "y") + data(4, "Conv") + data(5, pads)
    unknown = number(90, 5) + tag(91, 1) + b"\0" * 8 + tag(92, 5) + b"\0" * 4 + data(93, "abc") + tag(94, 3) + number(1, 2) + tag(95, 3) + tag(95, 4) + tag(94, 4)
    long_name = "n" * 5000
    floats = number(1, 4) + number(1, 3) + number(1, 3) + number(1, 3) + number(2, 1) + data(4, b"\0" * 432) + data(8, "w")

    def whole(content):
        return model(content, 11)

    def nested(depth):
        inner = graph([node("Identity", ["x"], ["z"])], [], [port("z", None)])
        for _ in range(depth):
            inner = graph([node("If", ["c"], ["z"], then_branch=Graph(inner), else_branch=Graph(inner if depth < 4 else graph([node("Identity", ["x"], ["z"])], [], [port("z", None)])))],
                          [], [port("z", None)])
        return model(graph([node("If", ["c"], ["y"], then_branch=Graph(inner), else_branch=Graph(inner if depth < 4 else graph([node("Identity", ["x"], ["z"])], [], [port("z", None)])))],
                           [x], [y], [tensor("c", [], BOOL, [True])]), 11)

    yield "plain", good, SHAPE, ""
    yield "constants_first", whole(backwards), SHAPE, ""
    yield "opset_first", number(1, 7) + opset + data(7, body), SHAPE, ""
    yield "dims_packed", whole(graph([n], [x], [y], [packed_dims])), SHAPE, ""
    yield "ints_packed", whole(graph([padded], [x], [y], [w])), "y:1x4x7x7", ""
    yield "floats_packed", whole(graph([n], [x], [y], [floats])), SHAPE, ""
    yield "unknown_fields", unknown + good + unknown, SHAPE, ""
    yield "unknown_inside", whole(unknown + body + unknown), SHAPE, ""
    yield "graph_twice", number(1, 7) + data(7, data(1, n) + data(5, w)) + data(7, data(11, x) + data(12, y)) + opset, SHAPE, ""
    yield "version_twice", number(1, 99) + good, SHAPE, ""
    yield "long_numbers", number(1, 7) + b"\x10" + b"\x80" * 9 + b"\0" + data(7, body) + opset, SHAPE, ""
    yield "long_name", whole(graph([node("Relu", ["x"], ["y"], name=long_name)], [x], [y])), "y:1x3x7x7", ""
    yield "no_node", whole(graph([], [x], [port("x", None)])), "x:1x3x7x7", ""
    yield "nested_2", nested(2), "y:1x3x7x7", ""
    yield "nested_20", nested(20), "y:1x3x7x7", ""
    yield "nested_40", nested(40), "error", "nested deeper"
    yield "domain_ai_onnx", number(1, 7) + data(7, body) + data(8, data(1, "ai.onnx") + number(2, 11)), SHAPE, ""
    yield "no_opset", number(1, 7) + data(7, body), "error", "opset"
    yield "no_graph", number(1, 7) + opset, "error", "no graph"
    yield "opset_0", model(body, 0), "error", "opset 0"
    yield "opset_99", model(body, 99), "error", "opset 99"
    yield "field_0", good + b"\0\0", "error", "no field"
    yield "wire_type_6", good + tag(5, 6), "error", "no field"
    yield "group_end_alone", good + tag(94, 4), "error", "no field"
    yield "group_other_end", good + tag(94, 3) + tag(95, 4), "error", "no field"
    yield "group_open", good + tag(94, 3), "error", "ends too early"
    yield "eleven_bytes", good + tag(5, 0) + b"\x80" * 10 + b"\0", "error", "number"
    yield "length_2_63", good + tag(6, 2) + varint(2**63 - 1), "error", "number"
    yield "length_six_bytes", good + tag(6, 2) + b"\x80\x80\x80\x80\x80\0", "error", "number"
    yield "length_beyond", good + tag(6, 2) + varint(5) + b"abc", "error", "ends too early"
    yield "length_beyond_parent", whole(body + tag(2, 2) + varint(50)), "error", "beyond"
    yield "many_imports", good + opset * 200, "error", "imports"
    yield "text_after", good + b"garbage!", "error", ""
    yield "attribute_without_type", whole(graph([data(1, "x") + data(1, "w") + data(2, "y") + data(4, "Conv") + data(5, data(1, "group") + number(3, 1))], [x], [y], [w])), "error", "type"
    yield "dim_negative", whole(graph([n], [x], [y], [number(1, -4) + number(2, 1) + data(8, "w")])), "error", "sizes"
    yield "dims_huge", whole(graph([n], [x], [y], [number(1, 2**40) * 2 + number(2, 1) + data(8, "w")])), "error", "sizes"
    yield "data_short", whole(graph([n], [x], [y], [number(1, 4) + number(1, 3) * 3 + number(2, 1) + data(8, "w") + data(9, b"\0" * 100)])), "error", "100"
    yield "empty", b"", "error", ""
    for part in range(1, 8):
        yield "cut_%d" % part, good[: len(good) * part // 8], "error", ""
    yield "zip", b"PK\3\4" + b"\0" * 40, "error", "zip"
    yield "hdf5", b"\x89HDF\r\n\x1a\n" + b"\0" * 40, "error", "HDF5"
    yield "gzip", b"\x1f\x8b\x08" + b"\0" * 40, "error", "gzip"
    yield "tflite", b"\x1c\0\0\0TFL3" + b"\0" * 40, "error", "TensorFlow Lite"
    yield "pickle", b"\x80\2}q\0(X" + b"\0" * 40, "error", "pickle"
    yield "json", b'{"modelTopology": {}}', "error", "JSON"
