#!/usr/bin/env python3
"""Makes windows.json, which tests/web/geometry.js reads: what each output of a layer sees, as
PyTorch computes it. Each position of the input in turn is 1 and the others 0, so that an output
differs from 0 exactly where a window covers that position.

    tests/web/windows.py >tests/web/windows.json      (needs PyTorch; made with 1.13)
"""

import json
import random

import torch
import torch.nn.functional as F

random.seed(25)


def facts(kind, size, out, k=0, s=0, d=1, low=0, high=0):
    return {"kind": kind, "in": [1, size], "out": [1, out], "kernel": [k], "stride": [s],
            "dilation": [d], "low": [low], "high": [high]}


def seen(values):
    """For each step its positions; `values` has a row for each position of the input."""
    return [[x for x in range(values.shape[0]) if values[x, o] != 0]
            for o in range(values.shape[1])]


def divisors(values):
    """What a mean divides by, at each output; 0 where it sees nothing."""
    most = values.max(dim=0).values
    return [0 if m == 0 else round(1 / m.item()) for m in most]


def conv(size, k, s, d, low, high):
    padded = F.pad(torch.eye(size)[:, None, :], (low, high))
    out = F.conv1d(padded, torch.ones(1, 1, k), stride=s, dilation=d)[:, 0, :]
    return facts("conv", size, out.shape[1], k, s, d, low, high) | {"seen": seen(out)}


def deconv(size, k, s, d, pad, extra):
    out = F.conv_transpose1d(torch.eye(size)[:, None, :], torch.ones(1, 1, k), stride=s,
                             dilation=d, padding=pad, output_padding=extra)[:, 0, :]
    # The window lies on the output, where `extra` positions are none of its taps.
    return facts("deconv", size, out.shape[1], k, s, d, pad, pad) | {"seen": seen(out.T)}


def avgpool(size, k, s, pad, ceil):
    ones = torch.eye(size)[:, None, :]
    counted = F.avg_pool1d(ones, k, s, pad, ceil, True)[:, 0, :]
    inside = F.avg_pool1d(ones, k, s, pad, ceil, False)[:, 0, :]
    return facts("avgpool", size, counted.shape[1], k, s, 1, pad, pad) | {
        "seen": seen(counted), "padded": divisors(counted), "inside": divisors(inside)}


def maxpool(size, k, s, d, pad, ceil):
    """The largest value is where the 1 is, wherever the window covers it."""
    out = F.max_pool1d(torch.eye(size)[:, None, :], k, s, pad, d, ceil)[:, 0, :]
    return facts("maxpool", size, out.shape[1], k, s, d, pad, pad) | {"seen": seen(out)}


def adaptive(size, out):
    values = F.adaptive_avg_pool1d(torch.eye(size)[:, None, :], out)[:, 0, :]
    return facts("aap", size, out) | {"seen": seen(values)}


def draw(make, count, *ranges):
    """Rows of `count` draws that PyTorch accepts."""
    rows = []
    while len(rows) < count:
        try:
            rows.append(make(*(random.choice(r) for r in ranges)))
        except RuntimeError:
            pass
    return rows


sizes, kernels, strides, dilations = range(1, 16), range(1, 6), range(1, 5), range(1, 4)
rows = draw(conv, 60, sizes, kernels, strides, dilations, range(4), range(4))
rows += draw(deconv, 50, range(1, 9), kernels, strides, dilations, range(3), range(3))
rows += draw(avgpool, 50, sizes, kernels, strides, range(3), [False, True])
rows += draw(maxpool, 40, sizes, kernels, strides, dilations, range(3), [False, True])
rows += draw(adaptive, 25, sizes, range(1, 10))
print("[" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "]")
