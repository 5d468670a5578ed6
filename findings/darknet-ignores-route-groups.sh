#!/usr/bin/env bash
# Debian's darknet (2018) reads a route with groups, as in yolov4-tiny, but takes all channels.
#
# A later fork gave [route] the keys groups and group_id, which take a part of the channels. The
# original only lists them as unused fields, so the network is larger than its author meant: 64 channels,
# not 32, enter the next convolution.
. "$(dirname "$0")/packages"
debian_packages darknet=0.0.0+git20180914.61c9d02e-2+b4

printf '%s\n' '[net]' width=8 height=8 channels=3 '[convolutional]' filters=64 size=3 pad=1 \
    '[route]' layers=-1 groups=2 group_id=1 '[convolutional]' filters=8 size=1 >net.cfg
darknet ops net.cfg >seen 2>&1
expect "darknet 2018-09-14" "$(grep -E 'Unused|^conv +8 ' seen | tr -s ' ' | paste -sd ' ')" \
    "Unused field: 'groups = 2' Unused field: 'group_id = 1' conv 8 1 x 1 / 1 8 x 8 x 64 -> 8 x 8 x 8 0.000 BFLOPs"
