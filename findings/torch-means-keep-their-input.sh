#!/usr/bin/env bash
# torch 1.13: average pools, means, reflection padding and unfold keep their input, whose values no gradient needs.
#
# What enters the backward pass is the input's size alone: with other numbers in its place the gradients are the same.
# But the whole input is kept until then. A sum and padding by zeros or in circles keep nothing, so that
# x.sum((2, 3)) / n trains in less memory than x.mean((2, 3)).
. "$(dirname "$0")/packages"
debian_packages python3-torch=1.13.1+dfsg-4

$python - <<'PYTHON' >seen
import torch
from torch import nn
from torch.nn import functional as F
cases = {
    "AvgPool2d": nn.AvgPool2d(2), "AdaptiveAvgPool2d": nn.AdaptiveAvgPool2d(1), "mean": lambda x: x.mean((2, 3)),
    "ReflectionPad2d": nn.ReflectionPad2d(1), "ReplicationPad2d": nn.ReplicationPad2d(1), "Unfold": nn.Unfold(3),
    "sum": lambda x: x.sum((2, 3)), "ZeroPad2d": nn.ZeroPad2d(1),
    "circular": lambda x: F.pad(x, (1, 1, 1, 1), "circular"), "Upsample": nn.Upsample(scale_factor=2),
}
for name, layer in cases.items():
    gradients = []
    for values in (torch.randn(1, 4, 8, 8), torch.zeros(1, 4, 8, 8)):
        kept = []
        x = values.requires_grad_()
        with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t.numel()) or t, lambda t: t):
            y = layer(x)
        gradients.append(torch.autograd.grad(y.sum(), x)[0])
    assert torch.equal(*gradients)
    print(name, sum(kept))
PYTHON
expect "torch 1.13.1, numbers kept of 256" "$(paste -sd ',' seen)" \
    "AvgPool2d 256,AdaptiveAvgPool2d 256,mean 256,ReflectionPad2d 256,ReplicationPad2d 256,Unfold 256,sum 0,ZeroPad2d 0,circular 0,Upsample 0"
