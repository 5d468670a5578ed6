#!/usr/bin/env bash
# A SeparableConv2D with depthMultiplier 2 comes back from tfjs 4.22's own JSON with 1.
#
# toJSON writes no depth_multiplier for this layer (it does for DepthwiseConv2D), so the model that is
# read again has other weights: 3*3*3 + 3*8 + 8 = 59 in place of 3*3*6 + 6*8 + 8 = 110.
. "$(dirname "$0")/packages"
npm_packages @tensorflow/tfjs@4.22.0

cat >run.js <<'JS'
const tf = require('@tensorflow/tfjs');
const model = tf.sequential({layers: [tf.layers.separableConv2d(
    {filters: 8, kernelSize: 3, depthMultiplier: 2, inputShape: [8, 8, 3]})]});
tf.models.modelFromJSON(model.toJSON(null, false)).then(
    again => console.log(`made ${model.countParams()} again ${again.countParams()}`));
JS
expect "tfjs 4.22.0" "$(node run.js 2>/dev/null | tail -1)" "made 110 again 59"
