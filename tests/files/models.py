"""Small models, one behaviour each: what a reader of ONNX has to get right.

A case is a name, the model, and the sizes fed to its inputs. `expected.tsv` holds the shapes that
onnxruntime 1.30 gives when it runs them, as judge.js tells where npm's onnxruntime-node is
installed."""
from onnx_write import *

CASES, PARTS = {}, {}
MS = "com.microsoft"


class Parts:
    """A case before it is written: ports are (name, dims, kind), tensors the arguments of `tensor`."""

    def __init__(self, nodes, ports, tensors, outputs, opset, sparse, more):
        self.nodes, self.ports, self.tensors, self.outputs = nodes, ports, tensors, outputs
        self.opset, self.sparse, self.more = opset, sparse, more

    def write(self):
        body = graph(self.nodes, [port(*p) for p in self.ports], self.outputs, [tensor(*t) for t in self.tensors], sparse=self.sparse)
        return model(body, self.opset, **self.more)


def case(name, nodes, x=((1, 2, 7, 7),), opset=13, tensors=(), outputs=("y",), kinds=None, feed=None, **more):
    """Inputs are x, x1, ...; `tensors` are (name, dims[, kind[, values]])."""
    names = ["x"] + ["x%d" % i for i in range(1, len(x))]
    kinds = kinds or [FLOAT] * len(x)
    out = [port(o, None) if isinstance(o, str) else port(o[0], None, o[1]) for o in outputs]
    sizes = feed or ["x".join(map(str, d)) or "scalar" for d in x]
    PARTS[name] = Parts([n if isinstance(n, bytes) else node(*n[:3], **(n[3] if len(n) > 3 else {})) for n in nodes],
                        list(zip(names, x, kinds)), list(tensors), out, opset, more.pop("sparse", ()), more)
    CASES[name] = (PARTS[name].write(), list(zip(names, sizes)))


def op(name, kind, attrs=None, x=((1, 2, 7, 7),), opset=13, tensors=(), extra=(), out=("y",), domain="", **more):
    """One node that reads all inputs, and then `extra`."""
    names = ["x"] + ["x%d" % i for i in range(1, len(x))]
    attrs = dict(attrs or {})
    if domain:
        attrs["domain"] = domain
    outs = [o if isinstance(o, str) else o[0] for o in out]
    case(name, [(kind, names + list(extra), outs, attrs)], x, opset, tensors, out, **more)


def ints(name, *values):
    return (name, [len(values)], INT64, list(values))


def floats(name, *values):
    return (name, [len(values)], FLOAT, list(values))


W = ("w", [4, 3, 3, 3])
IMAGE = ((1, 3, 7, 7),)


