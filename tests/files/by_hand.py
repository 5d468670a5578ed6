"""Models whose outcome is worked out by hand from the operators' definitions (docs/Operators.md and
docs/ContribOperators.md of ONNX and onnxruntime): numbers that are computed before the shapes are
known, and borders of shapes."""
from onnx_write import *

BIG = 2**63 - 1
LEAST = -(2**63)
NAN = float("nan")
SEEN = 1000  # added to a number, so that it can be a size


def ints(*values, kind=INT64):
    return (kind, [len(values)], list(values))


def reals(*values, kind=FLOAT):
    return (kind, [len(values)], [float(v) for v in values])


def table(kind, *rows):
    return (kind, [len(rows), len(rows[0])], [v for row in rows for v in row])


def one(value, kind=INT64):
    return (kind, [], [value])


OPEN = None  # it is not computed, so that the sizes are open
T, F = True, False
FOLDED = [  # operator, attributes, constants, the numbers of the result; below 2^63 - 1000, above -1000
    ("Add", {}, [ints(3, -5), ints(4, 5)], [7, 0]), ("Add", {}, [ints(BIG), ints(1)], OPEN), ("Add", {}, [reals(1.5), reals(1.5)], [3]),
    ("Add", {}, [ints(250, kind=UINT8), ints(5, kind=UINT8)], [255]), ("Add", {}, [ints(250, kind=UINT8), ints(6, kind=UINT8)], OPEN),
    ("Sub", {}, [ints(3, kind=UINT8), ints(5, kind=UINT8)], OPEN), ("Add", {}, [ints(100, kind=INT8), ints(27, kind=INT8)], [127]),
    ("Add", {}, [ints(100, kind=INT8), ints(28, kind=INT8)], OPEN), ("Sub", {}, [ints(-100, kind=INT8), ints(29, kind=INT8)], OPEN),
    ("Add", {}, [ints(2**31 - 2, kind=INT32), ints(1, kind=INT32)], [2**31 - 1]), ("Add", {}, [ints(2**31 - 1, kind=INT32), ints(1, kind=INT32)], OPEN),
    ("Sub", {}, [ints(-(2**31), kind=INT32), ints(1, kind=INT32)], OPEN), ("Sub", {}, [ints(3), ints(5)], [-2]), ("Sub", {}, [ints(LEAST), ints(1)], OPEN),
    ("Mul", {}, [ints(6), ints(-7)], [-42]), ("Mul", {}, [ints(2**32), ints(2**31)], OPEN), ("Mul", {}, [reals(2.5), reals(4)], [10]),
    ("Div", {}, [ints(7, -7, 7, 5), ints(2, 2, -2, -1)], [3, -3, -3, -5]), ("Div", {}, [ints(7), ints(0)], OPEN), ("Div", {}, [ints(LEAST), ints(-1)], OPEN),
    ("Div", {}, [reals(7), reals(2)], [3]), ("Sub", {}, [reals(7), reals(2.5)], [4]),
    ("Mod", {}, [ints(7, -7, 7, -7, 6, 7), ints(3, 3, -3, -3, 3, -1)], [1, 2, -2, -1, 0, 0]), ("Mod", {}, [ints(7), ints(0)], OPEN),
    ("Mod", {"fmod": 1}, [reals(7), reals(4)], OPEN), ("Mod", {"fmod": 1}, [ints(7, -7, 7, -7, 6, 7), ints(3, 3, -3, -3, 3, -1)], [1, -1, 1, -1, 0, 0]), ("Mod", {"fmod": 1}, [ints(7), ints(0)], OPEN),
    ("Less", {}, [reals(NAN, 1), reals(1, NAN)], [0, 0]), ("Greater", {}, [reals(NAN, 1), reals(1, NAN)], [0, 0]), ("Equal", {}, [reals(NAN, 1), reals(NAN, NAN)], [0, 0]),
    ("LessOrEqual", {}, [reals(NAN, 1), reals(1, NAN)], [0, 0]), ("GreaterOrEqual", {}, [reals(NAN, 1), reals(1, NAN)], [0, 0]),
    ("Max", {}, [reals(NAN), reals(5)], OPEN), ("Max", {}, [reals(5), reals(NAN)], OPEN), ("Min", {}, [reals(NAN), reals(5)], OPEN), ("Min", {}, [reals(5), reals(NAN)], OPEN),
    ("Cast", {"to": INT64}, [reals(NAN)], OPEN),
    ("Pow", {}, [ints(2, 7, -2), ints(5, 0, 3)], [32, 1, -8]), ("Pow", {}, [ints(2), ints(-1)], OPEN), ("Pow", {}, [ints(1), ints(64)], OPEN), ("Pow", {}, [ints(10), ints(30)], OPEN),
    ("Max", {}, [ints(3, 9), ints(5, 1), ints(4, 2)], [5, 9]), ("Min", {}, [ints(3, 9), ints(5, 1), ints(4, 2)], [3, 1]), ("Max", {}, [ints(3)], [3]),
    ("Max", {}, [reals(3, 9), reals(5, 1)], [5, 9]), ("Min", {}, [reals(3, 9), reals(5, 1)], [3, 1]), ("Sum", {}, [reals(3), reals(5), reals(0.5)], [8]),
    ("Less", {}, [ints(1, 2, 3), ints(2, 2, 2)], [1, 0, 0]), ("Greater", {}, [ints(1, 2, 3), ints(2, 2, 2)], [0, 0, 1]), ("Equal", {}, [ints(1, 2, 3), ints(2, 2, 2)], [0, 1, 0]),
    ("LessOrEqual", {}, [ints(1, 2, 3), ints(2, 2, 2)], [1, 1, 0]), ("GreaterOrEqual", {}, [ints(1, 2, 3), ints(2, 2, 2)], [0, 1, 1]),
    ("Less", {}, [reals(1, 2, 3), reals(2, 2, 2)], [1, 0, 0]), ("Equal", {}, [reals(1, 2, 3), reals(2, 2, 2)], [0, 1, 0]),
    ("And", {}, [ints(F, F, T, T, kind=BOOL), ints(F, T, F, T, kind=BOOL)], [0, 0, 0, 1]), ("Or", {}, [ints(F, F, T, T, kind=BOOL), ints(F, T, F, T, kind=BOOL)], [0, 1, 1, 1]),
    ("Xor", {}, [ints(F, F, T, T, kind=BOOL), ints(F, T, F, T, kind=BOOL)], [0, 1, 1, 0]), ("Not", {}, [ints(F, T, kind=BOOL)], [1, 0]),
    ("Floor", {}, [reals(-1.5, 1.5, 2)], [-2, 1, 2]), ("Ceil", {}, [reals(-1.5, 1.5, 2)], [-1, 2, 2]), ("Round", {}, [reals(2.5, 3.5, -0.5, 2.6, 2.4)], [2, 4, 0, 3, 2]),
    ("Floor", {}, [reals(1e16, kind=DOUBLE)], [10**16]), ("Ceil", {}, [reals(-7, kind=DOUBLE)], [-7]), ("Neg", {}, [ints(5, -5)], [-5, 5]), ("Neg", {}, [reals(5)], [-5]),
    ("Neg", {}, [ints(LEAST)], OPEN), ("Abs", {}, [ints(5, -5)], [5, 5]), ("Abs", {}, [reals(5, -5)], [5, 5]),
    ("Cast", {"to": INT64}, [reals(2.7, -2.7)], [2, -2]), ("Cast", {"to": INT64}, [reals(1e19, kind=DOUBLE)], OPEN), ("Cast", {"to": INT64}, [reals(-1e19, kind=DOUBLE)], OPEN),
    ("Cast", {"to": BOOL}, [reals(0.5, 0)], [1, 0]), ("Cast", {"to": BOOL}, [ints(5, 0)], [1, 0]), ("Cast", {"to": UINT8}, [ints(300)], OPEN), ("Cast", {"to": FLOAT}, [ints(300)], [300]), ("Cast", {"to": DOUBLE}, [reals(0.5)], [0]),
    ("Cast", {"to": FLOAT16}, [reals(0.5)], OPEN),
    ("Where", {}, [ints(T, F, kind=BOOL), ints(1, 2), ints(3, 4)], [1, 4]),
    ("Transpose", {}, [table(INT64, (1, 2, 3), (4, 5, 6))], [1, 4, 2, 5, 3, 6]), ("Transpose", {"perm": [0, 1]}, [table(INT64, (1, 2), (3, 4))], [1, 2, 3, 4]), ("Transpose", {"perm": [1, 0]}, [table(INT64, (1, 2), (3, 4))], [1, 3, 2, 4]),
    ("Tile", {}, [ints(1, 2), ints(2)], [1, 2, 1, 2]), ("Expand", {}, [ints(1, 2), ints(2, 2)], [1, 2, 1, 2]),
    ("Slice", {}, [ints(1, 2, 3, 4), ints(-1), ints(LEAST), ints(-1), ints(-2)], [4, 2]), ("Slice", {}, [table(INT64, (1, 2, 3), (4, 5, 6)), ints(1), ints(BIG), ints(-1)], [2, 3, 5, 6]), ("Slice", {}, [ints(1, 2, 3), ints(1), ints(2)], [2]),
    ("Gather", {}, [ints(1, 2, 3), ints(-1, 0)], [3, 1]), ("Gather", {"axis": -1}, [table(INT64, (1, 2, 3), (4, 5, 6)), ints(1)], [2, 5]), ("Gather", {"axis": 0}, [table(INT64, (1, 2, 3), (4, 5, 6)), one(1)], [4, 5, 6]),
    ("Concat", {"axis": -1}, [table(INT64, (1, 2)), table(INT64, (3, 4))], [1, 2, 3, 4]), ("Concat", {"axis": 0}, [ints(1), ints(2, 3)], [1, 2, 3]),
    ("ReduceMax", {}, [ints(3, 9, 4)], [9]), ("ReduceMin", {}, [ints(3, 1, 4)], [1]), ("ReduceSum", {}, [ints(3, 9, 4)], [16]), ("ReduceProd", {}, [ints(3, 9, 4)], [108]),
    ("ReduceMax", {}, [ints()], OPEN), ("ReduceMin", {}, [ints()], OPEN), ("ReduceSum", {}, [ints(2**31 - 1, 1, kind=INT32)], OPEN), ("ReduceSum", {}, [ints(2**31 - 2, 1, kind=INT32)], [2**31 - 1]),
    ("Neg", {}, [ints(-128, kind=INT8)], OPEN), ("Abs", {}, [ints(-128, kind=INT8)], OPEN), ("Abs", {}, [ints(-127, kind=INT8)], [127]),
    ("ReduceProd", {}, [ints(2**40, 2**40)], OPEN), ("ReduceSum", {}, [ints(BIG, BIG)], OPEN), ("ReduceMax", {"axes": [0]}, [table(INT64, (1, 2), (3, 4))], OPEN), ("ReduceMax", {}, [reals(3, 9)], OPEN), ("ReduceProd", {}, [ints()], [1]), ("ReduceSum", {}, [ints()], [0]),
    ("ScatterND", {}, [ints(1, 2, 3), table(INT64, (0,), (-1,)), ints(8, 9)], [8, 2, 9]), 
    ("ScatterND", {}, [table(INT64, (1, 2)), table(INT64, (0,)), table(INT64, (8, 9))], OPEN),
    ("NonZero", {}, [ints(0, 5, 0, 7)], [1, 3]), ("NonZero", {}, [reals(0, 5, 0, 7)], [1, 3]), ("NonZero", {}, [table(INT64, (0, 5), (7, 0))], [0, 1, 1, 0]),
    ("Shape", {"start": 1}, [table(INT64, (1, 2, 3), (4, 5, 6))], [3]), ("Shape", {"end": -1}, [table(INT64, (1, 2, 3), (4, 5, 6))], [2]), ("Size", {}, [table(INT64, (1, 2, 3), (4, 5, 6))], [6]),
    ("Range", {}, [one(3), one(9), one(2)], [3, 5, 7]), ("Range", {}, [one(9), one(3), one(-3)], [9, 6]), ("Range", {}, [one(0.0, FLOAT), one(1.0, FLOAT), one(0.5, FLOAT)], [0, 0]),
    ("Range", {}, [one(3), one(9.0, FLOAT), one(2)], OPEN), ("Range", {}, [ints(), one(9), one(2)], OPEN), ("Range", {}, [one(3), one(9), ints(1, 2)], OPEN),
    ("ConstantOfShape", {"value": Tensor(tensor("", [1], INT64, [7]))}, [ints(2)], [7, 7]), ("ConstantOfShape", {}, [ints(2)], [0, 0]), ("ConstantOfShape", {"value": Tensor(tensor("", [1], FLOAT16, [7.0]))}, [ints(2)], OPEN),
    ("Squeeze", {}, [table(INT64, (1, 2))], [1, 2]), ("Unsqueeze", {}, [ints(3, 4), ints(0)], [3, 4]), ("Reshape", {}, [ints(3, 4), ints(2, 1)], [3, 4]), ("Identity", {}, [ints(3)], [3]),
]


