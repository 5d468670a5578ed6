#!/usr/bin/env bash
# OpenCV 4.6's getFLOPS does not know groups, and takes the wrong channels of transposed convolutions.
#
# A depthwise convolution of 8 channels is reported as if each filter read all 8: 8 times too much
# (2 * 9 * 512 = 9,216 and 512 biases are right). The transposed one, 8 to 3 channels, multiplies the
# input's channels twice: 2 * 16 * 8 * 512 instead of 2 * 16 * 3 * 512 = 49,152.
. "$(dirname "$0")/packages"
debian_packages python3-opencv=4.6.0+dfsg-12 python3-torch=1.13.1+dfsg-4

$python - <<'PYTHON' >seen 2>/dev/null
import cv2, torch
from torch import nn
for name, layer in (("dense", nn.Conv2d(8, 8, 3, padding=1)), ("depthwise", nn.Conv2d(8, 8, 3, padding=1, groups=8)),
                    ("transposed", nn.ConvTranspose2d(8, 3, 4, 2, 1))):
    torch.onnx.export(layer, torch.ones(1, 8, 8, 8), "layer.onnx", opset_version=11)
    print(name, cv2.dnn.readNetFromONNX("layer.onnx").getFLOPS((1, 8, 8, 8)))
PYTHON
expect "OpenCV 4.6.0" "$(paste -sd ' ' seen)" "dense 74240 depthwise 74240 transposed 131072"
