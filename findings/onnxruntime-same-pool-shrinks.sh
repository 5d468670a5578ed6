#!/usr/bin/env bash
# With auto_pad SAME_UPPER and dilations, onnxruntime 1.30's MaxPool shrinks the map; its Conv refuses.
#
# Both attributes are allowed together by the operators' specification. The padding of the pool is
# that of a kernel without dilation, so a 7x7 map becomes 5x5, in silence. The shape inference of onnx 1.12 gives
# 7x7 for both.
. "$(dirname "$0")/packages"
npm_packages onnxruntime-node@1.30.0 onnxruntime-common@1.30.0
debian_packages python3-onnx=1.12.0-2+b4

$python - <<'PYTHON' >seen
import onnx
from onnx import TensorProto, helper as h
same = dict(auto_pad="SAME_UPPER", kernel_shape=[3, 3], dilations=[2, 2])
weight = h.make_tensor("w", TensorProto.FLOAT, [1, 1, 3, 3], [1.0] * 9)
for op, inputs in (("Conv", ["x", "w"]), ("MaxPool", ["x"])):
    graph = h.make_graph([h.make_node(op, inputs, ["y"], **same)], "g",
                         [h.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 7, 7])],
                         [h.make_tensor_value_info("y", TensorProto.FLOAT, ["n", "c", "h", "w"])], [weight])
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, op + ".onnx")
    output = onnx.shape_inference.infer_shapes(model).graph.output[0].type.tensor_type.shape
    print(op, "x".join(str(d.dim_value) for d in output.dim))
PYTHON
unset LD_LIBRARY_PATH
cat >run.js <<'JS'
const ort = require('onnxruntime-node');
const x = new ort.Tensor('float32', new Float32Array(49), [1, 1, 7, 7]);
(async () => {
    for (const op of ['Conv', 'MaxPool']) {
        const session = await ort.InferenceSession.create(op + '.onnx', {logSeverityLevel: 4});
        await session.run({x}).then(result => console.log(op, result.y.dims.join('x')),
                                    () => console.log(op, 'raises'));
    }
})();
JS
expect "onnx 1.12.0" "$(paste -sd ' ' seen)" "Conv 1x1x7x7 MaxPool 1x1x7x7"
expect "onnxruntime 1.30.0" "$(node run.js | paste -sd ' ')" "Conv raises MaxPool 1x1x5x5"