def folded():
    """(name, model, the outputs in one line)"""
    for at, (kind, attrs, constants, wanted) in enumerate(FOLDED):
        names = ["k%d" % i for i in range(len(constants))]
        nodes = [node(kind, names, ["r"], **attrs), node("Cast", ["r"], ["whole"], to=INT64), node("Reshape", ["whole", "flat"], ["list"]),
                 node("Add", ["list", "seen"], ["sizes"]), node("ConstantOfShape", ["sizes"], ["y"])]
        tensors = [tensor(n, dims, t, values) for n, (t, dims, values) in zip(names, constants)]
        tensors += [tensor("flat", [1], INT64, [-1]), tensor("seen", [1], INT64, [SEEN])]
        body = graph(nodes, [port("x", (1,))], [port("y", None)], tensors)
        yield "%s %d" % (kind, at), model(body, 15), None if wanted is None else "y:" + "x".join(str(SEEN + n) for n in wanted)


MS = "com.microsoft"
X = (1, 3, 7, 7)
HUGE = 2**62
# operator, attributes, shapes that enter, constants, opset, what comes out or words of the error
BORDERS = [
    ("Conv", {"group": 0}, [X], [(FLOAT, [4, 3, 3, 3], None)], 11, "'group'"),
    ("Conv", {}, [(1, 3)], [(FLOAT, [4, 3, 3, 3], None)], 11, "2 dimensions"),
    ("Conv", {"kernel_shape": [3]}, [X], [(FLOAT, [4, 3, 3, 3], None)], 11, "'kernel_shape'"),
    ("Conv", {"kernel_shape": [2, 2]}, [X], [(FLOAT, [4, 3, 3, 3], None)], 11, "its kernel is given as 2, but its weights have 3"),
    ("Conv", {"strides": [2**40, 1]}, [X], [(FLOAT, [4, 3, 3, 3], None)], 11, "'strides'"),
    ("Conv", {"pads": [2**31 - 1] * 4}, [(1, 3, BIG - 9, 7)], [(FLOAT, [4, 3, 3, 3], None)], 11, "64 bits"),
    ("Conv", {}, [X], [(FLOAT, [4, 3, 3, 3], None), (FLOAT, [5], None)], 11, "4"),
    ("Conv", {}, [X], [(FLOAT, [4, 3, 3, 3], None), (FLOAT, [1, 4], None)], 11, "4"),
    ("Conv", {"group": 2**62}, [X], [(FLOAT, [4, 3, 3, 3], None)], 11, "channels"),
    ("Conv", {"kernel_shape": ["3", "3"]}, [X], [(FLOAT, [4, 3, 3, 3], None)], 11, "'kernel_shape'"),
    ("ConvTranspose", {"kernel_shape": [3]}, [X], [(FLOAT, [3, 4, 3, 3], None)], 11, "'kernel_shape'"),
    ("ConvTranspose", {"output_padding": ["1", "1"]}, [X], [(FLOAT, [3, 4, 3, 3], None)], 11, "'output_padding'"),
    ("ConvTranspose", {"output_padding": [-1, 0]}, [X], [(FLOAT, [3, 4, 3, 3], None)], 11, "'output_padding'"),
    ("ConvTranspose", {"output_shape": [2**31 - 1, 7]}, [X], [(FLOAT, [3, 4, 3, 3], None)], 11, "'output_shape'"),
    ("ConvTranspose", {"auto_pad": "SAME_UPPER", "pads": [0] * 4}, [X], [(FLOAT, [3, 4, 3, 3], None)], 11, "'pads'"),
    ("ConvTranspose", {"auto_pad": "SAME_UPPER", "strides": [2, 2]}, [(1, 3, HUGE, 7)], [(FLOAT, [3, 4, 3, 3], None)], 11, "64 bits"),
    ("ConvTranspose", {"pads": [9] * 4}, [(1, 3, 1, 1)], [(FLOAT, [3, 4, 3, 3], None)], 11, "-1"),
    ("ConvTranspose", {"group": 3}, [(1, 4, 7, 7)], [(FLOAT, [4, 4, 3, 3], None)], 11, "channels"),
    ("ConvTranspose", {}, [X], [(FLOAT, [3, 4, 3, 3], None), (FLOAT, [5], None)], 11, "4"),
    ("MaxPool", {"kernel_shape": [9, 9]}, [X], [], 12, "9"),
    ("MaxPool", {"kernel_shape": ["9", "9"]}, [X], [], 12, "'kernel_shape'"),
    ("MaxPool", {"kernel_shape": [2, 2], "strides": ["9", "9"]}, [X], [], 12, "'strides'"),
    ("MaxPool", {"kernel_shape": [2, 2], "dilations": ["9", "9"]}, [X], [], 12, "'dilations'"),
    ("MaxPool", {"kernel_shape": [2**31 - 1, 1], "dilations": [2**31 - 1, 1], "pads": [2**31 - 2] * 4}, [(1, 3, BIG, 1)], [], 12, "64 bits"),
    ("GlobalAveragePool", {}, [(3, 4)], [], 13, "2 dimensions"),
    ("MaxUnpool", {"kernel_shape": [2, 2]}, [(3, 4)], [(INT64, [3, 4], None)], 11, "2 dimensions"),
    ("MaxUnpool", {}, [X], [(INT64, list(X), None)], 11, "'kernel_shape'"),
    ("MaxUnpool", {"kernel_shape": [2, 2], "strides": [2**31 - 1, 1]}, [(1, 1, HUGE, 1)], [(INT64, [1], None)], 11, "64 bits"),
    ("MaxRoiPool", {"pooled_shape": [2, 3]}, [X, (5, 5)], [], 1, "y:5x3x2x3"),
    ("MaxRoiPool", {"pooled_shape": [0, 3]}, [X, (5, 5)], [], 1, "0"),
    ("MaxRoiPool", {"pooled_shape": [3, 0]}, [X, (5, 5)], [], 1, "0"),
    ("MaxRoiPool", {"pooled_shape": [2]}, [X, (5, 5)], [], 1, "'pooled_shape'"),
    ("Gemm", {}, [(2, 5)], [(FLOAT, [5, 4], None), (FLOAT, [3], None)], 13, "stretched"),
    ("Gemm", {}, [(2, 5)], [(FLOAT, [4, 4], None)], 13, "4"),
    ("Gemm", {"transA": 1}, [(5, 2)], [(FLOAT, [5, 4], None)], 13, "y:2x4"),
    ("MatMul", {}, [(2, 5)], [(FLOAT, [], None)], 13, "dimensions"),
    ("Einsum", {"equation": "...i,...i->..."}, [(2, 3, 5), (4, 3, 5)], [], 12, "stretched"),
    ("Einsum", {"equation": "ij,jk"}, [(2, 3), (3, 4)], [], 12, "y:2x4"),
    ("Einsum", {"equation": "ij,jk,kl->il"}, [(2, 3), (3, 4), (4, 5)], [], 12, "y:2x5"),
    ("Einsum", {"equation": "i%j->i"}, [(2, 3)], [], 12, "'equation'"),
    ("Einsum", {}, [(2, 3)], [], 12, "'equation'"),
    ("Einsum", {"equation": ""}, [(2, 3)], [], 12, "'equation'"),
    ("Einsum", {"equation": "i->iiiiiiiii"}, [(2,)], [], 12, "dimensions"),
    ("Einsum", {"equation": "...->......i"}, [(2,)], [], 12, "'equation'"),
    ("Einsum", {"equation": "abcdefgh,ijk"}, [(1,) * 8, (1,) * 3], [], 12, "dimensions"),
    ("Einsum", {"equation": "i,i->i"}, [(0,), (0,)], [], 12, "y:0"),
    ("PRelu", {}, [(2, 3)], [(FLOAT, [4], None)], 13, "stretched"),
    ("Add", {}, [(0, 3), (2, 3)], [], 13, "stretched"), ("Add", {}, [(2, 3), (0, 3)], [], 13, "stretched"), ("Add", {}, [(0, 3), (0, 3)], [], 13, "y:0x3"),
    ("Softmax", {"axis": 5}, [(2, 3)], [], 13, "'axis'"), ("LayerNormalization", {"axis": 5}, [(2, 3)], [(FLOAT, [3], None)], 17, "'axis'"),
    ("LayerNormalization", {}, [(2, 3)], [(FLOAT, [4], None)], 17, "stretched"),
    ("BatchNormalization", {}, [X], [(FLOAT, [4], None)] + [(FLOAT, [3], None)] * 3, 13, "4"),
    ("BatchNormalization", {}, [X], [(FLOAT, [3, 1], None)] + [(FLOAT, [3], None)] * 3, 13, "3"),
    ("InstanceNormalization", {}, [X], [(FLOAT, [4], None), (FLOAT, [4], None)], 6, "4"),
    ("GroupNormalization", {"num_groups": 2}, [X], [(FLOAT, [2], None), (FLOAT, [2], None)], 18, "'num_groups'"),
    ("GroupNormalization", {"num_groups": 3}, [X], [(FLOAT, [3], None), (FLOAT, [3], None)], 21, "y:1x3x7x7"),
    ("Cast", {"to": 99}, [X], [], 13, "'to'"), ("Cast", {"to": "FLOAT"}, [X], [], 1, "y:1x3x7x7"), ("Cast", {"to": "NOTHING"}, [X], [], 1, "y:1x3x7x7"),
    ("Reshape", {"shape": [3, -1]}, [X], [], 1, "y:3x49"), ("Reshape", {}, [X], [], 1, "'shape'"), ("Reshape", {"shape": ["1"]}, [X], [], 1, "'shape'"),
    ("Reshape", {}, [X], [ints(*[1] * 9)], 13, "dimensions"), ("Reshape", {}, [X], [ints(4, -1)], 13, "147"), ("Reshape", {}, [X], [ints(-1, -1)], 13, "'shape' cannot be -1"), ("Reshape", {}, [X], [ints(-2)], 13, "-2"),
    ("Transpose", {"perm": ["1"]}, [X], [], 13, "'perm'"), ("Transpose", {"perm": [0, 0, 1, 2]}, [X], [], 13, "'perm'"), ("Transpose", {"perm": [-1, 0, 1, 2]}, [X], [], 13, "'perm'"), ("Transpose", {"perm": [0, 1, 2, 9]}, [X], [], 13, "'perm'"),
    ("Squeeze", {"axes": ["1"]}, [X], [], 11, "'axes'"), ("Squeeze", {"axes": [1]}, [X], [], 11, "'axes' cannot be 1"), ("Squeeze", {"axes": [0]}, [(0, 3)], [], 11, "'axes' cannot be 0"), ("Squeeze", {}, [(1, 3, 1)], [], 13, "y:3"),
    ("Unsqueeze", {}, [(1, 3)], [ints(*range(7))], 13, "dimensions"), ("Flatten", {"axis": 2}, [(HUGE, 3, 4)], [], 13, "64 bits"), ("Expand", {}, [(1, 3)], [ints(-1, 3)], 13, "-1"),
    ("Expand", {}, [(2, 3)], [ints(4, 3)], 13, "stretched"),
    ("Concat", {"axis": 0}, [(BIG, 1), (1, 1)], [], 13, "64 bits"), ("Concat", {"axis": 0}, [(2, 1), (1, 2)], [], 13, "the sizes 1 and 2 do not fit"), ("Concat", {"axis": 3}, [(2, 1), (1, 2)], [], 13, "'axis'"),
    ("Gather", {"axis": 4}, [X], [ints(1)], 13, "'axis'"), ("Gather", {}, [(1,) * 8], [table(INT64, (0, 0))], 13, "dimensions"), ("Gather", {}, [X], [ints(5)], 13, "5"),
    ("GatherND", {}, [X], [(INT64, [], [0])], 13, "y:null"), ("GatherND", {"batch_dims": -1}, [X], [table(INT64, (0, 0))], 13, "'indices'"), ("GatherND", {}, [(2, 3)], [table(INT64, (0, 0, 0))], 13, "'indices' cannot be 3"),
    ("GatherND", {}, [(2, 3)], [table(INT64, (0,))], 13, "y:1x3"), ("GatherND", {"batch_dims": 3}, [X], [table(INT64, (0, 0))], 13, "'indices'"),
    ("TopK", {"axis": 7}, [X], [ints(1)], 11, "'axis'"), ("TopK", {}, [X], [ints(-1)], 11, "-1"), ("TopK", {}, [X], [ints(8)], 11, "8"), ("TopK", {}, [X], [ints(2)], 11, "y:1x3x7x2"),
    ("OneHot", {"axis": 7}, [(2, 3)], [ints(4), reals(0, 1)], 11, "'axis'"), ("OneHot", {}, [(1,) * 8], [ints(4), reals(0, 1)], 11, "dimensions"), ("OneHot", {}, [(2, 3)], [one(4), reals(0, 1)], 11, "y:2x3x4"),
    ("OneHot", {"axis": 0}, [(2, 3)], [ints(4), reals(0, 1)], 11, "y:4x2x3"), ("OneHot", {}, [(2, 3)], [ints(4, 5), reals(0, 1)], 11, "y:2x3x?"),
    ("Compress", {"axis": 7}, [(2, 3)], [ints(T, F, kind=BOOL)], 11, "'axis'"), ("Compress", {"axis": 0}, [(2, 3)], [ints(T, F, kind=BOOL)], 11, "y:1x3"),
    ("Split", {"split": ["1"]}, [(2, 3)], [], 11, "'split'"), ("Split", {"split": [1, 1]}, [(2, 3)], [], 11, "has the length 2, not 1"), ("Split", {"split": [-1]}, [(2, 3)], [], 11, "'split'"), ("Split", {"split": [BIG]}, [(2, 3)], [], 11, "the sizes 9223372036854775807 and 2 do not fit"),
    ("Slice", {"starts": ["1"], "ends": [1]}, [(2, 3)], [], 9, "'starts'"), ("Slice", {"starts": [1], "ends": ["1"]}, [(2, 3)], [], 9, "'ends'"), ("Slice", {"starts": [1], "ends": [1, 2]}, [(2, 3)], [], 9, "'ends' has the length 2, not 1"),
    ("Slice", {"starts": [0], "ends": [1]}, [(2, 3)], [], 9, "y:1x3"), ("Slice", {}, [(2, 3)], [ints(0), ints(1), ints(0), ints(0)], 13, "'steps'"), ("Slice", {}, [(2, 3)], [ints(1), ints(LEAST), ints(0), ints(LEAST)], 13, "y:1x3"),
    ("Slice", {}, [(2, 3)], [ints(0, 0, 0), ints(1, 1, 1)], 13, "3 dimensions"), ("Slice", {}, [(2, 3)], [ints(0), ints(1, 1)], 13, "'ends' has the length 2, not 1"), ("Slice", {}, [(2, 3)], [ints(0), ints(1), ints(0), ints(1, 1)], 13, "'steps' has the length 2, not 1"), ("Slice", {}, [(2, 3)], [ints(0), ints(1), ints(0, 1)], 13, "'starts' has the length 1, not 2"),
    ("DepthToSpace", {"blocksize": 0}, [(1, 4, 2, 2)], [], 13, "'blocksize'"), ("DepthToSpace", {"blocksize": 2}, [(1, 4, HUGE, 1)], [], 13, "64 bits"), ("DepthToSpace", {"blocksize": 65536}, [(1, 4, 2, 2)], [], 13, "'blocksize'"),
    ("DepthToSpace", {"blocksize": 2}, [(4, 2, 2)], [], 13, "'blocksize'"), ("SpaceToDepth", {"blocksize": 2}, [(1, HUGE, 2, 2)], [], 13, "64 bits"), ("SpaceToDepth", {"blocksize": 0}, [(1, 4, 2, 2)], [], 13, "'blocksize'"),
    ("GridSample", {}, [(1, 2, 4, 4), (1, 3, 2)], [], 16, "dimensions"), ("GridSample", {}, [(1, 2), (1, 2)], [], 20, "dimensions"), ("GridSample", {}, [(1, 2, 4, 4), (1, 3, 3, 2)], [], 16, "y:1x2x3x3"),
    ("AffineGrid", {}, [(1, 2, 3)], [ints(1, 2)], 20, "'size' has the length 2, not 4"), ("Resize", {"axes": ["1"]}, [X], [reals(), reals(2, 2)], 18, "'axes'"), ("Resize", {}, [X], [reals(), reals(2, 2)], 13, "'scales'"),
    ("Upsample", {"scales": [1.0, 1.0]}, [X], [], 7, "'scales'"), ("Upsample", {}, [X], [], 7, "'scales'"), ("Upsample", {"scales": [1.0, 1.0, 0.5, 2.0]}, [X], [], 7, "'scales'"), ("Upsample", {}, [X], [one(2.0, FLOAT)], 9, "'scales'"),
    ("Pad", {"pads": [1, 1]}, [X], [], 2, "'pads'"), ("Pad", {"paddings": [0, 0, 1, 1, 0, 0, 1, 1]}, [X], [], 1, "y:1x3x9x9"), ("Pad", {"pads": ["1"]}, [X], [], 2, "'pads'"), ("Pad", {"mode": "reflect", "pads": [0, 0, 7, 0, 0, 0, 0, 0]}, [X], [], 2, "7"),
    ("Pad", {"pads": [-2, 0]}, [(1,)], [], 2, "would be -1"), ("Pad", {"pads": [BIG, 1]}, [(1,)], [], 2, "64 bits"), ("CenterCropPad", {"axes": [9]}, [X], [ints(3)], 18, "'axis' cannot be 9"), ("CenterCropPad", {"axes": ["1"]}, [X], [ints(3)], 18, "'axes'"),
    ("CenterCropPad", {"axes": [-1]}, [X], [ints(3)], 18, "y:1x3x7x3"), ("CenterCropPad", {}, [X], [ints(3)], 18, "'shape' has the length 1, not 4"),
    ("Range", {}, [], [one(0), one(5), one(0)], 11, "'delta' cannot be 0"), ("Range", {}, [], [one(0.0, FLOAT), one(5.0, FLOAT), one(0.0, FLOAT)], 11, "'delta' cannot be 0"), ("Range", {}, [], [one(0.0, DOUBLE), one(1e300, DOUBLE), one(1e-9, DOUBLE)], 11, "y:?"),
    ("Range", {}, [], [one(5), one(0), one(-2)], 11, "y:3"), ("RandomNormal", {"shape": ["1"]}, [], [], 1, "'shape'"), ("RandomNormal", {"shape": [2, 3]}, [], [], 1, "y:2x3"), ("Multinomial", {"sample_size": 4}, [(2, 9)], [], 7, "y:2x4"),
    ("Multinomial", {"sample_size": 4}, [(9,)], [], 7, "y:?x4"), ("EyeLike", {"dtype": 99}, [(2, 2)], [], 9, "y:2x2"), ("NonZero", {}, [(2, 2)], [], 13, "y:2x?"), ("Unique", {"axis": 5}, [(2, 2)], [], 11, "'axis'"),
    ("Unique", {"axis": 1}, [(2, 3)], [], 11, "y:2x?"), ("Unique", {}, [(2, 3)], [], 11, "y:?"), ("DFT", {"axis": 9}, [(1, 10, 1)], [], 17, "'axis'"), ("DFT", {}, [(1, 10, 1)], [ints(6)], 17, "y:1x6x2"), ("DFT", {"inverse": 1}, [(1, 10, 2)], [], 17, "y:1x10x2"),
    ("DFT", {"axis": 1, "onesided": 1}, [(1, 10, 1)], [one(6)], 17, "y:1x4x2"), ("STFT", {}, [(9,)], [one(2)], 17, "dimensions"), ("STFT", {}, [(1, 9, 1)], [one(0), reals(1, 1)], 17, "'frame_step' cannot be 0"), ("STFT", {"onesided": 0}, [(1, 9, 1)], [one(2), reals(1, 1, 1)], 17, "y:1x4x3x2"),
    ("HannWindow", {"output_datatype": 99}, [], [one(4)], 17, "y:4"), ("HannWindow", {}, [], [one(-4)], 17, "'size' cannot be -4"), ("TfIdfVectorizer", {"ngram_indexes": [0, 4, 2]}, [(2, 9)], [], 9, "y:2x5"), ("TfIdfVectorizer", {"ngram_indexes": [0, 4, 2]}, [(9,)], [], 9, "y:5"), ("TfIdfVectorizer", {"ngram_indexes": [0, 4, 2]}, [(2, 2, 2)], [], 9, "y:null"), ("TfIdfVectorizer", {}, [(9,)], [], 9, "y:null"), ("TfIdfVectorizer", {"ngram_indexes": [0, 4, 2]}, [()], [], 9, "y:null"),
    ("SequenceAt", {}, [(2, 3)], [one(0)], 11, "y:null"), ("ConcatFromSequence", {"axis": 0}, [(2, 3)], [], 11, "y:null"), ("SequenceErase", {}, [(2, 3)], [one(0)], 11, "y:null"), ("SplitToSequence", {"axis": 9}, [(2, 3)], [], 11, "'axis'"),
    ("If", {}, [()], [], 13, "then_branch"), ("Loop", {}, [(2,)], [one(3), one(T, BOOL)], 13, "body"), ("Scan", {"num_scan_inputs": 1}, [(2,)], [], 13, "body"),
    ("QuickGelu", {"domain": MS}, [X], [], 13, "y:1x3x7x7"), ("MultiHeadAttention", {"domain": MS, "num_heads": 2}, [(1, 5, 8), (1, 5, 8), (1, 5, 8)], [], 13, "y:1x5x8"), ("Attention", {"domain": MS, "num_heads": 2}, [(1, 5, 8)], [(FLOAT, [8, 24], None), (FLOAT, [24], None)], 13, "y:1x5x8"),
    ("LSTM", {"hidden_size": 3}, [(5, 2)], [(FLOAT, [1, 12, 2], None), (FLOAT, [1, 12, 3], None)], 14, "dimensions"), ("LSTM", {}, [(5, 1, 2)], [(FLOAT, [1, 12, 2], None), (FLOAT, [1, 12, 3], None)], 14, "y:5x1x1x3"),
    ("LSTM", {"layout": 1}, [(1, 5, 2)], [(FLOAT, [1, 12, 2], None), (FLOAT, [1, 12, 3], None)], 14, "y:1x5x1x3"), ("Det", {}, [(2,)], [], 11, "dimensions"),
]


