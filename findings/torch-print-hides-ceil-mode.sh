#!/usr/bin/env bash
# print(model) of torch 1.13 shows ceil_mode of a MaxPool2d, but not of an AvgPool2d.
#
# Two networks with different output sizes print the same text, so no reader of the text can tell.
. "$(dirname "$0")/packages"
debian_packages python3-torch=1.13.1+dfsg-4

$python - <<'PYTHON' >seen 2>/dev/null
import torch
from torch import nn
for kind in (nn.MaxPool2d, nn.AvgPool2d):
    down, up = kind(2), kind(2, ceil_mode=True)
    print(kind.__name__, "same text" if str(down) == str(up) else "other text",
          tuple(down(torch.ones(1, 5, 5)).shape), tuple(up(torch.ones(1, 5, 5)).shape))
PYTHON
expect "torch 1.13.1" "$(paste -sd ' ' seen)" \
    "MaxPool2d other text (1, 2, 2) (1, 3, 3) AvgPool2d same text (1, 2, 2) (1, 3, 3)"
