#!/usr/bin/env bash
# torch 1.13: the gradient of binary_cross_entropy fades out long before its loss is cut off.
#
# Its documentation tells that logarithms are cut off at -100. For the target 1 and a probability of sigmoid(z) the slope
# with respect to z is sigmoid(z) - 1. But the backward pass divides by max(p*(1 - p), 1e-12), in double precision,
# too: below z = -27.6 the slope shrinks, while the loss still changes by 1 for each 1 of z. With
# binary_cross_entropy_with_logits the slope is whole.
. "$(dirname "$0")/packages"
debian_packages python3-torch=1.13.1+dfsg-4

$python - <<'PYTHON' >seen
import torch
from torch.nn import functional as F
one = torch.ones(1, dtype=torch.float64)
for z in (-20., -28., -35.):
    x = torch.tensor([z], dtype=torch.float64, requires_grad=True)
    loss = F.binary_cross_entropy(torch.sigmoid(x), one)
    slope = torch.autograd.grad(loss, x)[0].item()
    logits = torch.autograd.grad(F.binary_cross_entropy_with_logits(x, one), x)[0].item()
    print(f"{z:.0f}: loss {loss.item():.2f} slope {slope:.4f} with logits {logits:.4f}")
PYTHON
expect "torch 1.13.1" "$(paste -sd ',' seen)" \
    "-20: loss 20.00 slope -1.0000 with logits -1.0000,-28: loss 28.00 slope -0.6914 with logits -1.0000,-35: loss 35.00 slope -0.0006 with logits -1.0000"
