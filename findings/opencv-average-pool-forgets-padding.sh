#!/usr/bin/env bash
# OpenCV 4.6's reader of ONNX ignores count_include_pad=1, PyTorch's default: padding is not counted.
#
# Where the padding counts, the corner of a map of ones is 4/9; here it stays 1. No error, no warning.
. "$(dirname "$0")/packages"
debian_packages python3-opencv=4.6.0+dfsg-12 python3-onnx=1.12.0-2+b4

$python - <<'PYTHON' >seen
import cv2, numpy, onnx
from onnx import TensorProto, helper as h
for counted in (0, 1):
    node = h.make_node("AveragePool", ["x"], ["y"], kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=counted)
    graph = h.make_graph([node], "g", [h.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 4, 4])],
                         [h.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, 4, 4])])
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 11)], ir_version=6)
    onnx.checker.check_model(model)
    onnx.save(model, "pool.onnx")
    net = cv2.dnn.readNetFromONNX("pool.onnx")
    net.setInput(numpy.ones((1, 1, 4, 4), numpy.float32))
    print("count_include_pad=%d corner %.4f" % (counted, net.forward()[0, 0, 0, 0]))
PYTHON
expect "OpenCV 4.6.0" "$(paste -sd ' ' seen)" "count_include_pad=0 corner 1.0000 count_include_pad=1 corner 1.0000"
