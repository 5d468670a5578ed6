#!/usr/bin/env bash
# A max pool that rounds up has a last window outside of the map in OpenCV 4.6.
#
# 6 wide, kernel 2, stride 3: the windows begin at 0 and 3, and PyTorch's output is 2 wide. OpenCV
# rounds (6-2)/3 up and adds a window at 6, which covers nothing; its "maximum" is
# 0, more than any value of this map.
. "$(dirname "$0")/packages"
debian_packages python3-opencv=4.6.0+dfsg-12 python3-torch=1.13.1+dfsg-4

$python - <<'PYTHON' >seen 2>/dev/null
import cv2, numpy, torch
pool, x = torch.nn.MaxPool2d(2, 3, ceil_mode=True), -torch.ones(1, 1, 6, 6)
torch.onnx.export(pool, x, "pool.onnx", opset_version=11)
net = cv2.dnn.readNetFromONNX("pool.onnx")
net.setInput(x.numpy())
y = net.forward()
print("torch", tuple(pool(x).shape), "OpenCV", y.shape, "last", "%g" % y[0, 0, 2, 2])
PYTHON
expect "OpenCV 4.6.0, torch 1.13.1" "$(cat seen)" "torch (1, 1, 2, 2) OpenCV (1, 1, 3, 3) last 0"
