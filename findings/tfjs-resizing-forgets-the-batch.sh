#!/usr/bin/env bash
# tfjs 4.22's Resizing layer announces a shape without the batch, and takes a side for the channels.
#
# What it computes is right. But a model that is built on it cannot know its next layer's input.
. "$(dirname "$0")/packages"
npm_packages @tensorflow/tfjs@4.22.0

cat >run.js <<'JS'
const tf = require('@tensorflow/tfjs');
const layer = () => tf.layers.resizing({height: 5, width: 7, inputShape: [8, 9, 3]});
const announced = tf.sequential({layers: [layer()]}).outputs[0].shape;
const computed = layer().apply(tf.ones([1, 8, 9, 3])).shape;
console.log(`announced ${JSON.stringify(announced)} computed ${JSON.stringify(computed)}`);
JS
expect "tfjs 4.22.0" "$(node run.js 2>/dev/null | tail -1)" "announced [5,7,9] computed [1,5,7,3]"