def windows():
    for n, a in {
        "plain": {}, "stride": {"strides": [2, 2]}, "pads": {"pads": [1, 1, 1, 1]}, "uneven": {"pads": [0, 1, 2, 0]},
        "dilated": {"dilations": [2, 2]}, "same_upper": {"auto_pad": "SAME_UPPER", "strides": [2, 2]},
        "same_lower": {"auto_pad": "SAME_LOWER", "strides": [3, 3]}, "valid": {"auto_pad": "VALID"},
        "notset": {"auto_pad": "NOTSET", "pads": [1, 1, 1, 1]}, "same_dilated": {"auto_pad": "SAME_UPPER", "strides": [2, 2], "dilations": [2, 2]},
        "kernel": {"kernel_shape": [3, 3]}, "kernel_wrong": {"kernel_shape": [5, 5]}, "kernel_short": {"kernel_shape": [3]},
        "pads_short": {"pads": [1, 1]}, "pads_negative": {"pads": [-1, -1, -1, -1]}, "stride_zero": {"strides": [0, 0]},
        "group_3": {"group": 3}, "group_0": {"group": 0}, "unknown_attribute": {"paddings": [1, 1]}, "auto_pad_bad": {"auto_pad": "SAME"},
        "same_zero_pads": {"auto_pad": "SAME_UPPER", "pads": [0, 0, 0, 0]}, "strings": {"strides": ["2", "2"]}, "pads_strings": {"pads": ["0", "0", "0", "0"]}, "big_stride": {"strides": [9, 9]},
    }.items():
        op("conv_" + n, "Conv", a, IMAGE, 11, [W], ["w"])
    op("conv_bias", "Conv", {}, IMAGE, 11, [W, ("b", [4])], ["w", "b"])
    op("conv_bias_wrong", "Conv", {}, IMAGE, 11, [W, ("b", [3])], ["w", "b"])
    op("conv_too_small", "Conv", {}, ((1, 3, 2, 2),), 11, [W], ["w"])
    op("conv_one_short", "Conv", {"strides": [2, 2]}, ((1, 3, 2, 3),), 11, [W], ["w"])
    op("conv_1d", "Conv", {"pads": [1, 1]}, ((1, 3, 9),), 11, [("w", [4, 3, 3])], ["w"])
    op("conv_3d", "Conv", {}, ((1, 3, 5, 6, 7),), 11, [("w", [4, 3, 3, 3, 3])], ["w"])
    op("conv_depthwise", "Conv", {"group": 3}, IMAGE, 11, [("w", [6, 1, 3, 3])], ["w"])
    op("conv_channels", "Conv", {}, ((1, 5, 7, 7),), 11, [W], ["w"])
    op("conv_no_filters", "Conv", {}, IMAGE, 11, [("w", [0, 3, 3, 3])], ["w"])
    op("conv_rank", "Conv", {}, ((3, 7, 7),), 11, [W], ["w"])
    op("conv_same_dilated_k1", "Conv", {"auto_pad": "SAME_LOWER", "dilations": [2, 1]}, IMAGE, 11, [("w", [4, 3, 1, 1])], ["w"])
    op("conv_same_k1_s3", "Conv", {"auto_pad": "SAME_UPPER", "strides": [3, 3]}, ((1, 3, 8, 8),), 11, [("w", [4, 3, 1, 1])], ["w"])
    op("conv_no_weights", "Conv", {}, IMAGE, 11)
    op("conv_fed_weights", "Conv", {}, ((1, 3, 7, 7), (4, 3, 3, 3)), 11)
    op("conv_fp16", "Conv", {}, IMAGE, 11, [("w", [4, 3, 3, 3], FLOAT16)], ["w"], kinds=[FLOAT16], out=(("y", FLOAT16),))
    op("conv_opset_1", "Conv", {"kernel_shape": [3, 3]}, IMAGE, 1, [W], ["w"], ir=3)
    T = ("w", [3, 2, 3, 3])
    five = ((1, 3, 5, 5),)
    for n, a in {
        "plain": {}, "stride": {"strides": [2, 2]}, "extra": {"strides": [2, 2], "output_padding": [1, 1]},
        "extra_big": {"strides": [2, 2], "output_padding": [2, 2]}, "pads": {"pads": [1, 1, 1, 1]}, "shape": {"strides": [2, 2], "output_shape": [12, 12]},
        "shape_small": {"strides": [2, 2], "output_shape": [8, 8]}, "shape_big": {"strides": [2, 2], "output_shape": [20, 20]},
        "shape_4": {"strides": [2, 2], "output_shape": [1, 2, 10, 10]}, "shape_pads": {"strides": [2, 2], "output_shape": [10, 10], "pads": [1, 1, 1, 1]},
        "same": {"strides": [2, 2], "auto_pad": "SAME_UPPER"}, "same_lower": {"strides": [2, 2], "auto_pad": "SAME_LOWER"},
        "valid": {"strides": [2, 2], "auto_pad": "VALID"}, "same_s4": {"strides": [4, 4], "auto_pad": "SAME_UPPER"}, "dilated": {"dilations": [2, 2]},
        "extra_dilated": {"dilations": [2, 2], "output_padding": [1, 1]}, "pads_large": {"pads": [4, 4, 4, 4]}, "shape_extra": {"strides": [2, 2], "output_shape": [10, 10], "output_padding": [1, 1]},
        "same_s3": {"strides": [3, 3], "auto_pad": "SAME_LOWER"}, "same_dilated": {"strides": [2, 2], "dilations": [2, 2], "auto_pad": "SAME_UPPER"},
        "same_shape": {"strides": [2, 2], "auto_pad": "SAME_UPPER", "output_shape": [10, 10]}, "pads_eat": {"pads": [3, 3, 3, 3]},
    }.items():
        op("convt_" + n, "ConvTranspose", a, five, 11, [T], ["w"])
    op("convt_group", "ConvTranspose", {"group": 3}, five, 11, [("w", [3, 2, 3, 3])], ["w"])
    op("convt_channels", "ConvTranspose", {}, ((1, 4, 5, 5),), 11, [T], ["w"])
    op("convt_k2_s3", "ConvTranspose", {"strides": [3, 3], "auto_pad": "SAME_UPPER"}, five, 11, [("w", [3, 2, 2, 2])], ["w"])
    op("convt_k2_s3_22", "ConvTranspose", {"strides": [3, 3], "auto_pad": "SAME_LOWER"}, five, 22, [("w", [3, 2, 2, 2])], ["w"])
    op("convt_nothing_left", "ConvTranspose", {"pads": [1, 1, 1, 1]}, ((1, 3, 1, 5),), 11, [("w", [3, 2, 2, 2])], ["w"])
    op("convt_shape_extra_large", "ConvTranspose", {"strides": [2, 2], "output_shape": [13, 12], "output_padding": [1, 1]}, five, 11, [T], ["w"])
    op("convt_1d", "ConvTranspose", {"strides": [2]}, ((1, 3, 5),), 11, [("w", [3, 2, 4])], ["w"])
    for kind in ("MaxPool", "AveragePool", "LpPool"):
        low = kind.lower()
        for n, a, size, opset in (
            ("plain", {}, 7, 12), ("stride", {"strides": [2, 2]}, 7, 12), ("ceil", {"strides": [2, 2], "ceil_mode": 1}, 7, 18),
            ("ceil_drop", {"strides": [2, 2], "ceil_mode": 1, "pads": [1, 1, 1, 1], "kernel_shape": [2, 2]}, 3, 18),
            ("ceil_one_side", {"strides": [2, 2], "ceil_mode": 1, "pads": [0, 0, 1, 1], "kernel_shape": [2, 2]}, 4, 19),
            ("same", {"auto_pad": "SAME_UPPER", "strides": [2, 2]}, 7, 12), ("same_lower", {"auto_pad": "SAME_LOWER", "strides": [3, 3]}, 8, 12),
            ("valid", {"auto_pad": "VALID", "strides": [2, 2]}, 8, 12), ("valid_ceil", {"auto_pad": "VALID", "strides": [2, 2], "ceil_mode": 1, "kernel_shape": [2, 2]}, 7, 18),
            ("valid_ceil_even", {"auto_pad": "VALID", "strides": [2, 2], "ceil_mode": 1, "kernel_shape": [2, 2]}, 8, 18),
            ("k1_s3_same", {"auto_pad": "SAME_UPPER", "strides": [3, 3], "kernel_shape": [1, 1]}, 8, 12),
            ("k1_s3_ceil", {"strides": [3, 3], "kernel_shape": [1, 1], "ceil_mode": 1}, 6, 18),
            ("large", {"kernel_shape": [8, 8]}, 7, 12), ("larger", {"kernel_shape": [9, 9]}, 7, 12), ("large_s2", {"kernel_shape": [8, 8], "strides": [2, 2]}, 7, 12),
            ("large_ceil", {"kernel_shape": [8, 8], "strides": [2, 2], "ceil_mode": 1}, 7, 18), ("larger_s3", {"kernel_shape": [11, 11], "strides": [3, 3]}, 7, 12),
            ("pad_k", {"pads": [3, 3, 3, 3]}, 7, 12), ("pad_negative", {"pads": [-1, -1, -1, -1]}, 7, 12), ("pad_short", {"pads": [1, 1]}, 7, 12),
            ("dilated", {"dilations": [2, 2]}, 7, 19), ("same_dilated", {"dilations": [2, 2], "auto_pad": "SAME_UPPER"}, 7, 19),
            ("same_dilated_s2", {"dilations": [2, 2], "auto_pad": "SAME_LOWER", "strides": [2, 2]}, 7, 19), ("newest", {"strides": [2, 2], "pads": [1, 1, 1, 1]}, 7, 22),
            ("valid_pads", {"auto_pad": "VALID", "pads": [1, 1, 1, 1]}, 7, 12), ("stride_zero", {"strides": [0, 1]}, 7, 12), ("same_ceil", {"auto_pad": "SAME_UPPER", "strides": [2, 2], "ceil_mode": 1}, 7, 18),
            ("storage", {"storage_order": 1}, 7, 12), ("include", {"count_include_pad": 1}, 7, 12),
        ):
            op("%s_%s" % (low, n), kind, dict({"kernel_shape": [3, 3]}, **a), ((1, 2, size, size),), opset)
    op("maxpool_indices", "MaxPool", {"kernel_shape": [2, 2]}, out=("y", ("i", INT64)))
    op("maxpool_no_kernel", "MaxPool", {})
    op("maxpool_rank_2", "MaxPool", {"kernel_shape": [2]}, ((2, 7),))
    op("maxpool_opset_7_ceil", "MaxPool", {"kernel_shape": [2, 2], "ceil_mode": 1}, opset=7)
    op("maxpool_3d", "MaxPool", {"kernel_shape": [2, 2, 2], "strides": [2, 2, 2]}, ((1, 2, 5, 6, 7),))
    op("global_1d", "GlobalMaxPool", {}, ((1, 2, 9),))
    op("global_3d", "GlobalAveragePool", {}, ((1, 2, 9, 3, 4),))
    op("global_lp", "GlobalLpPool", {"p": 2})
    op("global_rank_2", "GlobalAveragePool", {}, ((2, 3),))
    op("unpool", "MaxUnpool", {"kernel_shape": [2, 2], "strides": [2, 2]}, ((1, 1, 2, 2), (1, 1, 2, 2)), kinds=[FLOAT, INT64])
    op("unpool_shape", "MaxUnpool", {"kernel_shape": [2, 2], "strides": [2, 2]}, ((1, 1, 2, 2), (1, 1, 2, 2)), kinds=[FLOAT, INT64], tensors=[ints("s", 1, 1, 5, 5)], extra=["s"])
    op("col2im", "Col2Im", {}, ((1, 8, 25),), 18, [ints("i", 6, 6), ints("b", 2, 2)], ["i", "b"])
    op("col2im_pads", "Col2Im", {"pads": [1, 1, 1, 1]}, ((1, 8, 49),), 18, [ints("i", 6, 6), ints("b", 2, 2)], ["i", "b"])
    op("deform", "DeformConv", {}, ((1, 3, 5, 5), (4, 3, 3, 3), (1, 18, 3, 3)), 19)
    op("lrn", "LRN", {"size": 3})


