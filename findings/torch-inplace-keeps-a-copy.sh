#!/usr/bin/env bash
# torch 1.13: ReLU6, SiLU, Hardswish, Hardsigmoid and Mish with inplace=True keep a copy of their input.
#
# ReLU, LeakyReLU and ELU in place keep their output, which has overwritten the input: nothing more. The derivatives of
# the others need the input, so it is copied before it is overwritten, and training takes as much memory as without
# inplace=True. MobileNet v2 and v3 and EfficientNet are built of these.
. "$(dirname "$0")/packages"
debian_packages python3-torch=1.13.1+dfsg-4

$python - <<'PYTHON' >seen
import torch
from torch import nn
for kind in (nn.ReLU, nn.LeakyReLU, nn.ELU, nn.ReLU6, nn.SiLU, nn.Hardswish, nn.Hardsigmoid, nn.Mish):
    x = torch.ones(4, requires_grad=True) * 1
    kept = set()
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.add(t.data_ptr()) or t, lambda t: t):
        y = kind(inplace=True)(x)
    assert y.data_ptr() == x.data_ptr()
    print(kind.__name__, "nothing more" if kept <= {x.data_ptr()} else "a copy")
PYTHON
expect "torch 1.13" "$(paste -sd ',' seen)" \
    "ReLU nothing more,LeakyReLU nothing more,ELU nothing more,ReLU6 a copy,SiLU a copy,Hardswish a copy,Hardsigmoid a copy,Mish a copy"
