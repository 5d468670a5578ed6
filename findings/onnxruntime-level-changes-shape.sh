#!/usr/bin/env bash
# onnxruntime 1.30 gives one model two output shapes, by its level of graph optimization.
#
# torch 1.13 exports AvgPool2d with padding as Pad and AveragePool. Computed as written, the pool
# rounds up and its last window may begin in what Pad has added: 5x5 becomes 4x4. PyTorch drops such
# a window and has 3x3. So has onnxruntime by default, because it merges both nodes into a pool with
# padding, which drops the window; with optimization disabled it has 4x4. Only a
# warning of the runtime's log tells.
. "$(dirname "$0")/packages"
npm_packages onnxruntime-node@1.30.0 onnxruntime-common@1.30.0
debian_packages python3-torch=1.13.1+dfsg-4

$python - <<'PYTHON' >seen 2>/dev/null
import torch
pool = torch.nn.AvgPool2d(2, 2, padding=1, ceil_mode=True)
x = torch.ones(1, 1, 5, 5)
torch.onnx.export(pool, x, "pool.onnx", opset_version=13, input_names=["x"], output_names=["y"])
print("x".join(map(str, pool(x).shape)))
PYTHON
unset LD_LIBRARY_PATH
cat >run.js <<'JS'
const ort = require('onnxruntime-node');
const x = new ort.Tensor('float32', new Float32Array(25).fill(1), [1, 1, 5, 5]);
(async () => {
    for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all']) {
        const session = await ort.InferenceSession.create('pool.onnx', {graphOptimizationLevel, logSeverityLevel: 3});
        console.log(graphOptimizationLevel, (await session.run({x})).y.dims.join('x'));
    }
})();
JS
expect "torch 1.13.1" "$(cat seen)" "1x1x3x3"
expect "onnxruntime 1.30.0" "$(node run.js | paste -sd ' ')" \
    "disabled 1x1x4x4 basic 1x1x3x3 extended 1x1x3x3 all 1x1x3x3"