def resampling():
    s = floats("s", 1., 1., 2., 1.5)
    op("resize_scales", "Resize", {"mode": "nearest"}, tensors=[floats("r"), s], extra=["r", "s"])
    op("resize_10", "Resize", {"mode": "nearest"}, opset=10, tensors=[s], extra=["s"])
    op("resize_sizes", "Resize", {}, tensors=[ints("z", 1, 2, 5, 9)], extra=["", "", "z"])
    op("resize_sizes_short", "Resize", {}, tensors=[ints("z", 5, 9)], extra=["", "", "z"])
    op("resize_none", "Resize", {})
    op("resize_both", "Resize", {}, tensors=[s, ints("z", 1, 2, 5, 9)], extra=["", "s", "z"])
    for n, x in (("053", 100), ("07", 30), ("115", 100), ("029", 200)):
        op("resize_edge_" + n, "Resize", {}, ((1, 1, x, 1),), tensors=[floats("s", 1., 1., float("." + n) if n[0] != "1" else 1.15, 1.)], extra=["", "s"])
    op("resize_linear", "Resize", {"mode": "linear"}, tensors=[floats("s", 1., 1., .6, .6)], extra=["", "s"])
    op("resize_cubic", "Resize", {"mode": "cubic"}, tensors=[floats("s", 1., 1., 2., 2.)], extra=["", "s"])
    op("resize_axes", "Resize", {"axes": [2, 3]}, opset=18, tensors=[floats("s", 2., 3.)], extra=["", "s"])
    op("resize_axes_turned", "Resize", {"axes": [3, 2]}, opset=18, tensors=[ints("z", 5, 9)], extra=["", "", "z"])
    op("resize_axes_negative", "Resize", {"axes": [-1]}, opset=18, tensors=[floats("s", 3.)], extra=["", "s"])
    for p in ("stretch", "not_larger", "not_smaller"):
        for z in ((9, 9), (4, 10), (7, 20)):
            op("resize_%s_%d_%d" % ((p,) + z), "Resize", {"axes": [2, 3], "keep_aspect_ratio_policy": p}, ((1, 1, 4, 6),), 18, [ints("z", *z)], ["", "", "z"])
    for name, policy, axes in (("end", "not_larger", [-2, -1]), ("end_around", "not_smaller", [-2, -1]), ("one_end", "not_larger", [-2, 3])):
        op("resize_ratio_" + name, "Resize", {"axes": axes, "keep_aspect_ratio_policy": policy}, ((1, 1, 8, 4),), 18, [ints("z", 2, 6)], ["", "", "z"])
    op("resize_policy_all", "Resize", {"keep_aspect_ratio_policy": "not_smaller"}, ((1, 1, 4, 6),), 18, [ints("z", 1, 1, 9, 9)], ["", "", "z"])
    roi = floats("r", 0., 0., .25, .25, 1., 1., .75, .75)
    crop = {"coordinate_transformation_mode": "tf_crop_and_resize"}
    op("resize_roi", "Resize", crop, ((1, 1, 8, 8),), tensors=[roi, floats("s", 1., 1., 2., 2.)], extra=["r", "s"])
    op("resize_roi_whole", "Resize", crop, ((1, 1, 8, 8),), tensors=[floats("r", 0., 0., 0., 0., 1., 1., 1., 1.), floats("s", 1., 1., 2., 2.)], extra=["r", "s"])
    op("resize_roi_sizes", "Resize", crop, ((1, 1, 8, 8),), tensors=[roi, floats("s"), ints("z", 1, 1, 4, 4)], extra=["r", "s", "z"])
    op("resize_negative", "Resize", {}, tensors=[floats("s", 1., 1., -2., 1.)], extra=["", "s"])
    op("resize_policy_13", "Resize", {"keep_aspect_ratio_policy": "stretch"}, tensors=[ints("z", 1, 2, 5, 9)], extra=["", "", "z"])
    op("upsample_7", "Upsample", {"scales": [1., 1., 2., 3.]}, opset=7)
    op("upsample_9", "Upsample", {}, opset=9, tensors=[floats("s", 1., 1., 2., 2.5)], extra=["s"])
    op("upsample_below_1", "Upsample", {}, opset=9, tensors=[floats("s", 1., 1., .5, .5)], extra=["s"])
    op("upsample_10", "Upsample", {}, opset=10, tensors=[floats("s", 1., 1., 2., 2.)], extra=["s"])
    op("pad_2", "Pad", {"pads": [0, 0, 1, 2, 0, 0, 3, 4]}, opset=2)
    op("pad_2_missing", "Pad", {}, opset=2)
    op("pad_11", "Pad", {}, tensors=[ints("p", 0, 0, 1, 2, 0, 0, 3, 4)], extra=["p"])
    op("pad_crop", "Pad", {}, tensors=[ints("p", 0, 0, -1, -2, 0, 0, -3, 4)], extra=["p"])
    op("pad_crop_all", "Pad", {}, tensors=[ints("p", 0, 0, -4, 0, 0, 0, -4, 0)], extra=["p"])
    op("pad_reflect", "Pad", {"mode": "reflect"}, tensors=[ints("p", 0, 0, 6, 2, 0, 0, 3, 4)], extra=["p"])
    op("pad_reflect_cut", "Pad", {"mode": "reflect"}, ((4, 5),), tensors=[ints("p", 0, 3, 0, -1)], extra=["p"])
    op("pad_reflect_cut_large", "Pad", {"mode": "reflect"}, ((4, 5),), tensors=[ints("p", 0, 4, 0, -1)], extra=["p"])
    op("pad_reflect_cut_before", "Pad", {"mode": "reflect"}, ((4, 5),), tensors=[ints("p", -2, 0, 2, 0)], extra=["p"])
    op("pad_reflect_large", "Pad", {"mode": "reflect"}, tensors=[ints("p", 0, 0, 7, 2, 0, 0, 3, 4)], extra=["p"])
    op("pad_edge", "Pad", {"mode": "edge"}, tensors=[ints("p", 0, 0, 8, 2, 0, 0, 3, 4)], extra=["p"])
    op("pad_wrap", "Pad", {"mode": "wrap"}, opset=19, tensors=[ints("p", 0, 0, 2, 2, 0, 0, 3, 4)], extra=["p"])
    op("pad_axes", "Pad", {}, opset=18, tensors=[ints("p", 1, 2, 3, 4), ints("a", 3, -2)], extra=["p", "", "a"])
    op("pad_length", "Pad", {}, tensors=[ints("p", 1, 2, 3, 4)], extra=["p"])
    op("depth_to_space", "DepthToSpace", {"blocksize": 2}, ((1, 8, 3, 4),))
    op("depth_crd", "DepthToSpace", {"blocksize": 2, "mode": "CRD"}, ((1, 8, 3, 4),))
    op("depth_uneven", "DepthToSpace", {"blocksize": 2}, ((1, 6, 3, 4),))
    op("space_to_depth", "SpaceToDepth", {"blocksize": 2}, ((1, 3, 4, 6),))
    op("space_uneven", "SpaceToDepth", {"blocksize": 2}, ((1, 3, 5, 6),))
    op("grid_sample", "GridSample", {}, ((1, 2, 7, 7), (1, 3, 4, 2)), 16)
    op("affine_grid", "AffineGrid", {}, ((1, 2, 3),), 20, [ints("z", 1, 3, 5, 6)], ["z"])
    op("affine_grid_3d", "AffineGrid", {}, ((1, 3, 4),), 20, [ints("z", 1, 3, 5, 6, 7)], ["z"])
    op("center_crop", "CenterCropPad", {"axes": [2, 3]}, opset=18, tensors=[ints("z", 5, 9)], extra=["z"])
    op("center_crop_all", "CenterCropPad", {}, opset=18, tensors=[ints("z", 1, 2, 5, 9)], extra=["z"])


