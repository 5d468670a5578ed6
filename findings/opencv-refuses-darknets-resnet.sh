#!/usr/bin/env bash
# OpenCV 4.6 has a reader of darknet's .cfg, but not for darknet's own residual networks.
#
# In resnet18.cfg a shortcut joins maps of unequal size (128x28x28 and 64x56x56); darknet adds what
# both have in common. OpenCV's sum asks for equal sizes and raises an error.
. "$(dirname "$0")/packages"
debian_packages python3-opencv=4.6.0+dfsg-12 darknet=0.0.0+git20180914.61c9d02e-2+b4

cfg=root/usr/share/darknet/cfg/resnet18.cfg
darknet ops $cfg >ops 2>&1
truncate -s 60M zero.weights
$python - $cfg <<'PYTHON' >seen 2>/dev/null
import cv2, sys
try:
    net = cv2.dnn.readNetFromDarknet(sys.argv[1], "zero.weights")
    print(net.getFLOPS((1, 3, 256, 256)))
except cv2.error as error:
    print("error", error.err)
PYTHON
expect "darknet 2018-09-14" "$(grep -m1 Operations ops)" "Floating Point Operations: 4688158720"
expect "OpenCV 4.6.0" "$(cat seen)" "error inputs[vecIdx][j] == inputs[i][j]"
