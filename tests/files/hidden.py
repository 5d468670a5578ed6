"""The models of models.py with something hidden: what is known then may be less, but not other.

Of an input or a constant either the whole shape is hidden, by a node of a domain that nobody knows;
or one size, by a Compress whose condition is fed; or of a constant only the values, when it is an
input of the same shape."""
import copy

from models import CASES, PARTS
from onnx_write import *


def without(parts, name):
    """A copy, and the port or the tensor of that name, which the copy lacks."""
    less = copy.copy(parts)
    less.ports = [p for p in parts.ports if p[0] != name]
    less.tensors = [t for t in parts.tensors if t[0] != name]
    found = [p for p in parts.ports if p[0] == name] + [t for t in parts.tensors if t[0] == name]
    return less, found[0]


def put_back(parts, thing, name, is_port):
    thing = (name,) + tuple(thing[1:])
    if is_port:
        parts.ports = parts.ports + [thing]
    else:
        parts.tensors = parts.tensors + [thing]


def variants():
    """(name of the case, what is hidden, the model, sizes of its inputs)"""
    for case, parts in PARTS.items():
        names = [p[0] for p in parts.ports] + [t[0] for t in parts.tensors]
        for at, name in enumerate(names):
            is_port = at < len(parts.ports)
            hidden = name + "_hidden"
            less, thing = without(parts, name)
            dims = thing[1]
            fed = [(key, size) for key, size in CASES[case][1] if size.replace("x", "").isdigit()]
            same = [key + "=" + size for key, size in fed]
            given = [(hidden if key == name else key) + "=" + size for key, size in fed]
            less.nodes = [node("Mystery", [hidden], [name], domain="nobody")] + parts.nodes
            put_back(less, thing, hidden, is_port)
            yield case, name, less.write(), given
            if not is_port:
                less, thing = without(parts, name)
                put_back(less, (name, dims, thing[2] if len(thing) > 2 else FLOAT), name, True)
                yield case, "values of " + name, less.write(), same + ([name + "=" + "x".join(map(str, dims))] if dims else [])
            if parts.opset is None or not 9 <= parts.opset <= 26 or not all(isinstance(d, int) for d in dims):
                continue
            for axis in range(len(dims)):
                less, thing = without(parts, name)
                less.nodes = [node("Compress", [hidden, "condition"], [name], axis=axis)] + parts.nodes
                put_back(less, thing, hidden, is_port)
                less.ports = less.ports + [("condition", (dims[axis],), BOOL)]
                yield case, "axis %d of %s" % (axis, name), less.write(), given + ["condition=%d" % dims[axis]]