def arrangement():
    flat = ((2, 3, 4, 5),)
    for n, z, extra in (("keep", (0, -1), {}), ("all", (-1,), {}), ("copy", (0, 0, 20), {}), ("wrong", (7, -1), {}), ("wrong_all", (2, 3), {}), ("two", (-1, -1), {}),
                        ("below", (-2, 3), {}), ("zero_beyond", (2, 3, 4, 5, 0), {}), ("allowzero", (0, -1), {"allowzero": 1}), ("none", (), {})):
        op("reshape_" + n, "Reshape", extra, flat, 14, [ints("s", *z)], ["s"])
    op("reshape_empty", "Reshape", {}, ((0, 3, 4),), 14, [ints("s", 0, -1)], ["s"])
    op("reshape_empty_all", "Reshape", {}, ((0, 3, 4),), 14, [ints("s", -1)], ["s"])
    for a in (0, 1, 2, 4, -1, 5, -5):
        op("flatten_%d" % a, "Flatten", {"axis": a}, flat)
    op("flatten_vector", "Flatten", {}, ((5,),))
    op("transpose", "Transpose", {}, flat)
    op("transpose_perm", "Transpose", {"perm": [0, 2, 3, 1]}, flat)
    op("transpose_bad", "Transpose", {"perm": [0, 2, 2, 1]}, flat)
    op("transpose_short", "Transpose", {"perm": [0, 1]}, flat)
    one = ((1, 3, 1, 1),)
    op("squeeze_none", "Squeeze", {}, one)
    op("squeeze_axes", "Squeeze", {}, one, 13, [ints("a", 2, -1)], ["a"])
    op("squeeze_attr", "Squeeze", {"axes": [2]}, one, 11)
    op("squeeze_wrong", "Squeeze", {"axes": [1]}, one, 11)
    op("squeeze_attr_13", "Squeeze", {"axes": [2]}, one, 13)
    op("unsqueeze", "Unsqueeze", {}, ((3, 4),), 13, [ints("a", 0, -1)], ["a"])
    op("unsqueeze_attr", "Unsqueeze", {"axes": [1]}, ((3, 4),), 11)
    op("unsqueeze_twice", "Unsqueeze", {}, ((3, 4),), 13, [ints("a", 0, 0)], ["a"])
    op("unsqueeze_far", "Unsqueeze", {}, ((3, 4),), 13, [ints("a", 5)], ["a"])
    op("expand", "Expand", {}, ((3, 1),), 13, [ints("s", 2, 1, 4)], ["s"])
    op("expand_wrong", "Expand", {}, ((3, 2),), 13, [ints("s", 3, 4)], ["s"])
    op("tile", "Tile", {}, ((3, 2),), 13, [ints("s", 2, 3)], ["s"])
    op("tile_short", "Tile", {}, ((3, 2),), 13, [ints("s", 2)], ["s"])
    op("concat", "Concat", {"axis": 1}, ((1, 2, 3), (1, 5, 3)))
    op("concat_last", "Concat", {"axis": -1}, ((1, 2, 3), (1, 2, 4)))
    op("concat_wrong", "Concat", {"axis": 1}, ((1, 2, 3), (1, 5, 4)))
    op("concat_ranks", "Concat", {"axis": 0}, ((2, 3), (2, 3, 1)))
    op("concat_no_axis", "Concat", {}, ((1, 2, 3), (1, 5, 3)))
    op("concat_far", "Concat", {"axis": 3}, ((1, 2, 3), (1, 5, 3)))
    ten = ((1, 10),)
    op("split_even", "Split", {"axis": 1}, ten, out=("a", "b"))
    op("split_odd", "Split", {"axis": 1}, ten, out=("a", "b", "c"))
    op("split_sizes", "Split", {"axis": 1}, ten, tensors=[ints("s", 3, 7)], extra=["s"], out=("a", "b"))
    op("split_sizes_wrong", "Split", {"axis": 1}, ten, tensors=[ints("s", 3, 8)], extra=["s"], out=("a", "b"))
    op("split_attr", "Split", {"axis": 1, "split": [4, 6]}, ten, 11, out=("a", "b"))
    op("split_attr_13", "Split", {"axis": 1, "split": [4, 6]}, ten, 13, out=("a", "b"))
    for size, parts in ((7, 3), (7, 4), (7, 5), (6, 4), (6, 3), (10, 4), (3, 3), (2, 3)):
        op("split_%d_%d" % (size, parts), "Split", {"axis": 1, "num_outputs": parts}, ((1, size),), 18, out=tuple("abcdef"[:parts]))
    op("split_fewer_names", "Split", {"axis": 1, "num_outputs": 3}, ((1, 6),), 18, out=("a", "b"))
    op("split_more_names", "Split", {"axis": 1, "num_outputs": 2}, ((1, 6),), 18, out=("a", "b", "c"))
    op("split_both", "Split", {"axis": 1, "num_outputs": 2}, ten, 18, tensors=[ints("s", 3, 7)], extra=["s"], out=("a", "b"))
    big = 2**63 - 1
    for n, s, e, a, st in (("plain", [1], [3], [1], None), ("max", [0], [big], [1], [2]), ("min", [big], [-big - 1], [1], [-1]), ("back", [-1], [-11], [1], [-3]),
                           ("beyond", [12], [20], [1], None), ("empty", [5], [3], [1], None), ("zero_step", [0], [3], [1], [0]), ("no_axes", [0, 1], [1, 4], None, None),
                           ("negative_axis", [2], [-1], [-1], None), ("before", [-20], [3], [1], None), ("back_before", [-20], [-30], [1], [-1]), ("far_axis", [0], [1], [2], None),
                           ("lengths", [0, 1], [1], [0], None), ("twice", [0, 1], [1, 2], [1, 1], None)):
        t = [ints("s", *s), ints("e", *e)] + ([ints("a", *a)] if a else []) + ([ints("t", *st)] if st else [])
        op("slice_" + n, "Slice", {}, ten, 13, t, ["s", "e"] + (["a"] if a else [""] if st else []) + (["t"] if st else []))
    back = lambda start, end, kind=INT64: [("s", [1], kind, [start]), ("e", [1], kind, [end]), ("a", [1], kind, [1]), ("t", [1], kind, [-2])]
    op("slice_end_beyond_back", "Slice", {}, ((2, 7),), 13, back(5, 2**63 - 1), "seat")
    op("slice_end_beyond_back_32", "Slice", {}, ((2, 7),), 13, back(5, 2**31 - 1, INT32), "seat")
    op("slice_end_large_back", "Slice", {}, ((2, 7),), 13, back(5, 100), "seat")
    op("slice_begin_back", "Slice", {}, ((2, 7),), 13, back(5, -(2**63)), "seat")
    op("slice_attr", "Slice", {"starts": [0, 2], "ends": [1, 9], "axes": [0, 1]}, ten, 9)
    op("slice_attr_13", "Slice", {"starts": [0, 2], "ends": [1, 9], "axes": [0, 1]}, ten, 13)


def selection():
    x = ((2, 3, 4),)
    op("gather", "Gather", {"axis": 1}, x, tensors=[("i", [2, 2], INT64, [0, 1, 2, 0])], extra=["i"])
    op("gather_scalar", "Gather", {"axis": -1}, x, tensors=[("i", [], INT64, [1])], extra=["i"])
    op("gather_beyond", "Gather", {"axis": 1}, x, tensors=[ints("i", 3)], extra=["i"])
    op("gather_elements", "GatherElements", {"axis": 1}, x, tensors=[("i", [2, 1, 4], INT64)], extra=["i"])
    op("gather_nd", "GatherND", {}, x, tensors=[("i", [5, 2], INT64)], extra=["i"])
    op("gather_nd_batch", "GatherND", {"batch_dims": 1}, x, tensors=[("i", [2, 1], INT64)], extra=["i"])
    for kind in ("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare"):
        low = kind.lower()
        old = 11 if kind == "ReduceSum" else 13
        op(low + "_attr", kind, {"axes": [1, -1]}, x, old)
        op(low + "_keep", kind, {"axes": [1], "keepdims": 0}, x, old)
        op(low + "_all", kind, {}, x, old)
        op(low + "_18", kind, {"keepdims": 0}, x, 18, [ints("a", 0, 2)], ["a"])
        op(low + "_18_all", kind, {}, x, 18)
        op(low + "_18_noop", kind, {"noop_with_empty_axes": 1}, x, 18)
        op(low + "_18_attr", kind, {"axes": [1]}, x, 18)
        op(low + "_18_empty", kind, {}, x, 18, [ints("a")], ["a"])
        op(low + "_far", kind, {"axes": [3]}, x, old)
    op("argmax", "ArgMax", {"axis": 1}, x, out=(("y", INT64),))
    op("argmin_keep", "ArgMin", {"axis": -1, "keepdims": 0}, x, out=(("y", INT64),))
    op("topk", "TopK", {}, x, tensors=[ints("k", 2)], extra=["k"], out=("y", ("i", INT64)))
    op("topk_9", "TopK", {"k": 2, "axis": 1}, x, 9, out=("y", ("i", INT64)))
    op("topk_much", "TopK", {}, x, tensors=[ints("k", 9)], extra=["k"], out=("y", ("i", INT64)))
    op("compress", "Compress", {"axis": 1}, x, tensors=[("c", [3], BOOL, [True, False, True])], extra=["c"])
    op("compress_flat", "Compress", {}, x, tensors=[("c", [3], BOOL, [True, False, True])], extra=["c"])
    op("one_hot", "OneHot", {}, ((2, 3),), tensors=[ints("d", 5), floats("v", 0., 1.)], extra=["d", "v"])
    op("one_hot_axis", "OneHot", {"axis": 0}, ((2, 3),), tensors=[("d", [], FLOAT, [5.]), floats("v", 0., 1.)], extra=["d", "v"])
    op("scatter_elements", "ScatterElements", {"axis": 1}, x, tensors=[("i", [2, 1, 4], INT64), ("u", [2, 1, 4])], extra=["i", "u"])
    op("scatter_nd", "ScatterND", {}, x, tensors=[("i", [2, 1], INT64), ("u", [2, 3, 4])], extra=["i", "u"])
    op("cumsum", "CumSum", {}, x, tensors=[("a", [], INT64, [1])], extra=["a"])
    op("trilu", "Trilu", {}, x, 14)
    op("reverse", "ReverseSequence", {}, ((4, 2, 3),), tensors=[ints("l", 2, 3)], extra=["l"])
    op("unique", "Unique", {}, x)
    op("unique_axis", "Unique", {"axis": 1}, x, out=("y", ("i", INT64), ("j", INT64), ("c", INT64)))
    op("gather_nd_deep", "GatherND", {}, ((1,) * 8,), tensors=[("i", [1, 1, 1], INT64)], extra=["i"])
    op("nonzero_const", "NonZero", {}, (), tensors=[ints("c", 0, 1, 1)], extra=["c"], out=(("y", INT64),)) if 0 else None
    op("eye_like", "EyeLike", {}, ((4, 5),))
    op("roi_align", "RoiAlign", {"output_height": 3, "output_width": 2}, ((1, 2, 7, 7), (4, 4), (4,)), 16, kinds=[FLOAT, FLOAT, INT64], feed=["1x2x7x7", "4x4", "4@0"])


