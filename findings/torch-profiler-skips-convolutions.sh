#!/usr/bin/env bash
# torch 1.13's profiler with with_flops=True reports nothing for many convolutions.
#
# Conv2d has its 2*MACs; the same layer with padding='same' has none, nor have Conv1d, Conv3d and
# ConvTranspose2d. A sum over a network is silently too small.
. "$(dirname "$0")/packages"
debian_packages python3-torch=1.13.1+dfsg-4

$python - <<'PYTHON' >seen 2>/dev/null
import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile
for name, layer, size in (("padding=1", nn.Conv2d(3, 8, 3, padding=1), (1, 3, 8, 8)),
                          ("padding='same'", nn.Conv2d(3, 8, 3, padding="same"), (1, 3, 8, 8)),
                          ("Conv1d", nn.Conv1d(3, 8, 3), (1, 3, 8)), ("Conv3d", nn.Conv3d(3, 8, 3), (1, 3, 8, 8, 8)),
                          ("ConvTranspose2d", nn.ConvTranspose2d(3, 8, 3), (1, 3, 8, 8))):
    x = torch.ones(size)
    with profile(activities=[ProfilerActivity.CPU], with_flops=True) as run:
        layer(x)
    print(name, sum(event.flops for event in run.key_averages()))
PYTHON
expect "torch 1.13.1" "$(paste -sd ' ' seen)" \
    "padding=1 27648 padding='same' 0 Conv1d 0 Conv3d 0 ConvTranspose2d 0"
