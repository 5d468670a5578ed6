#!/usr/bin/env bash
# onnxruntime 1.30's Resize that keeps the aspect ratio leaves a map as it is where axes are counted from the end.
#
# Axes from -r to r - 1 are allowed by the operator's specification (opset 18), and where the map is stretched both
# ways of writing them give the same. An 8x4 map that may not be larger than 2x6 becomes 2x1 with the axes 2 and 3;
# with -2 and -1 it stays 8x4, in silence.
. "$(dirname "$0")/packages"
npm_packages onnxruntime-node@1.30.0 onnxruntime-common@1.30.0
debian_packages python3-onnx=1.12.0-2+b4

$python - <<'PYTHON'
import onnx
from onnx import TensorProto, helper as h
sizes = h.make_tensor("sizes", TensorProto.INT64, [2], [2, 6])
for policy in ("stretch", "not_larger", "not_smaller"):
    for axes in ([2, 3], [-2, -1]):
        node = h.make_node("Resize", ["x", "", "", "sizes"], ["y"], axes=axes, keep_aspect_ratio_policy=policy)
        graph = h.make_graph([node], "g", [h.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 8, 4])],
                             [h.make_tensor_value_info("y", TensorProto.FLOAT, ["n", "c", "h", "w"])], [sizes])
        model = h.make_model(graph, opset_imports=[h.make_opsetid("", 18)], ir_version=8)
        onnx.save(model, f"{policy}{axes[0]}.onnx")
PYTHON
unset LD_LIBRARY_PATH
cat >run.js <<'JS'
const ort = require('onnxruntime-node');
const x = new ort.Tensor('float32', new Float32Array(32), [1, 1, 8, 4]);
(async () => {
    for (const policy of ['stretch', 'not_larger', 'not_smaller']) {
        const seen = [];
        for (const axis of [2, -2]) {
            const session = await ort.InferenceSession.create(`${policy}${axis}.onnx`, {logSeverityLevel: 4});
            seen.push((await session.run({x})).y.dims.slice(2).join('x'));
        }
        console.log(policy, seen.join(' '));
    }
})();
JS
expect "onnxruntime 1.30.0, axes 2,3 and -2,-1" "$(node run.js | paste -sd ',')" "stretch 2x6 2x6,not_larger 2x1 8x4,not_smaller 12x6 8x4"
