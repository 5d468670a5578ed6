"""Writes ONNX models: protocol buffers by hand, so that nothing has to be installed."""
import struct

FLOAT, UINT8, INT8, INT32, INT64, STRING, BOOL, FLOAT16, DOUBLE = 1, 2, 3, 6, 7, 8, 9, 10, 11
SIZES = {1: 4, 2: 1, 3: 1, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 16: 2, 17: 1, 19: 1}
FORMATS = {1: "f", 2: "B", 3: "b", 6: "i", 7: "q", 9: "?", 10: "e", 11: "d"}


def varint(n):
    n &= (1 << 64) - 1
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def number(field, n):
    return varint(field << 3) + varint(n)


def data(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def single(field, x):
    return varint(field << 3 | 5) + struct.pack("<f", x)


def tensor(name, dims, kind=FLOAT, values=None):
    """Zeros, or the values given."""
    count = 1
    for d in dims:
        count *= d
    raw = b"\0" * ((count * SIZES.get(kind, 1)) if kind not in (21, 22) else (count + 1) // 2)
    if values is not None:
        raw = struct.pack("<%d%s" % (count, FORMATS[kind]), *values)
    return (b"".join(number(1, d) for d in dims) + number(2, kind) + (data(8, name) if name else b"")
            + data(9, raw))


class Graph(bytes):
    """A sub-graph as the value of an attribute."""


class Tensor(bytes):
    """A tensor as the value of an attribute."""


class Ref(str):
    """The attribute of a function's caller."""


def attribute(name, value):
    head = data(1, name)
    if isinstance(value, Ref):
        return head + data(21, value) + number(20, 1 if value.startswith("f") else 2)
    if isinstance(value, Graph):
        return head + data(6, value) + number(20, 5)
    if isinstance(value, Tensor):
        return head + data(5, value) + number(20, 4)
    if isinstance(value, str):
        return head + data(4, value) + number(20, 3)
    if isinstance(value, bool) or isinstance(value, int):
        return head + number(3, int(value)) + number(20, 2)
    if isinstance(value, float):
        return head + single(2, value) + number(20, 1)
    if value and isinstance(value[0], float):
        return head + b"".join(single(7, x) for x in value) + number(20, 6)
    if value and isinstance(value[0], str):
        return head + b"".join(data(9, x) for x in value) + number(20, 8)
    return head + b"".join(number(8, x) for x in value) + number(20, 7)


def node(op, inputs, outputs, domain="", name="", **attrs):
    return (b"".join(data(1, x) for x in inputs) + b"".join(data(2, x) for x in outputs)
            + (data(3, name) if name else b"") + data(4, op)
            + b"".join(data(5, attribute(k, v)) for k, v in attrs.items())
            + (data(7, domain) if domain else b""))


def port(name, dims, kind=FLOAT):
    """A declared tensor; dims None: no shape, a text in it: a name, None in it: nothing."""
    shape = b""
    if dims is not None:
        one = b"".join(data(1, data(2, d) if isinstance(d, str) else b"" if d is None
                            else number(1, d)) for d in dims)
        shape = data(2, one)
    return data(1, name) + data(2, data(1, number(1, kind) + shape))


def graph(nodes, inputs=(), outputs=(), tensors=(), name="g", sparse=()):
    return (b"".join(data(1, n) for n in nodes) + data(2, name)
            + b"".join(data(5, t) for t in tensors) + b"".join(data(11, p) for p in inputs)
            + b"".join(data(12, p) for p in outputs) + b"".join(data(15, s) for s in sparse))


def model(body, opset=13, ir=None, domains=(), functions=()):
    ir = ir if ir is not None else 7 if opset < 15 else 8 if opset < 19 else 9 if opset < 21 else 10
    return (number(1, ir) + data(2, "cnncalc tests") + data(7, body)
            + (data(8, number(2, opset)) if opset is not None else b"")
            + b"".join(data(8, data(1, d) + number(2, v)) for d, v in domains)
            + b"".join(data(25, f) for f in functions))