def elementwise():
    x = ((2, 3, 4),)
    for kind in ("Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Elu Erf Exp Floor HardSigmoid HardSwish Hardmax LeakyRelu Log LogSoftmax LpNormalization Neg Reciprocal "
                 "Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt Tan Tanh ThresholdedRelu Celu MeanVarianceNormalization Identity Dropout Clip").split():
        op(kind.lower(), kind, {}, x if kind != "MeanVarianceNormalization" else ((1, 2, 3, 4),), 14)
    for kind, v in (("Mish", 18), ("Gelu", 20), ("Swish", 24)):
        op(kind.lower(), kind, {}, x, v)
        op(kind.lower() + "_early", kind, {}, x, v - 1)
    op("isnan", "IsNaN", {}, x, out=(("y", BOOL),))
    op("softmax_far", "Softmax", {"axis": 3}, x)
    op("dropout_mask", "Dropout", {}, x, 13, out=("y", ("m", BOOL)))
    op("cast", "Cast", {"to": 7}, x, out=(("y", INT64),))
    op("cast_bad", "Cast", {"to": 99}, x)
    op("cast_like", "CastLike", {}, ((2, 3), (4,)), 15, kinds=[FLOAT, INT64], out=(("y", INT64),))
    for kind in "Add Sub Mul Div Pow Equal Less Greater PRelu Max Min Sum Mean Mod".split():
        attrs = {"fmod": 1} if kind == "Mod" else {}
        boolean = kind in ("Equal", "Less", "Greater")
        out = (("y", BOOL),) if boolean else ("y",)
        op(kind.lower() + "_stretch", kind, attrs, ((2, 3, 4), (3, 1)), out=out)
        op(kind.lower() + "_wrong", kind, attrs, ((2, 3, 4), (2, 4)), out=out)
        op(kind.lower() + "_other_way", kind, attrs, ((4,), (2, 3, 4)), out=out)
        op(kind.lower() + "_zero", kind, attrs, ((0, 3), (1, 3)), out=out)
    op("sum_three", "Sum", {}, ((2, 1), (1, 3), (4, 1, 1)))
    op("max_one", "Max", {}, ((2, 3),))
    op("add_6", "Add", {"broadcast": 1, "axis": 1}, ((1, 2, 7, 7), (2,)), 6)
    op("add_7_broadcast", "Add", {"broadcast": 1}, ((1, 2, 7, 7), (7,)), 7)
    op("where", "Where", {}, ((3, 1), (2, 1, 4), (1,)), kinds=[BOOL, FLOAT, FLOAT])
    op("bitwise", "BitwiseAnd", {}, ((3, 1), (4,)), 18, kinds=[INT32, INT32], out=(("y", INT32),))
    op("bitshift", "BitShift", {"direction": "LEFT"}, ((3,), (3,)), kinds=[UINT8, UINT8], out=(("y", UINT8),))
    p = ("s", [2]), ("b", [2]), ("m", [2]), ("v", [2])
    op("batchnorm", "BatchNormalization", {}, tensors=p, extra="sbmv")
    op("batchnorm_15", "BatchNormalization", {"training_mode": 1}, opset=15, tensors=p, extra="sbmv", out=("y", "mean", "var"))
    op("batchnorm_wrong", "BatchNormalization", {}, ((1, 3, 4, 4),), tensors=p, extra="sbmv")
    op("batchnorm_rank_2", "BatchNormalization", {}, ((5, 2),), tensors=p, extra="sbmv")
    op("instancenorm", "InstanceNormalization", {}, tensors=p[:2], extra="sb")
    op("instancenorm_wrong", "InstanceNormalization", {}, ((1, 3, 4, 4),), tensors=p[:2], extra="sb")
    op("layernorm", "LayerNormalization", {}, x, 17, [("s", [4]), ("b", [4])], "sb", out=("y", "m", "d"))
    op("layernorm_axis", "LayerNormalization", {"axis": 1}, x, 17, [("s", [3, 4])], "s", out=("y", "m"))
    op("layernorm_wrong", "LayerNormalization", {}, x, 17, [("s", [3])], "s")
    op("groupnorm_18", "GroupNormalization", {"num_groups": 2}, ((1, 4, 3, 3),), 18, p[:2], "sb")
    op("groupnorm_21", "GroupNormalization", {"num_groups": 2}, ((1, 4, 3, 3),), 21, [("s", [4]), ("b", [4])], "sb")
    op("groupnorm_18_wrong", "GroupNormalization", {"num_groups": 2}, ((1, 4, 3, 3),), 18, [("s", [4]), ("b", [4])], "sb")
    op("groupnorm_21_wrong", "GroupNormalization", {"num_groups": 2}, ((1, 4, 3, 3),), 21, p[:2], "sb")
    op("rmsnorm", "RMSNormalization", {}, x, 23, [("s", [4])], "s")
    op("quantize", "QuantizeLinear", {}, x, tensors=[("s", [], FLOAT, [1.]), ("z", [], UINT8, [0])], extra="sz", out=(("y", UINT8),))
    op("dequantize", "DequantizeLinear", {}, x, tensors=[("s", [], FLOAT, [1.])], extra="s", kinds=[UINT8])
    op("dynamic_quantize", "DynamicQuantizeLinear", {}, x, out=(("y", UINT8), "s", ("z", UINT8)))
    op("missing_op", "Reluu", {}, x)
    op("two_inputs_missing", "Add", {}, ((2, 3),))