def borders():
    """(name, model, sizes of its inputs, what comes out or words of the error)"""
    for at, (kind, attrs, shapes, constants, opset, wanted) in enumerate(BORDERS):
        fed, held = ["x%d" % i for i in range(len(shapes))], ["k%d" % i for i in range(len(constants))]
        kind_of = BOOL if kind == "If" else FLOAT
        names = held + fed if kind == "Loop" else fed + held
        body = graph([node(kind, names, ["y"], **attrs)], [port(n, s, kind_of) for n, s in zip(fed, shapes)], [port("y", None)], [tensor(n, d, t, v) for n, (t, d, v) in zip(held, constants)])
        yield "%s %d" % (kind, at), model(body, opset, domains=[(attrs["domain"], 1)] if "domain" in attrs else ()), [n + "=" + "x".join(map(str, s)) for n, s in zip(fed, shapes) if 0 in s], wanted


CHANNELS = ("k", [3, 1, 1])
NONE = "no such layer"  # words of the error
# nodes after x, its shape, constants, opset, the list without its input or words of the error
PADS = lambda *numbers: ("p", [len(numbers)], INT64, list(numbers))
CUT = lambda starts, ends, axes, steps: [(n, [len(v)], INT64, v) for n, v in zip("beas", (starts, ends, axes, steps))]
MIX = lambda apart, perm: [("Constant", [], ["s"], {"value_ints": apart}), ("Reshape", ["x", "s"], ["a"]), ("Transpose", ["a"], ["b"], {"perm": perm}), ("Reshape", ["b", "t"], ["y"])]
LISTS = [
    ([("Mul", ["x", "k"], ["y"])], X, [CHANNELS], 13, "scale"), ([("Add", ["x", "k"], ["y"])], X, [CHANNELS], 13, "bias"), ([("Add", ["k", "x"], ["y"])], X, [CHANNELS], 13, "bias"),
    ([("Sub", ["x", "k"], ["y"])], X, [CHANNELS], 13, NONE), ([("Div", ["x", "k"], ["a"]), ("Relu", ["a"], ["y"])], X, [("k", [])], 13, "relu"), ([("Div", ["k", "x"], ["y"])], X, [("k", [])], 13, NONE),
    ([("Add", ["x", "k"], ["a"]), ("Relu", ["a"], ["y"])], X, [("k", [1])], 13, "relu"), ([("Add", ["x", "k"], ["y"])], X, [("k", [7])], 13, NONE), ([("Sub", ["x", "x"], ["y"])], X, [], 13, NONE), ([("Sum", ["x", "k"], ["y"])], X, [CHANNELS], 13, NONE),
    ([("Concat", ["x", "k"], ["y"], {"axis": 1})], X, [("k", [1, 2, 7, 7])], 13, NONE), ([("Concat", ["x", "k", "k"], ["y"], {"axis": 1})], X, [("k", [1, 2, 7, 7])], 13, NONE), ([("Concat", ["x", "x"], ["y"], {"axis": 0})], X, [], 13, NONE),
    ([("Relu", ["x"], ["a"]), ("Concat", ["x", "a"], ["y"], {"axis": -3})], X, [], 13, "cat(id | relu)"), ([("Concat", ["x"] * 257, ["y"], {"axis": 1})], X, [], 13, NONE),
    ([("ReduceMean", ["x"], ["y"], {"axes": [2, 3]})], X, [], 13, "gap"), ([("ReduceMean", ["x"], ["y"], {"axes": [2, 3], "keepdims": 0})], X, [], 13, "gap,flatten"), ([("ReduceMean", ["x"], ["y"], {"axes": [1]})], X, [], 13, "chmean"),
    ([("ReduceMean", ["x"], ["y"], {"axes": [2]})], X, [], 13, NONE), ([("ReduceMean", ["x"], ["y"], {"axes": [3]})], X, [], 13, NONE), ([("ReduceMean", ["x"], ["y"], {"axes": [2]})], (1, 3, 7), [], 13, "gap"), ([("ReduceMean", ["x"], ["y"], {"axes": [1, 2, 3], "keepdims": 0})], X, [], 13, NONE),
    ([("Resize", ["x", "", "s"], ["y"])], X, [("s", [4], FLOAT, [1., 1., 2., 2.])], 13, "upsample2"), ([("Resize", ["x", "", "", "s"], ["y"])], X, [("s", [4], INT64, [1, 3, 10, 9])], 13, "resize10x9"), ([("Resize", ["x", "", "", "s"], ["y"])], X, [("s", [4], INT64, [1, 3, 14, 7])], 13, "resize14x7"),
    ([("Resize", ["x", "", "s"], ["y"])], (1, 3, 7), [("s", [3], FLOAT, [1., 1., 2.])], 13, NONE), ([("Upsample", ["x", "s"], ["y"])], X, [("s", [4], FLOAT, [1., 1., 3., 3.])], 9, "upsample3"),
    ([("Clip", ["x", "a", "b"], ["y"])], X, [("a", [], FLOAT, [0.]), ("b", [], FLOAT, [6.])], 13, "relu6"), ([("Clip", ["x", "a", "b"], ["y"])], X, [("a", [], FLOAT, [0.]), ("b", [], FLOAT, [5.])], 13, NONE), ([("Clip", ["x", "a"], ["y"])], X, [("a", [], FLOAT, [0.])], 13, NONE),
    ([("Clip", ["x"], ["y"], {"min": 0.0, "max": 6.0})], X, [], 6, "relu6"), ([("Clip", ["x"], ["y"], {"min": -1.0, "max": 6.0})], X, [], 6, NONE),
    ([("PRelu", ["x", "k"], ["y"])], X, [CHANNELS], 13, "prelu3"), ([("PRelu", ["x", "k"], ["y"])], X, [("k", [1])], 13, "prelu1"), ([("Relu", ["x"], ["a"]), ("PRelu", ["x", "a"], ["y"])], X, [], 13, NONE), ([("Mystery", ["k"], ["a"], {"domain": "nobody"}), ("PRelu", ["x", "a"], ["y"])], X, [CHANNELS], 13, NONE),
    ([("Gemm", ["x", "k", "b"], ["y"])], (1, 5), [("k", [5, 4]), ("b", [4])], 13, "FC-4"), ([("Gemm", ["x", "k"], ["y"])], (1, 5), [("k", [5, 4])], 13, "FC-4 b0"), ([("Gemm", ["x", "k"], ["y"], {"transA": 1})], (5, 1), [("k", [5, 4])], 13, NONE), ([("MatMul", ["x", "k"], ["y"])], (1, 5), [("k", [5, 4])], 13, "FC-4 b0"),
    ([("MatMul", ["x", "k"], ["y"])], (1, 2, 5), [("k", [5, 4])], 13, "linear-4 b0"), ([("MatMul", ["k", "x"], ["y"])], (5, 1), [("k", [4, 5])], 13, NONE),
    ([("Conv", ["x", "k"], ["y"])], X, [("k", [4, 3, 3, 3])], 13, "conv3-4 p0 b0"), ([("Transpose", ["k"], ["t"], {"perm": [3, 2, 0, 1]}), ("Conv", ["x", "t"], ["y"])], X, [("k", [3, 3, 3, 4])], 13, "conv3-4 p0 b0"), ([("Identity", ["k"], ["i"]), ("Cast", ["i"], ["t"], {"to": 1}), ("Conv", ["x", "t"], ["y"])], X, [("k", [4, 3, 3, 3], FLOAT16)], 13, "conv3-4 p0 b0"),
    ([("Relu", ["k"], ["t"]), ("Conv", ["x", "t"], ["y"])], X, [("k", [4, 3, 3, 3])], 13, "conv3-4 p0 b0"), ([("Mystery", ["k"], ["t"], {"domain": "nobody"}), ("Conv", ["x", "t"], ["y"], {"kernel_shape": [3, 3]})], X, [("k", [4, 3, 3, 3])], 13, NONE),
    ([("Conv", ["x", "k"], ["y"])], (1, 3, 7), [("k", [4, 3, 3])], 13, "conv3-4 p0 b0"), ([("Conv", ["x", "k"], ["y"], {"auto_pad": "SAME_LOWER", "strides": [2, 2]})], (1, 3, 8, 8), [("k", [4, 3, 3, 3])], 13, "conv3-4 s2 p1+0 b0"),
    ([("Conv", ["x", "k"], ["y"], {"auto_pad": "SAME_UPPER", "strides": [2, 2]})], (1, 3, 8, 8), [("k", [4, 3, 3, 3])], 13, "conv3-4 s2 p0+1 b0"),
    ([("ConvTranspose", ["x", "k"], ["y"], {"output_shape": [8, 8]})], X, [("k", [3, 4, 3, 3])], 13, "deconv3-4 p1+0 b0"), ([("ConvTranspose", ["x", "k"], ["y"], {"strides": [2, 2], "output_padding": [1, 1]})], X, [("k", [3, 4, 3, 3])], 13, "deconv3-4 s2 p0 b0 op1"),
    ([("Conv", ["x", "k"], ["a"], {"pads": [1] * 4}), ("Conv", ["a", "k"], ["y"], {"pads": [1] * 4})], X, [("k", [3, 3, 3, 3])], 13, "n1: conv3-3 p1 b0,reuse(n1)"),
    ([("Relu", ["x"], ["y"])], (5,), [], 13, NONE), ([("Relu", ["x"], ["y"])], (1, 3, 2, 2, 2, 2), [], 13, NONE), ([("Relu", ["x"], ["y"])], (1, 3, 2, 2, 2), [], 13, "relu"), ([("Relu", ["x"], ["y"])], (2, 3, 7, 7), [], 13, "relu"),
    ([("Conv", ["x", "k"], ["y"])], (2, 3, 7, 7), [("k", [4, 3, 3, 3])], 13, "conv3-4 p0 b0"),
    ([("Flatten", ["x"], ["y"])], X, [], 13, "flatten"), ([("Flatten", ["x"], ["y"], {"axis": 2})], X, [], 13, NONE), ([("Reshape", ["x", "s"], ["y"])], X, [("s", [3], INT64, [1, 3, 49])], 13, "reshape3x49"), ([("Reshape", ["x", "s"], ["y"])], X, [("s", [2], INT64, [3, 49])], 13, NONE),
    ([("Unsqueeze", ["x", "s"], ["y"])], (1, 3, 7), [("s", [1], INT64, [3])], 13, "reshape3x7x1"), ([("Flatten", ["x"], ["a"]), ("Reshape", ["a", "s"], ["y"])], X, [("s", [4], INT64, [1, 7, 7, 3])], 13, "flatten,reshape7x7x3"),
    ([("Reshape", ["x", "s"], ["a"]), ("Relu", ["a"], ["y"])], X, [("s", [4], INT64, [0, 0, 0, 0])], 13, "relu"), ([("Reshape", ["x", "s"], ["y"])], X, [("s", [5], INT64, [1, 3, 7, 7, 1])], 13, NONE), ([("Reshape", ["x", "s"], ["y"])], X, [("s", [1], INT64, [147])], 13, NONE), ([("Reshape", ["x", "s"], ["y"])], X, [("s", [4], INT64, [1, 49, 3, 1])], 13, "reshape49x3x1"),
    ([("GlobalAveragePool", ["x"], ["a"]), ("Squeeze", ["a", "s"], ["y"])], X, [("s", [2], INT64, [2, 3])], 13, "gap,flatten"), ([("Shape", ["x"], ["s"]), ("Reshape", ["x", "s"], ["a"]), ("Relu", ["a"], ["y"])], X, [], 13, "relu"),
    ([("Mystery", ["x"], ["y"], {"domain": "nobody"})], X, [], 13, NONE), ([("Exp", ["x"], ["y"])], X, [], 13, NONE), ([("Relu", ["k"], ["y"])], X, [CHANNELS], 13, NONE), ([("DepthToSpace", ["x"], ["y"], {"blocksize": 2})], (1, 8, 3, 3), [], 13, "pixshuf2"), ([("DepthToSpace", ["x"], ["y"], {"blocksize": 2, "mode": "CRD"})], (1, 8, 3, 3), [], 13, "pixshuf2"),
    ([("BatchNormalization", ["x", "k", "b", "m", "v"], ["y"])], X, [(n, [3]) for n in "kbmv"], 13, "bn"), ([("Relu", ["k"], ["a"]), ("BatchNormalization", ["x", "a", "b", "m", "v"], ["y"])], X, [(n, [3]) for n in "kbmv"], 13, "bn"),
    ([("MaxPool", ["x"], ["y"], {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1})], X, [], 13, "maxpool ceil"), ([("AveragePool", ["x"], ["y"], {"kernel_shape": [3, 3], "pads": [1] * 4, "strides": [1, 1]})], X, [], 13, "avgpool3 s1 p1"), ([("MaxPool", ["x"], ["y"], {"kernel_shape": [3]})], (1, 3, 7), [], 13, "maxpool3 s1"),
    ([("Dropout", ["x"], ["a"]), ("Softmax", ["a"], ["y"])], (1, 5), [], 13, "dropout,softmax"), ([("MatMul", ["x", "x"], ["y"])], (1, 1), [], 13, NONE),
    # pads are begins of all axes and then their ends
    ([("Pad", ["x"], ["y"], {"pads": [0, 0, 1, 1, 0, 0, 1, 1]})], X, [], 10, "pad1"), ([("Pad", ["x", "p"], ["y"])], X, [PADS(0, 0, 1, 2, 0, 0, 3, 4)], 13, "pad1+3x2+4"), ([("Pad", ["x", "p"], ["y"])], X, [PADS(0, 1, 0, 0, 0, 2, 0, 0)], 13, "chpad-6"),
    ([("Pad", ["x", "p"], ["y"])], (1, 6, 8, 9), [PADS(0, -1, -1, 0, 0, 2, 0, 3)], 13, "chcrop1+0,crop1+0x0+0,chpad-7,pad0+0x0+3"), ([("Pad", ["x", "p"], ["y"])], X, [PADS(1, 0, 0, 0, 0, 0, 0, 0)], 13, NONE), ([("Pad", ["x", "p"], ["y"])], (2, 3, 7, 7), [PADS(-1, 0, 0, 0, 0, 0, 0, 0)], 13, NONE),
    ([("Pad", ["x", "p"], ["y"])], (1, 3, 7), [("p", [6], INT64, [0, 0, 2, 0, 0, 0])], 13, "pad2+0"), ([("Pad", ["x", "p", "", "a"], ["y"])], X, [("p", [2], INT64, [1, 2]), ("a", [1], INT64, [-1])], 18, "pad0+0x1+2"), ([("Relu", ["x"], ["r"]), ("Pad", ["r", "p"], ["y"])], X, [PADS(0, 0, 0, 0, 0, 0, 0, 0)], 13, "relu"),
    ([("Split", ["x", "p"], ["a", "b", "c"], {"axis": 1}), ("Concat", ["c", "b", "a"], ["y"], {"axis": 1})], (1, 6, 7, 7), [PADS(1, 2, 3)], 13, "cat(chcrop3+0 | chcrop1+3 | chcrop0+5)"), ([("Split", ["x"], ["a", "b"], {"axis": -2}), ("Add", ["a", "b"], ["y"])], (1, 3, 8, 7), [], 13, "add(crop0+4x0+0 | crop4+0x0+0)"),
    ([("Split", ["x"], ["a", ""], {"axis": 1}), ("Conv", ["a", "w"], ["y"])], (1, 6, 7, 7), [("w", [5, 3, 3, 3])], 13, "chcrop0+3,conv3-5 p0 b0"), ([("Split", ["x"], ["a", "y"], {"axis": 0})], (2, 3, 7, 7), [], 13, NONE), ([("Split", ["k"], ["a", "b"]), ("Add", ["x", "a"], ["y"])], X, [("k", [2, 7])], 13, NONE),
    # x[:, 1:-1], x[:, :, 1::2, ::3], x[:, :, ::-1] and x[:, ::2]
    ([("Slice", ["x", "b", "e", "a"], ["y"])], (1, 6, 7, 7), [("b", [1], INT64, [1]), ("e", [1], INT64, [-1]), ("a", [1], INT64, [1])], 13, "chcrop1+1"), ([("Slice", ["x", "b", "e", "a", "s"], ["y"])], (1, 6, 8, 10), CUT([1, 0], [99, 99], [2, 3], [2, 3]), 13, "crop1+0x0+0,maxpool1 s2x3"),
    ([("Slice", ["x", "b", "e", "a", "s"], ["y"])], X, CUT([-1], [-99], [2], [-1]), 13, NONE), ([("Slice", ["x", "b", "e", "a", "s"], ["y"])], X, CUT([0], [99], [1], [2]), 13, NONE), ([("Slice", ["x", "b", "e", "a", "s"], ["y"])], X, CUT([0], [5], [2], [3]), 13, "crop0+3x0+0,maxpool1 s3x1"), ([("Slice", ["x", "b", "e", "a", "s"], ["y"])], X, CUT([0], [1], [1], [2]), 13, "chcrop0+2"),
    ([("Slice", ["x", "b", "e", "a", "s"], ["y"])], (2, 3, 7, 7), CUT([0], [1], [0], [1]), 13, NONE), ([("Relu", ["k"], ["m"]), ("Slice", ["m", "b", "b"], ["n"]), ("Relu", ["x"], ["y"])], X, [("k", [3]), ("b", [1], INT64, [0])], 13, "relu"), ([("Slice", ["x", "b", "e", "a", "s"], ["y"])], (1, 3, 10), CUT([2], [9], [2], [3]), 13, "crop2+0,maxpool1 s3"),
    ([("Transpose", ["x"], ["y"], {"perm": [0, 2, 3, 1]})], X, [], 13, "permute2x3x1"), ([("Relu", ["x"], ["r"]), ("Transpose", ["r"], ["y"], {"perm": [0, 1, 2, 3]})], X, [], 13, "relu"), ([("Transpose", ["x"], ["y"], {"perm": [1, 0, 2, 3]})], X, [], 13, NONE), ([("Transpose", ["x"], ["y"])], (1, 5), [], 13, NONE),
    # channels that are last and are put first
    ([("Transpose", ["x"], ["t"], {"perm": [0, 3, 1, 2]}), ("Conv", ["t", "w"], ["y"])], (1, 9, 8, 3), [("w", [5, 3, 3, 3])], 13, "conv3-5 p0 b0"), ([("Relu", ["x"], ["r"]), ("Transpose", ["r"], ["y"], {"perm": [0, 3, 1, 2]})], (1, 9, 8, 3), [], 13, "relu,permute3x1x2"),
    ([("Transpose", ["x"], ["t"], {"perm": [0, 3, 1, 2]}), ("Transpose", ["x"], ["u"], {"perm": [0, 3, 2, 1]}), ("Concat", ["t", "u"], ["y"], {"axis": 1})], (1, 8, 8, 3), [], 13, "cat(permute3x1x2 | permute3x2x1)"),
    # means of the sides, whatever the sizes are
    ([("ReduceMean", ["x"], ["y"], {"axes": [1, 2], "keepdims": 0})], (1, 3, 4, 3), [], 13, NONE), ([("ReduceMean", ["x"], ["y"], {"axes": [-1, -2], "keepdims": 0})], (1, 3, 4, 3), [], 13, "gap,flatten"), ([("ReduceMax", ["x"], ["y"], {"axes": [2, 3]})], X, [], 13, "gmp"), ([("ReduceMax", ["x"], ["y"], {"axes": [1]})], X, [], 13, "chmax"),
    ([("ReduceMax", ["x"], ["y"], {"axes": [1], "keepdims": 0})], X, [], 13, NONE), ([("ReduceMean", ["x"], ["y"])], X, [], 13, NONE), ([("ReduceMean", ["x", "a"], ["y"])], X, [("a", [2], INT64, [2, 3])], 18, "gap"),
    # a number for each channel, not for each column
    ([("Add", ["x", "k"], ["y"])], (1, 3, 7, 3), [("k", [3])], 13, NONE), ([("Mul", ["x", "k"], ["y"])], (1, 3, 3, 7), [("k", [3, 1])], 13, NONE), ([("Add", ["x", "k"], ["y"])], (1, 3, 7, 3), [("k", [1, 3, 1, 1])], 13, "bias"), ([("Add", ["x", "k"], ["y"])], (1, 3), [("k", [3])], 13, "bias"),
    ([("Add", ["x", "k"], ["y"], {"axis": 1, "broadcast": 1})], (1, 3, 7, 3), [("k", [3])], 6, "bias"), ([("Add", ["x", "k"], ["y"], {"axis": 3, "broadcast": 1})], (1, 3, 7, 3), [("k", [3])], 6, NONE), ([("PRelu", ["x", "k"], ["y"])], (1, 3, 7, 3), [("k", [3])], 13, NONE), ([("PRelu", ["x", "k"], ["y"])], (1, 3, 7, 3), [("k", [3])], 6, "prelu3"),
    ([("SpaceToDepth", ["x"], ["y"], {"blocksize": 2})], (1, 2, 6, 4), [], 13, "pixunshuf2"), ([("InstanceNormalization", ["x", "k", "b"], ["y"])], X, [("k", [3]), ("b", [3])], 13, "in a1"), ([("LayerNormalization", ["x", "k", "b"], ["y"])], X, [("k", [7]), ("b", [7])], 17, "ln1"),
    ([("LayerNormalization", ["x", "k", "b"], ["y"], {"axis": 1})], X, [("k", [3, 7, 7]), ("b", [3, 7, 7])], 17, "ln all"), ([("LayerNormalization", ["x", "k", "b"], ["y"], {"axis": 2})], X, [("k", [7, 7]), ("b", [7, 7])], 17, "ln2"), ([("LayerNormalization", ["x", "k", "b"], ["y"])], (2, 7), [("k", [7]), ("b", [7])], 17, "ln"), ([("LayerNormalization", ["x", "k"], ["y"])], X, [("k", [7])], 17, NONE),
    # transposed: twice 7 of 15 with kernel 3, of 14 with kernel 2; 28 of 26 with kernel 2
    ([("ConvTranspose", ["x", "k"], ["y"], {"strides": [2, 2], "auto_pad": "SAME_UPPER"})], X, [("k", [3, 4, 3, 3])], 13, "deconv3-4 s2 p0+1 b0"), ([("ConvTranspose", ["x", "k"], ["y"], {"strides": [2, 2], "auto_pad": "SAME_LOWER"})], X, [("k", [3, 4, 3, 3])], 13, "deconv3-4 s2 p1+0 b0"),
    ([("ConvTranspose", ["x", "k"], ["y"], {"strides": [4, 4], "auto_pad": "SAME_UPPER"})], X, [("k", [3, 4, 2, 2])], 13, "deconv2-4 s4 p0 b0 op2"), ([("ConvTranspose", ["x", "k"], ["y"], {"strides": [2, 2], "output_shape": [16, 14]})], X, [("k", [3, 4, 3, 3])], 13, "deconv3-4 s2 p0+0x1+0 b0 op1x0"),
    ([("MaxPool", ["x"], ["y"], {"auto_pad": "VALID", "pads": [1, 1, 1, 1], "strides": [9, 9], "kernel_shape": [3, 3]})], X, [], 13, "maxpool3 s9"),
    # biases added afterwards, to what nothing else reads, with weights that nothing else reads
    ([("Conv", ["x", "w"], ["a"]), ("Add", ["a", "b"], ["y"])], X, [("w", [4, 3, 3, 3]), ("b", [4, 1, 1])], 13, "conv3-4 p0"), ([("MatMul", ["x", "w"], ["a"]), ("Add", ["b", "a"], ["y"])], (1, 2, 5), [("w", [5, 4]), ("b", [4])], 13, "linear-4"), ([("MatMul", ["x", "w"], ["a"]), ("Add", ["a", "b"], ["y"])], (1, 5), [("w", [5, 4]), ("b", [4])], 13, "FC-4"),
    ([("Conv", ["x", "w"], ["a"]), ("Add", ["a", "b"], ["c"]), ("Add", ["a", "c"], ["y"])], X, [("w", [4, 3, 3, 3]), ("b", [4, 1, 1])], 13, "conv3-4 p0 b0,add(id | bias)"), ([("Conv", ["x", "w"], ["a"], {"pads": [1] * 4}), ("Add", ["a", "b"], ["c"]), ("Conv", ["c", "w"], ["y"], {"pads": [1] * 4})], X, [("w", [3, 3, 3, 3]), ("b", [3, 1, 1])], 13, "n1: conv3-3 p1 b0,bias,reuse(n1)"),
    ([("Conv", ["x", "w"], ["a"]), ("Add", ["a", "b"], ["y"])], X, [("w", [4, 3, 3, 3]), ("b", [1])], 13, "conv3-4 p0 b0"), ([("Conv", ["x", "w"], ["a"]), ("Add", ["a", "b"], ["y"])], (1, 3, 6, 6), [("w", [4, 3, 3, 3]), ("b", [4])], 13, NONE), ([("MatMul", ["x", "w"], ["a"]), ("Add", ["a", "b"], ["y"])], (1, 4, 5), [("w", [5, 4]), ("b", [4, 1])], 13, "linear-4 b0,bias"),
    ([("Conv", ["x", "w"], ["a"]), ("Add", ["a", "a"], ["y"])], X, [("w", [4, 3, 3, 3])], 13, "conv3-4 p0 b0,add(id | id)"), ([("Conv", ["x", "w", "b"], ["a"]), ("Add", ["a", "c"], ["y"])], X, [("w", [4, 3, 3, 3]), ("b", [4]), ("c", [4, 1, 1])], 13, "conv3-4 p0,bias"), ([("Conv", ["x", "w"], ["a"]), ("Add", ["a", "b"], ["y"])], (1, 3, 3, 3), [("w", [4, 3, 3, 3]), ("b", [4, 2, 2])], 13, NONE),
    # groups of channels exchanged with the channels in them
    (MIX([1, 2, 3, 7, 7], [0, 2, 1, 3, 4]), (1, 6, 7, 7), [("t", [4], INT64, [1, 6, 7, 7])], 13, "shuffle2"), (MIX([1, 3, 2, 7, 7], [0, 2, 1, 3, 4]), (1, 6, 7, 7), [("t", [4], INT64, [1, 6, 7, 7])], 13, "shuffle3"), (MIX([1, 2, 3, 7, 7], [0, 2, 1, 4, 3]), (1, 6, 7, 7), [("t", [4], INT64, [1, 6, 7, 7])], 13, NONE),
    (MIX([1, 2, 3, 7, 7], [0, 2, 1, 3, 4]), (1, 6, 7, 7), [("t", [3], INT64, [1, 6, 49])], 13, NONE), (MIX([1, 6, 7, 1, 7], [0, 2, 1, 3, 4]), (1, 6, 7, 7), [("t", [4], INT64, [1, 6, 7, 7])], 13, NONE),
    # parts that nothing reads
    ([("Split", ["x"], ["y", "b", "c"], {"axis": 1})], (1, 6, 7, 7), [], 13, "chcrop0+4"),
    # one bias of two layers: 2 x 81 weights and 3 biases
    ([("Conv", ["x", "w", "b"], ["a"]), ("Conv", ["a", "v", "b"], ["y"])], X, [("w", [3, 3, 3, 3]), ("v", [3, 3, 3, 3]), ("b", [3])], 13, "168 parameters, but the file has 165"), ([("BatchNormalization", ["x", "k", "k", "k", "k"], ["y"])], X, [("k", [3])], 13, "12 parameters, but the file has 3"),
    ([("Gemm", ["x", "k", "b"], ["y"])], (1, 5), [("k", [5, 4]), ("b", [1])], 13, NONE), ([("GroupNormalization", ["x", "k", "b"], ["y"], {"num_groups": 1})], X, [("k", [1]), ("b", [1])], 18, NONE), ([("LayerNormalization", ["x", "k", "b"], ["y"])], X, [("k", [1]), ("b", [1])], 17, NONE), ([("LayerNormalization", ["x", "k", "b"], ["y"], {"axis": 0})], (1, 7), [("k", [7]), ("b", [7])], 17, NONE),
    # nodes that nothing reads: 2 x 3 x 49 products
    ([("Relu", ["x"], ["y"]), ("Sigmoid", ["x"], ["a"])], X, [], 13, "relu"), ([("Relu", ["x"], ["y"]), ("Conv", ["x", "k"], ["a"])], X, [("k", [2, 3, 1, 1])], 13, "relu,# 294 MACs do not lead to the output; those of aux(...) are not counted,aux(@input, conv1-2 p0 b0)"),
]


