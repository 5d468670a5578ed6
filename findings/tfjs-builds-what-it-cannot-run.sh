#!/usr/bin/env bash
# tfjs 4.22 builds, counts and sizes two convolutions that it cannot run.
#
# Conv1D with padding 'causal' and Conv2D with both strides and a dilation rate pass the summary with
# a shape; only predict() raises an error. The shape of the causal one is that of padding 'valid'.
. "$(dirname "$0")/packages"
npm_packages @tensorflow/tfjs@4.22.0

cat >run.js <<'JS'
const tf = require('@tensorflow/tfjs');
for (const layer of [
    tf.layers.conv1d({filters: 4, kernelSize: 3, padding: 'causal', inputShape: [8, 2]}),
    tf.layers.conv2d({filters: 4, kernelSize: 3, strides: 2, dilationRate: 2, inputShape: [9, 9, 1]})]) {
    const model = tf.sequential({layers: [layer]});
    let run = 'runs';
    try {
        model.predict(tf.ones([1, ...model.inputs[0].shape.slice(1)]));
    } catch (error) {
        run = 'raises';
    }
    console.log(layer.getClassName(), JSON.stringify(model.outputs[0].shape), model.countParams(), run);
}
JS
expect "tfjs 4.22.0" "$(node run.js 2>/dev/null | grep ^Conv | paste -sd ' ')" \
    "Conv1D [null,6,4] 28 raises Conv2D [null,3,3,4] 40 raises"