def products():
    op("gemm", "Gemm", {}, ((2, 5),), tensors=[("w", [5, 4]), ("c", [4])], extra="wc")
    for version in (7, 10, 11):
        op("gemm_no_bias_%d" % version, "Gemm", {}, ((2, 5),), version, tensors=[("w", [5, 4])], extra="w")
    op("gemm_trans", "Gemm", {"transA": 1, "transB": 1}, ((5, 2),), tensors=[("w", [4, 5])], extra="w")
    op("gemm_wrong", "Gemm", {}, ((2, 5),), tensors=[("w", [4, 5])], extra="w")
    op("gemm_bias_wrong", "Gemm", {}, ((2, 5),), tensors=[("w", [5, 4]), ("c", [3])], extra="wc")
    op("gemm_rank", "Gemm", {}, ((1, 2, 5),), tensors=[("w", [5, 4])], extra="w")
    op("gemm_rank_6", "Gemm", {}, ((1, 5, 1, 1),), 6, tensors=[("w", [5, 4]), ("c", [4])], extra="wc")
    for n, a, b in (("2", (2, 3), (3, 4)), ("batch", (5, 2, 3), (3, 4)), ("stretch", (1, 5, 2, 3), (6, 1, 3, 4)), ("vector", (3,), (3, 4)), ("column", (2, 3), (3,)), ("dot", (3,), (3,)),
                    ("wrong", (2, 3), (4, 3)), ("vector_batch", (3,), (5, 3, 4)), ("batch_wrong", (2, 2, 3), (5, 3, 4)), ("scalar", (), (3,))):
        op("matmul_" + n, "MatMul", {}, (a, b))
    op("matmul_integer", "MatMulInteger", {}, ((2, 3), (3, 4)), kinds=[UINT8, UINT8], out=(("y", INT32),))
    q = [("s", [], FLOAT, [1.]), ("z", [], UINT8, [0]), ("w", [4, 3, 3, 3], UINT8), ("b", [4], INT32)]
    op("qlinear_conv", "QLinearConv", {"pads": [1, 1, 1, 1]}, IMAGE, tensors=q, extra=list("szwszsz") + ["b"], kinds=[UINT8], out=(("y", UINT8),))
    q[2] = ("w", [5, 4], UINT8)
    op("qlinear_matmul", "QLinearMatMul", {}, ((2, 5),), tensors=q, extra="szwszsz", kinds=[UINT8], out=(("y", UINT8),))
    op("conv_integer", "ConvInteger", {}, IMAGE, tensors=[("w", [4, 3, 3, 3], UINT8)], extra="w", kinds=[UINT8], out=(("y", INT32),))
    for n, e, x in (("matmul", "ij,jk->ik", ((2, 3), (3, 4))), ("implicit", "ij,jk", ((2, 3), (3, 4))), ("trace", "ii", ((3, 3),)), ("batch", "bij, bjk -> bik", ((5, 2, 3), (5, 3, 4))),
                    ("dots", "...ij,...jk->...ik", ((5, 2, 3), (5, 3, 4))), ("sum", "ij->", ((2, 3),)), ("turn", "ij->ji", ((2, 3),)), ("wrong", "ij,jk", ((2, 3), (4, 4))),
                    ("letter", "ij->ik", ((2, 3),)), ("rank", "ijk->ik", ((2, 3),)), ("dots_implicit", "...ij,jk", ((5, 2, 3), (3, 4)))):
        op("einsum_" + n, "Einsum", {"equation": e}, x)
    op("det", "Det", {}, ((2, 3, 3),))
    for kind, gates in (("LSTM", 4), ("GRU", 3), ("RNN", 1)):
        outs = ("y", "h", "c")[: 3 if kind == "LSTM" else 2]
        for n, d, a in (("forward", 1, {}), ("both", 2, {"direction": "bidirectional"}), ("first", 1, {"layout": 1})):
            if n == "first":
                continue
            op("%s_%s" % (kind.lower(), n), kind, dict({"hidden_size": 5}, **a), ((7, 1, 4),), 14, [("w", [d, gates * 5, 4]), ("r", [d, gates * 5, 5])], "wr", out=outs)
    op("attention_4d", "Attention", {}, ((1, 2, 5, 8), (1, 2, 7, 8), (1, 2, 7, 6)), 23)
    op("attention_3d", "Attention", {"q_num_heads": 2, "kv_num_heads": 2}, ((1, 5, 16), (1, 7, 16), (1, 7, 12)), 23)
    op("ms_fused_conv", "FusedConv", {"activation": "Relu", "pads": [1, 1, 1, 1]}, IMAGE, tensors=[W], extra="w", domain=MS, domains=[(MS, 1)])
    op("ms_fused_matmul", "FusedMatMul", {"transB": 1}, ((2, 5),), tensors=[("w", [4, 5])], extra="w", domain=MS, domains=[(MS, 1)])
    def ms(name, kind, attrs, x, tensors=(), extra=(), kinds=None, out=("y",), opset=13):
        op("ms_" + name, kind, attrs, x, opset, tensors, extra, out, MS, kinds=kinds, domains=[(MS, 1)])

    byte, q = [UINT8], [("s", [], FLOAT, [1.]), ("z", [], UINT8, [0])]
    eight = (("y", UINT8),)
    for trans in (0, 1):
        ms("qgemm_%d" % trans, "QGemm", {"transB": trans}, ((2, 5),), q + [("w", [4, 5] if trans else [5, 4], UINT8), ("c", [4], INT32)], "szwszcsz", byte, eight)
    ms("qgemm_float", "QGemm", {}, ((2, 5),), q + [("w", [5, 4], UINT8)], "szwsz", byte)
    ms("qgemm_wrong", "QGemm", {}, ((2, 5),), q + [("w", [4, 4], UINT8)], "szwsz", byte)
    for kind in ("Add", "Mul"):
        ms("q" + kind.lower(), "QLinear" + kind, {}, ((2, 1, 3),), q + [("b", [4, 1], UINT8)], "szbszsz", byte, eight)
    ms("qadd_wrong", "QLinearAdd", {}, ((2, 3),), q + [("b", [4], UINT8)], "szbszsz", byte, eight)
    ms("qadd_fed", "QLinearAdd", {}, ((2, 3),), q + [("b", [2, 1], UINT8)], "szbszsz", byte, eight)
    for last in (0, 1):
        ms("qpool_%d" % last, "QLinearAveragePool", {"kernel_shape": [2, 3], "channels_last": last}, ((1, 6, 7, 8),), q, "szsz", byte, eight)
        ms("qglobal_%d" % last, "QLinearGlobalAveragePool", {"channels_last": last}, ((1, 6, 7, 8),), q, "szsz", byte, eight)
        ms("qconv_%d" % last, "QLinearConv", {"channels_last": last}, ((1, 7, 8, 3) if last else (1, 3, 7, 8),), q + [("w", [4, 3, 3, 2], UINT8)], "szwszsz", byte, eight)
    ms("qconv_last_channels", "QLinearConv", {"channels_last": 1}, ((1, 3, 7, 8),), q + [("w", [4, 3, 3, 2], UINT8)], "szwszsz", byte, eight)
    ms("nhwc_maxpool", "NhwcMaxPool", {"kernel_shape": [2, 3], "strides": [2, 1]}, ((1, 6, 7, 8),), kinds=byte, out=eight)
    ms("qconcat", "QLinearConcat", {"axis": 1}, ((2, 3),), q + [("b", [2, 4], UINT8)], ["b", "s", "z"], byte, eight)
    case("ms_qconcat_two", [("QLinearConcat", ["s", "z", "x", "s", "z", "b", "s", "z"], ["y"], {"axis": 1, "domain": MS})], ((2, 3),), 13, q + [("b", [2, 4], UINT8)], eight, byte, domains=[(MS, 1)])
    ms("qsigmoid", "QLinearSigmoid", {}, ((2, 3),), q, "szsz", byte, eight)
    ms("qleaky", "QLinearLeakyRelu", {}, ((2, 3),), q, "szsz", byte, eight)
    ms("qsoftmax", "QLinearSoftmax", {"opset": 13, "axis": -1}, ((2, 3),), q, "szsz", byte, eight)
    for keep in (0, 1):
        ms("qmean_%d" % keep, "QLinearReduceMean", {"axes": [2, 3], "keepdims": keep}, ((1, 2, 3, 4),), q, "szsz", byte, eight)
    ms("fused_gemm", "FusedGemm", {"activation": "Relu", "transB": 1}, ((2, 5),), [("w", [4, 5]), ("c", [4])], "wc")
    for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
        ms("fused_matmul_%d%d" % (a, b), "FusedMatMul", {"transA": a, "transB": b}, ((2, 5, 3) if a else (2, 3, 5), (2, 4, 5) if b else (2, 5, 4)))
    ms("fused_matmul_batch", "FusedMatMul", {"transBatchA": 1}, ((3, 2, 5), (2, 5, 4)))
    ms("fused_matmul_batch_both", "FusedMatMul", {"transBatchA": 1, "transBatchB": 1, "transB": 1}, ((3, 2, 4, 5), (6, 2, 4, 5)))
    ms("transpose_matmul", "TransposeMatMul", {"transA": 1}, ((2, 5, 3), (2, 5, 4)))
    for axis in (0, -1, 2, 3):
        ms("expand_dims_%d" % axis, "ExpandDims", {}, ((2, 3),), [("a", [], INT32, [axis])], "a")
    ms("attention", "Attention", {"num_heads": 2}, ((1, 5, 8),), [("w", [8, 24]), ("b", [24])], "wb")
    ms("fast_gelu", "FastGelu", {}, ((2, 3),), [("b", [3])], "b")
    ms("quick_gelu", "QuickGelu", {}, ((2, 3),))
    ms("inverse", "Inverse", {}, ((2, 3, 3),))
    ms("trilu", "Trilu", {}, ((3, 4),))
    ms("grid", "GridSample", {}, ((1, 2, 5, 5), (1, 3, 4, 2)))
    ms("pad", "Pad", {}, ((2, 3),), [ints("p", 1, 0, 0, 2)], "p")
    ms("to_float", "MatMulIntegerToFloat", {}, ((2, 5),), [("w", [5, 4], UINT8), ("s", [], FLOAT, [1.])], "wss", byte)
    ms("dynamic_matmul", "DynamicQuantizeMatMul", {}, ((2, 5),), [("w", [5, 4], UINT8), ("s", [1], FLOAT, [1.])], "ws")
    ms("nbits_k", "MatMulNBits", {"K": 16, "N": 4, "bits": 4, "block_size": 16}, ((2, 32),), [("w", [4, 1, 8], UINT8), ("s", [4])], "ws")
    ms("nbits_zero", "MatMulNBits", {"K": 0, "N": 4, "bits": 4, "block_size": 16}, ((2, 32),), [("w", [4, 1, 8], UINT8), ("s", [4])], "ws")
    ms("skip_simplified", "SkipSimplifiedLayerNormalization", {}, ((1, 2, 4), (1, 2, 4)), [("g", [4])], "g")
    ms("multi_head", "MultiHeadAttention", {"num_heads": 2}, ((1, 5, 8), (1, 6, 8), (1, 6, 8)))
    ms("embed", "EmbedLayerNormalization", {}, ((1, 5),), [("e", [], INT32), ("t", [9, 8]), ("p", [9, 8]), ("g", [8]), ("b", [8])], ["", "t", "p", "", "g", "b"], [INT32])
    op("ms_gelu", "Gelu", {}, ((2, 3),), domain=MS, domains=[(MS, 1)])
    op("ms_bias_gelu", "BiasGelu", {}, ((2, 3),), tensors=[("b", [3])], extra="b", domain=MS, domains=[(MS, 1)])
    op("ms_skip_norm", "SkipLayerNormalization", {}, ((1, 2, 4), (1, 2, 4)), tensors=[("g", [4]), ("b", [4])], extra="gb", domain=MS, domains=[(MS, 1)])
    op("ms_nbits", "MatMulNBits", {"K": 32, "N": 4, "bits": 4, "block_size": 16}, ((2, 32),), tensors=[("w", [4, 2, 8], UINT8), ("s", [8])], extra="ws", domain=MS, domains=[(MS, 1)])
    op("custom", "Mystery", {}, ((2, 3),), domain="example", domains=[("example", 1)])


