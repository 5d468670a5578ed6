#!/usr/bin/env bash
# convnetjs 0.3: activation 'maxout' halves the filters that were asked for; 'relu' sets biases of 0.1.
#
# 16 filters with maxout leave 8 channels (groups of 2), so the next layer has half of the weights
# that a reader counts. A conv's default padding is 0, and a softmax brings a dense layer with it.
. "$(dirname "$0")/packages"
npm_packages convnetjs@0.3.0

cat >run.js <<'JS'
const convnet = require('convnetjs');
for (const activation of ['relu', 'maxout']) {
    const net = new convnet.Net();
    net.makeLayers([{type: 'input', out_sx: 8, out_sy: 8, out_depth: 3}, {type: 'conv', sx: 3, filters: 16, activation},
                    {type: 'softmax', num_classes: 10}]);
    const params = net.getParamsAndGrads().reduce((sum, layer) => sum + layer.params.length, 0);
    console.log(activation, net.layers[2].out_depth, 'channels', params, 'params, bias', net.layers[1].biases.w[0]);
}
JS
expect "convnetjs 0.3.0" "$(node run.js | paste -sd ' ')" \
    "relu 16 channels 6218 params, bias 0.1 maxout 8 channels 3338 params, bias 0"