def lists():
    """(name, model, the list without its input or words of the error)"""
    for at, (nodes, shape, constants, opset, wanted) in enumerate(LISTS):
        body = graph([node(*n[:3], **(n[3] if len(n) > 3 else {})) for n in nodes], [port("x", shape)], [port("y", None)], [tensor(*k) for k in constants])
        yield "list_%s_%d" % (nodes[0][0], at), model(body, opset), wanted


def inner(nodes, inputs, outputs, tensors=()):
    return Graph(graph([node(*n[:3], **(n[3] if len(n) > 3 else {})) for n in nodes], [port(i, None) for i in inputs], [port(o, None) for o in outputs], [tensor(*t) for t in tensors]))


def function(name, inputs, outputs, nodes, attrs=(), defaults=()):
    return (data(1, name) + b"".join(data(4, i) for i in inputs) + b"".join(data(5, o) for o in outputs) + b"".join(data(6, a) for a in attrs)
            + b"".join(data(7, n) for n in nodes) + data(9, number(2, 15)) + data(10, "own") + b"".join(data(11, attribute(k, v)) for k, v in defaults))


def scalar_of(name, value, kind=INT64):
    return (name, [], kind, [value])


PAIR = [(2, 3), (4, 5)]
TWO = ("SequenceConstruct", ["x0", "x1"], ["s"])
AT = lambda source, i="i": ("SequenceAt", [source, i], ["y"])
LENGTH = lambda source: [("SequenceLength", [source], ["n"]), ("Unsqueeze", ["n", "z"], ["m"]), ("ConstantOfShape", ["m"], ["y"])]
Z = ("z", [1], INT64, [0])
OWN = lambda inputs, outputs, **attrs: ("F", inputs, outputs, dict(attrs, domain="own"))
relu, flat, seq = inner([("Relu", ["x0"], ["b"])], [], ["b"]), inner([("Flatten", ["x0"], ["b"])], [], ["b"]), inner([("SequenceConstruct", ["x0"], ["b"])], [], ["b"])
wide = inner([("Concat", ["x0", "x0"], ["b"], {"axis": 1})], [], ["b"])
step = inner([("Concat", ["v", "v"], ["w"], {"axis": 0})], ["i", "c", "v"], ["c", "w"])
stop = inner([("Concat", ["v", "v"], ["w"], {"axis": 0})], ["i", "c", "v"], ["never", "w"], [("never", [], BOOL, [False])])
grows = inner([("Concat", ["v", "v"], ["w"], {"axis": 0}), ("Relu", ["r"], ["s"])], ["v", "r"], ["w", "s"])
perhaps = inner([("Concat", ["v", "v"], ["w"], {"axis": 0}), ("ReduceMax", ["v"], ["m"], {"keepdims": 0}), ("Greater", ["m", "m"], ["more"])], ["i", "c", "v"], ["more", "w"])
shifts = inner([("Concat", ["p", "p"], ["p2"], {"axis": 0}), ("Identity", ["p"], ["q2"]), ("Identity", ["q"], ["r2"])], ["i", "c", "p", "q", "r"], ["c", "p2", "q2", "r2"])
seen = inner([("Relu", ["v"], ["w"])], ["i", "c", "v"], ["c", "v", "w"])
COUNT, YES, NO = scalar_of("n", 3), scalar_of("c", True, BOOL), scalar_of("c", False, BOOL)
sums = inner([("Add", ["a", "b"], ["t"])], ["a", "b"], ["t"])
# nodes, shapes that enter as x0, x1, ..., constants, functions, opset, what comes out or words of the error
CHAINS = [
    ([TWO, ("SequenceErase", ["s", "i"], ["t"]), AT("t")], PAIR, [scalar_of("i", 0)], [], 13, "y:4x5"), ([TWO, ("SequenceErase", ["s"], ["t"]), AT("t")], PAIR, [scalar_of("i", 0)], [], 13, "y:2x3"),
    ([TWO, ("SequenceErase", ["s", "e"], ["t"]), AT("t")], PAIR, [scalar_of("i", 0), scalar_of("e", -2)], [], 13, "y:4x5"), ([TWO, ("SequenceErase", ["s", "e"], ["t"]), AT("t")], PAIR, [scalar_of("i", 0), scalar_of("e", 1)], [], 13, "y:2x3"),
    ([TWO, ("SequenceErase", ["s", "e"], ["t"]), AT("t")], PAIR, [scalar_of("i", 0), scalar_of("e", 9)], [], 13, "y:null"), ([("SequenceEmpty", [], ["s"]), ("SequenceErase", ["s"], ["t"]), AT("t")], PAIR, [scalar_of("i", 0)], [], 13, "y:null"),
    ([("Mystery", ["x0"], ["s"], {"domain": "nobody"}), ("SequenceErase", ["s"], ["t"]), AT("t")], PAIR, [scalar_of("i", 0)], [], 13, "y:null"),
    ([TWO, ("SequenceInsert", ["s", "x0"], ["t"]), AT("t")], PAIR, [scalar_of("i", -1)], [], 13, "y:2x3"), ([TWO, ("SequenceInsert", ["s", "x1", "e"], ["t"]), AT("t")], PAIR, [scalar_of("i", 0), scalar_of("e", 0)], [], 13, "y:4x5"),
    ([TWO, ("SequenceInsert", ["s", "x1", "e"], ["t"]), AT("t", "j")], PAIR, [scalar_of("j", 1), scalar_of("e", 0)], [], 13, "y:2x3"), ([TWO, ("SequenceInsert", ["s", "x1", "e"], ["t"]), AT("t")], PAIR, [scalar_of("i", 0), scalar_of("e", 9)], [], 13, "y:null"),
    ([("Mystery", ["x0"], ["s"], {"domain": "nobody"}), ("SequenceInsert", ["s", "x0"], ["t"]), AT("t")], PAIR, [scalar_of("i", 0)], [], 13, "y:null"), ([TWO, AT("s")], PAIR, [scalar_of("i", 2)], [], 13, "y:null"), ([TWO, AT("s")], PAIR, [scalar_of("i", -3)], [], 13, "y:null"),
    ([TWO] + LENGTH("s"), PAIR, [Z], [], 13, "y:2"), ([("SequenceEmpty", [], ["s"])] + LENGTH("s"), PAIR, [Z], [], 13, "y:0"), ([("Mystery", ["x0"], ["s"], {"domain": "nobody"})] + LENGTH("s"), PAIR, [Z], [], 13, "y:?"),
    ([("SplitToSequence", ["x0", "p"], ["s"]), AT("s")], [(7, 2)], [("p", [2], INT64, [3, 4]), scalar_of("i", 1)], [], 13, "y:4x2"), ([("SplitToSequence", ["x0", "p"], ["s"]), AT("s")], [(7, 2)], [("p", [2], INT64, [0, 7]), scalar_of("i", 1)], [], 13, "y:7x2"),
    ([("SplitToSequence", ["x0", "p"], ["s"])] + LENGTH("s"), [(7, 2)], [("p", [0], INT64, []), Z], [], 13, "the sizes 0 and 7 do not fit"), ([("SplitToSequence", ["x0", "x1"], ["s"]), AT("s")], [(7, 2), ()], [scalar_of("i", 0)], [], 13, "y:null"),
    ([("SplitToSequence", ["x0", "p"], ["s"])] + LENGTH("s"), [(2, 7)], [scalar_of("p", 2), Z], [], 13, "y:1"), ([("SplitToSequence", ["x0", "p"], ["s"]), AT("s")], [(7, 2)], [("p", [2], INT64, [8, -1]), scalar_of("i", 0)], [], 13, "'split' cannot be -1"), ([("SplitToSequence", ["x0", "p"], ["s"]), AT("s")], [(7, 2)], [scalar_of("p", 3), scalar_of("i", 2)], [], 13, "y:1x2"),
    ([("SplitToSequence", ["x0", "p"], ["s"]), AT("s")], [(7, 2)], [scalar_of("p", 0), scalar_of("i", 2)], [], 13, "'split' cannot be 0"), ([("SplitToSequence", ["x0"], ["s"], {"keepdims": 0}), AT("s")], [(7, 2)], [scalar_of("i", 0)], [], 13, "y:2"),
    ([("SplitToSequence", ["x0"], ["s"]), AT("s")], [(7, 2)], [scalar_of("i", 6)], [], 13, "y:1x2"), ([("SplitToSequence", ["x0"], ["s"]), AT("s")], [(2**40, 2)], [scalar_of("i", 0)], [], 13, "y:null"), ([("SplitToSequence", ["x0"], ["s"], {"axis": 2}), AT("s")], [(7, 2)], [scalar_of("i", 0)], [], 13, "'axis' cannot be 2"),
    ([TWO, ("ConcatFromSequence", ["s"], ["y"], {"axis": 9, "new_axis": 1})], [(2, 3)] * 2, [], [], 13, "'axis' cannot be 9"), ([TWO, ("ConcatFromSequence", ["s"], ["y"], {"axis": 2, "new_axis": 1})], [(2, 3)] * 2, [], [], 13, "y:2x3x2"), ([TWO, ("ConcatFromSequence", ["s"], ["y"], {"axis": 0, "new_axis": 1})], [(1,) * 8] * 2, [], [], 13, "y:null"),
    ([("SequenceEmpty", [], ["s"]), ("ConcatFromSequence", ["s"], ["y"], {"axis": 0})], PAIR, [], [], 13, "y:null"), ([TWO, ("ConcatFromSequence", ["s"], ["y"], {"axis": 0})], PAIR, [], [], 13, "the sizes 3 and 5 do not fit"),
    ([("Optional", ["x0"], ["o"]), ("OptionalGetElement", ["o"], ["y"])], PAIR, [], [], 15, "y:2x3"), ([("Optional", [], ["o"]), ("OptionalGetElement", ["o"], ["y"])], PAIR, [], [], 15, "y:null"), ([("Optional", ["x0"], ["o"]), ("OptionalHasElement", ["o"], ["y"])], PAIR, [], [], 15, "y:scalar"),
    ([("If", ["x1"], ["y"], {"then_branch": relu, "else_branch": flat})], [(2, 3, 4), ()], [], [], 13, "y:null"), ([("If", ["x1"], ["y"], {"then_branch": relu, "else_branch": wide})], [(2, 3, 4), ()], [], [], 13, "y:2x?x4"), ([("If", ["x1"], ["y"], {"then_branch": relu, "else_branch": seq})], [(2, 3, 4), ()], [], [], 13, "y:null"),
    ([("If", ["x1"], ["y"], {"then_branch": relu})], [(2, 3, 4), ()], [], [], 13, "else_branch"), ([("If", ["x1"], ["y"], {"then_branch": inner([], [], ["b"]), "else_branch": relu})], [(2, 3, 4), ()], [], [], 13, "a graph inside it does not make"), ([("If", ["x1"], ["y"], {"then_branch": inner([], [], []), "else_branch": relu})], [(2, 3, 4), ()], [], [], 13, "a graph inside it does not make"),
    ([("Loop", ["n", "c", "x0"], ["y"], {"body": step})], [(2, 3)], [COUNT, YES], [], 13, "y:16x3"), ([("Loop", ["n", "", "x0"], ["y"], {"body": step})], [(2, 3)], [COUNT], [], 13, "y:16x3"), ([("Loop", ["n", "c", "x0"], ["y"], {"body": step})], [(2, 3)], [COUNT, NO], [], 13, "y:2x3"),
    ([("Loop", ["", "c", "x0"], ["y"], {"body": stop})], [(2, 3)], [YES], [], 13, "y:?x3"), ([("Loop", ["n", "c", "x0"], ["y"], {"body": stop})], [(2, 3)], [COUNT, YES], [], 13, "y:4x3"), ([("Loop", ["x1", "c", "x0"], ["y"], {"body": step})], [(2, 3), ()], [YES], [], 13, "y:?x3"),
    ([("Loop", ["n", "x1", "x0"], ["y"], {"body": step})], [(2, 3), ()], [COUNT], [], 13, "y:?x3"), ([("Loop", ["n", "c", "x0", "x0"], ["y"], {"body": step})], [(2, 3)], [COUNT, YES], [], 13, "a graph inside it does not make"), ([("Loop", ["n", "c", "x0"], ["a", "y"], {"body": seen})], [(2, 3)], [COUNT, YES], [], 13, "y:3x2x3"),
    ([("Loop", ["n", "c", "x0"], ["a", "y"], {"body": seen})], [(1,) * 8], [COUNT, YES], [], 13, "y:null"), ([("Loop", ["n", "c", ""], ["y"], {"body": step})], [(2, 3)], [COUNT, YES], [], 13, "nothing makes 'v'"), ([("Loop", ["n", "c", "x0"], ["y"], {"body": step})], [(2, 3)], [scalar_of("n", -3), YES], [], 13, "y:2x3"),
    ([("Scan", ["x0", "x1"], ["y"], {"body": sums, "num_scan_inputs": 2})], [(5, 4), (5, 4)], [], [], 13, "y:5x4"), ([("Scan", ["", "x0", "x1"], ["y"], {"body": sums, "num_scan_inputs": 2})], [(5, 4), (5, 4)], [], [], 8, "y:null"), ([("Scan", ["x0", "x1"], ["y"], {"body": sums, "num_scan_inputs": 0})], [(5, 4), (5, 4)], [], [], 13, "y:null"),
    ([("Scan", ["x0", "x1"], ["y"], {"body": sums, "num_scan_inputs": 3})], [(5, 4), (5, 4)], [], [], 13, "y:null"), ([("Scan", ["x0", "x1"], ["y"], {"body": sums, "num_scan_inputs": 2, "scan_input_axes": [0, 0]})], [(5, 4), (5, 4)], [], [], 13, "y:5x4"), ([("Scan", ["x0", "x1"], ["y"], {"body": sums, "num_scan_inputs": 2, "scan_output_axes": [0]})], [(5, 4), (5, 4)], [], [], 13, "y:5x4"),
    # cut along the last axis and joined along a new one at the end; states stay as they enter where there are no steps
    ([("Scan", ["x0", "x1"], ["y"], {"body": sums, "num_scan_inputs": 2, "scan_input_axes": [-1, 1], "scan_output_axes": [-1]})], [(4, 5), (4, 5)], [], [], 13, "y:4x5"),
    ([("Scan", ["x0", "x1"], ["y"], {"body": sums, "num_scan_inputs": 2, "scan_input_axes": [0, 2]})], [(5, 4), (5, 4)], [], [], 13, "'axis' cannot be 2"), ([("Scan", ["x0", "x1"], ["y"], {"body": sums, "num_scan_inputs": 2, "scan_output_axes": [2]})], [(5, 4), (5, 4)], [], [], 13, "'axis' cannot be 2"),
    ([("Scan", ["x0", "x1"], ["y"], {"body": sums, "num_scan_inputs": 2, "scan_input_axes": [0]})], [(5, 4), (5, 4)], [], [], 13, "'scan_input_axes'"), ([("Scan", ["x0", "x1"], ["y", "s"], {"body": grows, "num_scan_inputs": 1})], [(2, 4), (1, 3)], [], [], 13, "y:4x4"),
    ([("Scan", ["x0", "x1"], ["y", "s"], {"body": grows, "num_scan_inputs": 1})], [(2, 4), (3, 3)], [], [], 13, "y:?x4"), ([("Scan", ["x0", "x1"], ["s", "y"], {"body": grows, "num_scan_inputs": 1})], [(2, 4), (3, 3)], [], [], 13, "y:3x3"),
    # after the first trip the condition is computed; a shape travels through three values; the counter is known only at first
    ([("Loop", ["n", "c", "x0"], ["y"], {"body": perhaps})], [(2, 3)], [COUNT, YES], [], 13, "y:?x3"), ([("Loop", ["n", "c", "x0"], ["y"], {"body": perhaps})], [(2, 3)], [scalar_of("n", 1), YES], [], 13, "y:4x3"),
    ([("Loop", ["n", "c", "x0"], ["y"], {"body": perhaps})], [(2, 3)], [scalar_of("n", 100), YES], [], 13, "y:?x3"), ([("Loop", ["x1", "c", "x0", "x0", "x0"], ["p", "q", "y"], {"body": shifts})], [(2, 3), ()], [YES], [], 13, "y:?x3"),
    ([("Loop", ["n", "c", "x0", "x0", "x0"], ["p", "q", "y"], {"body": shifts})], [(2, 3)], [COUNT, YES], [], 13, "y:4x3"), ([("Loop", ["n", "c", "x0"], ["a", "y"], {"body": seen})], [(2, 3)], [scalar_of("n", 100), YES], [], 13, "y:100x2x3"),
    ([("Loop", ["n", "x1", "x0"], ["y"], {"body": step})], [(2, 3), ()], [scalar_of("n", 0)], [], 13, "y:2x3"),
    # what the caller of a function leaves out its nodes have left out, too
    ([OWN(["x0", ""], ["y"])], [()], [], [function("F", ["a", "c"], ["b"], [node("If", ["a"], ["b"], then_branch=inner([], [], ["c"]), else_branch=inner([], [], ["c"]))])], 15, "y:null"),
    ([OWN(["x0", ""], ["y"])], [(2, 1, 4)], [], [function("F", ["a", "c"], ["b"], [node("Squeeze", ["a", "c"], ["b"])])], 15, "y:2x4"),
    ([("", ["x0"], ["y"])], [(2, 3)], [], [], 14, "opset 14 has no such operator"), ([("Constant", [], ["y"], {"value_ints": ["1", "2"]})], [(2, 3)], [], [], 13, "value_ints"), ([("TfIdfVectorizer", ["x0"], ["y"], {"ngram_indexes": ["1", "2"]})], [(2, 3)], [], [], 13, "y:null"),
    ([("RandomNormal", [], ["r"], {"dtype": -30, "shape": [2]}), ("Add", ["x0", "r"], ["y"])], [(3, 2)], [], [], 13, "y:3x2"), ([("Add", ["a", "b"], ["s"], {"broadcast": 1, "axis": 0}), ("Reshape", ["x0", "s"], ["y"])], [(2, 3)], [("a", [2], INT64, [1, 1]), ("b", [2], INT64, [5, 0])], [], 6, "y:?x?"),
    ([("Add", ["a", "b"], ["s"], {"broadcast": 1}), ("Reshape", ["x0", "s"], ["y"])], [(2, 3)], [("a", [3], INT64, [0, 1, 0]), ("b", [2], INT64, [1, 1])], [], 6, "y:?x?x?"), ([("Add", ["a", "b"], ["s"], {"broadcast": 1}), ("Reshape", ["x0", "s"], ["y"])], [(2, 3)], [("a", [2], INT64, [0, 3]), ("b", [], INT64, [-1])], [], 6, "y:3x2"),
    ([OWN(["x0"], ["y"])], [(2, 3, 4)], [], [function("F", ["a"], ["b"], [node("Flatten", ["a"], ["b"], axis=Ref("axis"))], defaults=[("axis", 2)])], 15, "y:6x4"), ([OWN(["x0"], ["y"], axis=0)], [(2, 3, 4)], [], [function("F", ["a"], ["b"], [node("Flatten", ["a"], ["b"], axis=Ref("axis"))], defaults=[("axis", 2)])], 15, "y:1x24"),
    ([OWN(["x0"], ["y"])], [(2, 3, 4)], [], [function("F", ["a"], ["b"], [node("Flatten", ["a"], ["b"], axis=Ref("axis"))], attrs=["axis"])], 15, "y:2x12"), ([("Flatten", ["x0"], ["y"], {"axis": Ref("axis")})], [(2, 3, 4)], [], [], 15, "y:2x12"),
    ([OWN(["x0"], ["y"])], [(2, 3, 4)], [], [function("F", ["a"], ["missing"], [node("Relu", ["a"], ["b"])])], 15, "a graph inside it does not make"), ([OWN(["x0"], ["y"])], [(2, 3, 4)], [], [function("F", ["a"], [""], [node("Relu", ["a"], ["b"])])], 15, "a graph inside it does not make"), ([OWN(["x0"], ["y", "other"])], [(2, 3, 4)], [], [function("F", ["a"], ["b"], [node("Relu", ["a"], ["b"])])], 15, "y:2x3x4"),
    ([OWN(["x0"], ["y"])], [(2, 3, 4)], [], [function("F", ["a", "c", ""], ["b"], [node("Clip", ["a", "c"], ["b"])])], 15, "y:2x3x4"), ([OWN(["", "x0"], ["y"])], [(2, 3, 4)], [], [function("F", ["c", "a"], ["b"], [node("Clip", ["a", "c"], ["b"])])], 15, "y:2x3x4"), ([OWN(["x0"], ["y"])], [(2, 3, 4)], [], [function("F", ["a"], ["b"], [node("Nothing", ["a"], ["b"])])], 15, "Nothing"),
    ([OWN(["x0"], ["", "y"])], [(2, 3, 4)], [], [function("F", ["a"], ["b", "c"], [node("Relu", ["a"], ["b"]), node("Flatten", ["a"], ["c"])])], 15, "y:2x12"), ([OWN(["x0"], ["y"])], [(2, 3, 4)], [], [function("G", ["a"], ["b"], [node("Relu", ["a"], ["b"])])], 15, "y:null"), ([OWN(["x0"], ["y"])], [(2, 3, 4)], [], [function("", ["a"], ["b"], [node("Relu", ["a"], ["b"])])], 15, "y:null"),
    ([("", ["x0"], ["y"])], [(2, 3)], [], [], 13, "has no such operator"), ([("Relu", ["x0"], ["y"], {"domain": "com.microsoft.unknown"})], [(2, 3)], [], [], 13, "y:null"), ([("Relu", ["x0", "", ""], ["y"])], [(2, 3)], [], [], 13, "y:2x3"), ([("Add", ["", "x0"], ["y"])], [(2, 3)], [], [], 13, "0 inputs are too few"), ([("Add", ["x0", ""], ["y"])], [(2, 3)], [], [], 13, "1 inputs are too few"),
]


def chains():
    """(name, model, sizes of its inputs, what comes out or words of the error)"""
    for at, (nodes, shapes, constants, functions, opset, wanted) in enumerate(CHAINS):
        kind = lambda s: BOOL if s == () and nodes[0][0] != "Loop" else FLOAT
        body = graph([node(*n[:3], **(n[3] if len(n) > 3 else {})) for n in nodes], [port("x%d" % i, s, kind(s)) for i, s in enumerate(shapes)], [port("y", None)], [tensor(*t) for t in constants])
        yield "%s %d" % (nodes[0][0], at), model(body, opset, domains=[("own", 1)] if functions else (), functions=functions), [], wanted