def values():
    def constant(name, kind, value):
        case("constant_" + name, [("Constant", [], ["s"], {kind: value}), ("Reshape", ["x", "s"], ["y"])], ((2, 6),), 13)
    constant("ints", "value_ints", [3, 4])
    constant("tensor", "value", Tensor(tensor("", [2], INT64, [4, 3])))
    case("constant_int", [("Constant", [], ["s"], {"value_int": 5}), ("Unsqueeze", ["s", "z"], ["t"]), ("ConstantOfShape", ["t"], ["y"])], tensors=[ints("z", 0)])
    case("constant_floats", [("Constant", [], ["y"], {"value_floats": [1., 2., 3.]})])
    case("constant_strings", [("Constant", [], ["y"], {"value_strings": ["a", "b"]})], outputs=(("y", STRING),))
    case("filled_value", [("ConstantOfShape", ["s"], ["y"], {"value": Tensor(tensor("", [1], INT64, [7]))})], tensors=[ints("s", 2, 3)], outputs=(("y", INT64),))
    case("filled_scalar", [("ConstantOfShape", ["s"], ["y"])], tensors=[ints("s")])
    case("shape", [("Shape", ["x"], ["y"])], outputs=(("y", INT64),))
    case("shape_part", [("Shape", ["x"], ["s"], {"start": 1, "end": -1}), ("ConstantOfShape", ["s"], ["y"])], opset=15)
    case("size", [("Size", ["x"], ["s"]), ("Unsqueeze", ["s", "z"], ["t"]), ("ConstantOfShape", ["t"], ["y"])], ((2, 3),), tensors=[ints("z", 0)])
    scalar = lambda n, v, k=INT64: (n, [], k, [v])
    for n, a, b, c, k in (("up", 0, 10, 3, INT64), ("down", 10, 0, -4, INT64), ("none", 5, 0, 1, INT64), ("float", 0., 1., .3, FLOAT), ("zero", 0, 5, 0, INT64)):
        case("range_" + n, [("Range", ["a", "b", "c"], ["y"])], tensors=[scalar("a", a, k), scalar("b", b, k), scalar("c", c, k)], outputs=(("y", k),))
    case("nonzero_constant", [("NonZero", ["c"], ["y"])], tensors=[ints("c", 0, 1, 1)], outputs=(("y", INT64),))
    op("random", "RandomNormalLike", {}, ((2, 3),))
    case("random_shape", [("RandomUniform", [], ["y"], {"shape": [2, 5]})])
    for n, chain in {
        "add": [("Add", ["s", "one"], ["t"])], "sub": [("Sub", ["s", "one"], ["t"])], "mul": [("Mul", ["s", "two"], ["t"])], "div": [("Div", ["s", "two"], ["t"])],
        "max": [("Max", ["s", "two"], ["t"])], "min": [("Min", ["s", "two"], ["t"])], "mod": [("Mod", ["s", "two"], ["t"])], "neg": [("Neg", ["s"], ["u"]), ("Neg", ["u"], ["t"])],
        "abs": [("Neg", ["s"], ["u"]), ("Abs", ["u"], ["t"])], "where": [("Greater", ["s", "two"], ["u"]), ("Where", ["u", "s", "two"], ["t"])],
        "equal": [("Equal", ["s", "three"], ["u"]), ("Where", ["u", "two", "s"], ["t"])], "slice": [("Slice", ["s", "zero", "two"], ["t"])],
        "slice_back": [("Slice", ["s", "end", "begin", "zero", "minus"], ["t"])], "concat": [("Concat", ["s", "two"], ["t"], {"axis": 0})],
        "gather": [("Gather", ["s", "index"], ["t"])], "split": [("Split", ["s", "halves"], ["t", "u"])], "cast": [("Cast", ["s"], ["u"], {"to": 1}), ("Mul", ["u", "half"], ["v"]), ("Floor", ["v"], ["w"]), ("Cast", ["w"], ["t"], {"to": 7})],
        "ceil": [("Cast", ["s"], ["u"], {"to": 1}), ("Mul", ["u", "half"], ["v"]), ("Ceil", ["v"], ["w"]), ("Cast", ["w"], ["t"], {"to": 7})],
        "round": [("Cast", ["s"], ["u"], {"to": 1}), ("Mul", ["u", "half"], ["v"]), ("Round", ["v"], ["w"]), ("Cast", ["w"], ["t"], {"to": 7})],
        "truncate": [("Cast", ["s"], ["u"], {"to": 1}), ("Mul", ["u", "half"], ["v"]), ("Cast", ["v"], ["t"], {"to": 7})], "int32": [("Cast", ["s"], ["u"], {"to": 6}), ("Cast", ["u"], ["t"], {"to": 7})],
        "prod": [("ReduceProd", ["s"], ["t"])], "sum": [("ReduceSum", ["s"], ["t"])], "transpose": [("Reshape", ["s", "pairs"], ["u"]), ("Transpose", ["u"], ["v"]), ("Reshape", ["v", "minus"], ["t"])],
        "tile": [("Slice", ["s", "zero", "one"], ["u"]), ("Tile", ["u", "two"], ["t"])], "expand": [("Slice", ["s", "zero", "one"], ["u"]), ("Expand", ["u", "two"], ["t"])],
        "scatter": [("ScatterND", ["s", "places", "news"], ["t"])], "not": [("Equal", ["s", "three"], ["u"]), ("Not", ["u"], ["v"]), ("Where", ["v", "two", "s"], ["t"])],
        "and": [("Equal", ["s", "three"], ["u"]), ("And", ["u", "u"], ["v"]), ("Where", ["v", "two", "s"], ["t"])], "pow": [("Pow", ["s", "two"], ["t"])],
        "identity": [("Identity", ["s"], ["t"])], "squeeze": [("Unsqueeze", ["s", "zero"], ["u"]), ("Squeeze", ["u", "zero"], ["t"])],
    }.items():
        case("fold_" + n, [("Shape", ["x"], ["s"])] + chain + [("ConstantOfShape", ["t"], ["y"])], ((3, 2, 5, 4),), 13, [
            ints("zero", 0), ints("one", 1), ints("two", 2), ints("three", 3), ints("minus", -1), ints("end", 3), ints("begin", -5), ints("index", 3, 0), ints("halves", 1, 3),
            ints("pairs", 2, 2), ("places", [1, 1], INT64, [2]), ints("news", 7), floats("half", .5)])
    op("hann", "HannWindow", {}, (), 17, tensors=[scalar("n", 10)], extra=["n"]) if 0 else None
    case("hann", [("HannWindow", ["n"], ["y"])], opset=17, tensors=[scalar("n", 10)])
    case("mel", [("MelWeightMatrix", list("abcde"), ["y"])], opset=17, tensors=[scalar("a", 8), scalar("b", 16), scalar("c", 8192), scalar("d", 0., FLOAT), scalar("e", 4096., FLOAT)])
    op("dft", "DFT", {"axis": 1}, ((1, 10, 1),), 17)
    op("dft_half", "DFT", {"axis": 1, "onesided": 1}, ((1, 10, 1),), 17)
    op("dft_20", "DFT", {}, ((1, 10, 1),), 20)
    op("dft_length", "DFT", {"axis": 1}, ((1, 10, 1),), 17, [scalar("n", 6)], ["n"])
    op("dft_axis_20", "DFT", {}, ((2, 10, 1),), 20, [scalar("a", 0)], ["", "a"])
    op("dft_back", "DFT", {"axis": 1, "inverse": 1}, ((1, 10, 2),), 17)
    op("stft_frame", "STFT", {}, ((1, 20, 1),), 17, [scalar("s", 4), scalar("n", 6)], ["s", "", "n"])
    op("stft_whole", "STFT", {"onesided": 0}, ((1, 20, 1),), 17, [scalar("s", 4), ("w", [8])], ["s", "w"])
    op("stft_large", "STFT", {}, ((1, 5, 1),), 17, [scalar("s", 4), ("w", [8])], ["s", "w"])
    op("stft", "STFT", {}, ((1, 20, 1),), 17, [scalar("s", 4), ("w", [8])], ["s", "w"])
    op("loss", "SoftmaxCrossEntropyLoss", {}, ((3, 5), (3,)), 13, kinds=[FLOAT, INT64])
    op("loss_none", "SoftmaxCrossEntropyLoss", {"reduction": "none"}, ((3, 5), (3,)), 13, kinds=[FLOAT, INT64], out=("y", "p"))


def control():
    def branch(nodes, out="b", tensors=()):
        return Graph(graph([node(*n[:3], **(n[3] if len(n) > 3 else {})) for n in nodes], [], [port(out, None)], [tensor(*t) for t in tensors], "branch"))
    relu, pool = branch([("Relu", ["x"], ["b"])]), branch([("GlobalAveragePool", ["x"], ["b"])])
    flag = lambda v: ("c", [], BOOL, [v])
    case("if_true", [("If", ["c"], ["y"], {"then_branch": relu, "else_branch": pool})], tensors=[flag(True)])
    case("if_false", [("If", ["c"], ["y"], {"then_branch": relu, "else_branch": pool})], tensors=[flag(False)])
    case("if_fed", [("If", ["x1"], ["y"], {"then_branch": relu, "else_branch": relu})], ((1, 2, 7, 7), ()), kinds=[FLOAT, BOOL])
    case("if_shape", [("Shape", ["x"], ["s"]), ("Gather", ["s", "i"], ["n"]), ("Equal", ["n", "k"], ["c"]), ("If", ["c"], ["y"], {"then_branch": relu, "else_branch": pool})],
         tensors=[("i", [], INT64, [1]), ("k", [], INT64, [2])])
    case("if_same_names", [("If", ["c"], ["y"], {"then_branch": branch([("Relu", ["x"], ["y"])], "y"), "else_branch": branch([("Abs", ["x"], ["y"])], "y")})], tensors=[flag(True)])
    body = Graph(graph([node("Identity", ["c"], ["d"]), node("Concat", ["v", "v"], ["w"], axis=0), node("Relu", ["x"], ["z"])],
                       [port("i", [], INT64), port("c", [], BOOL), port("v", None)], [port("d", [], BOOL), port("w", None), port("z", None)], name="body"))
    case("loop", [("Loop", ["m", "c", "x"], ["y", "z"], {"body": body})], ((2, 3),), tensors=[("m", [], INT64, [3]), ("c", [], BOOL, [True])], outputs=("y", "z"))
    case("loop_never", [("Loop", ["m", "c", "x"], ["y", "z"], {"body": body})], ((2, 3),), tensors=[("m", [], INT64, [0]), ("c", [], BOOL, [True])], outputs=("y", "z"))
    scan = Graph(graph([node("Add", ["a", "b"], ["s"]), node("Identity", ["s"], ["t"])], [port("a", [4]), port("b", [4])], [port("s", [4]), port("t", [4])], name="body"))
    case("scan", [("Scan", ["x", "x1"], ["y", "z"], {"body": scan, "num_scan_inputs": 1})], ((4,), (6, 4)), outputs=("y", "z"))
    case("sequence_at", [("SplitToSequence", ["x"], ["s"], {"axis": 3}), ("SequenceAt", ["s", "i"], ["y"])], tensors=[("i", [], INT64, [2])])
    case("sequence_concat", [("SequenceConstruct", ["x", "x1"], ["s"]), ("ConcatFromSequence", ["s"], ["y"], {"axis": 0})], ((2, 3), (4, 3)))
    case("sequence_stack", [("SequenceConstruct", ["x", "x"], ["s"]), ("ConcatFromSequence", ["s"], ["y"], {"axis": 0, "new_axis": 1})], ((2, 3),))
    case("sequence_split", [("SplitToSequence", ["x", "k"], ["s"], {"axis": 1}), ("SequenceAt", ["s", "i"], ["y"])], ((1, 7),), tensors=[("k", [], INT64, [3]), ("i", [], INT64, [-1])])
    case("sequence_insert", [("SequenceConstruct", ["x"], ["s"]), ("SequenceInsert", ["s", "x1"], ["t"]), ("SequenceAt", ["t", "i"], ["y"])], ((2, 3), (4, 5)), tensors=[("i", [], INT64, [1])])
    case("sequence_length", [("SequenceConstruct", ["x", "x"], ["s"]), ("SequenceLength", ["s"], ["n"]), ("Unsqueeze", ["n", "z"], ["t"]), ("ConstantOfShape", ["t"], ["y"])], tensors=[ints("z", 0)])
    fn = (data(1, "Twice") + data(4, "a") + data(5, "b") + data(6, "alpha")
          + data(7, node("LeakyRelu", ["a"], ["t"], alpha=Ref("f_alpha")).replace(b"f_alpha", b"alpha")if 0 else node("Relu", ["a"], ["t"])) + data(7, node("Flatten", ["t"], ["b"], axis=Ref("axis")))
          + data(6, "axis") + data(9, number(2, 15)) + data(10, "local"))
    case("function", [("Twice", ["x"], ["y"], {"domain": "local", "axis": 2})], opset=15, domains=[("local", 1)], functions=[fn])
    case("unsorted", [("Relu", ["a"], ["y"]), ("Flatten", ["x"], ["a"])])
    case("cycle", [("Add", ["x", "b"], ["a"]), ("Relu", ["a"], ["b"]), ("Relu", ["b"], ["y"])])
    case("unmade", [("Add", ["x", "nobody"], ["y"])])
    case("made_twice", [("Relu", ["x"], ["y"]), ("Abs", ["x"], ["y"])])
    case("output_input", [("Relu", ["x"], ["y"])], outputs=("y", "x"))
    case("output_constant", [("Relu", ["x"], ["y"])], outputs=("y", "k"), tensors=[("k", [3])])
    case("no_output", [("Relu", ["x"], ["z"])])
    for n, outs in {"none": [], "blank": [""], "first_blank": ["", "m"]}.items():  # a node that makes nothing, or not its first output
        kind = "MaxPool" if n == "first_blank" else "AveragePool"
        case("node_outputs_" + n, [(kind, ["x"], outs, {"kernel_shape": [2, 2]}), ("Relu", ["x"], ["y"])])
    case("no_nodes", [], outputs=("k",), tensors=[("k", [3])])
    case("opset_27", [("Relu", ["x"], ["y"])], opset=27)
    case("opset_26", [("Relu", ["x"], ["y"])], opset=26)
    case("ir_99", [("Relu", ["x"], ["y"])], ir=99)
    case("ir_13", [("Relu", ["x"], ["y"])], ir=13)
    case("ir_14", [("Relu", ["x"], ["y"])], ir=14)
    case("huge", [("ConstantOfShape", ["s"], ["y"])], tensors=[ints("s", 2**40, 2**40)])
    case("domain_ai_onnx", [("Relu", ["x"], ["y"], {"domain": "ai.onnx"})])


for group in (windows, resampling, arrangement, selection, elementwise, products, values, control):
    group()
