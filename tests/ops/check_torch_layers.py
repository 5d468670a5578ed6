#!/usr/bin/env python3
"""Random layers of one, two and three axes against PyTorch, which runs each of them.

Shapes, parameters and statistics are those of PyTorch's modules; MACs are the uses of a weight, from the sizes that
PyTorch gives. What PyTorch refuses has to be refused here. Exit status 77: PyTorch is not installed.
"""
import argparse
import json
import math
import random
import subprocess
import sys

try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
except ImportError:
    print("PyTorch (the package python3-torch) is not installed: skipped")
    sys.exit(77)

SMALLEST = float("-inf")


class Layers:
    """One random layer: its text, and a function that gives output, parameters, statistics and MACs by PyTorch."""

    def __init__(self, rng):
        self.rng = rng

    # ---- numbers ----

    def sides(self, low, high):
        """One number for all axes, or one for each; and its text."""
        if self.rng.random() < 0.6:
            n = self.rng.randint(low, high)
            return [n] * self.axes, str(n)
        numbers = [self.rng.randint(low, high) for _ in range(self.axes)]
        return numbers, "x".join(map(str, numbers))

    def maybe(self, letter, usual, low, high, share=0.4):
        if self.rng.random() > share:
            return [usual] * self.axes, ""
        numbers, text = self.sides(low, high)
        return numbers, " %s%s" % (letter, text)

    def two_ends(self, high):
        """Padding before and after each axis, and its text without a letter."""
        rng = self.rng
        if rng.random() < 0.5:
            pair = (rng.randint(0, high), rng.randint(0, high))
            return [pair] * self.axes, "%d+%d" % pair
        pairs = [(rng.randint(0, high), rng.randint(0, high)) for _ in range(self.axes)]
        return pairs, "x".join("%d+%d" % p for p in pairs)

    def pads(self, k, d, s, default_same, pool):
        """(padding of each axis or "p" for the module's own, text)."""
        rng = self.rng
        form = rng.choice(("none", "p", "ends", "same", "tf", "valid"))
        extent = [d[i] * (k[i] - 1) + 1 for i in range(self.axes)]
        if form == "none" and default_same:
            form = "same"
            text = ""
        elif form in ("none", "valid"):
            return [(0, 0)] * self.axes, " valid" if form == "valid" else "", False
        elif form == "p":
            n, text = self.sides(0, 3)
            return [(p, p) for p in n], " p" + text, pool
        elif form == "ends":
            ends, text = self.two_ends(3)
            self.refused = self.refused or (pool and any(max(ends[i]) >= extent[i] for i in range(self.axes)))
            return ends, " p" + text, False
        else:
            text = " same" if form == "same" else " same=tf"
        pads = []
        for i, n in enumerate(self.map):
            if form == "same" and extent[i] % 2 == 1:
                pads.append(((extent[i] - 1) // 2, (extent[i] - 1) // 2))
            else:  # TensorFlow's padding
                whole = max((math.ceil(n / s[i]) - 1) * s[i] + extent[i] - n, 0)
                pads.append((whole // 2, whole - whole // 2))
        return pads, text, False

    def pick(self, name):
        return getattr(nn, "%s%dd" % (name, self.axes))

    def padded(self, x, pads, value=0.0):
        flat = [n for pair in reversed(pads) for n in pair]
        return F.pad(x, flat, value=value)

    # ---- layers ----

    def conv(self):
        rng = self.rng
        k, kt = self.sides(1, 4)
        s, st = self.maybe("s", 1, 1, 3)
        d, dt = self.maybe("d", 1, 1, 2, 0.25)
        kind = rng.choice(("conv", "conv", "dwconv", "sepconv"))
        g = rng.choice((1, 1, 2, 3)) if kind == "conv" else 1
        n = rng.choice((1, 2, 4, 6))
        bias = rng.random() < 0.7
        pads, pt, _ = self.pads(k, d, s, True, False)
        text = "%s%s%s%s%s%s%s%s" % (kind, kt, "" if kind == "dwconv" else "-%d" % n, st, dt, pt,
                                     " g%d" % g if g > 1 else "", "" if bias else " b0")
        if kind == "conv" and (self.c % g or n % g):
            return text, None

        def run(x):
            make = self.pick("Conv")
            x = self.padded(x, pads)
            if kind == "conv":
                parts = [make(self.c, n, k, stride=s, dilation=d, groups=g, bias=bias)]
            elif kind == "dwconv":
                parts = [make(self.c, self.c, k, stride=s, dilation=d, groups=self.c, bias=bias)]
            else:
                parts = [make(self.c, self.c, k, stride=s, dilation=d, groups=self.c, bias=False),
                         make(self.c, n, 1, bias=bias)]
            macs = 0
            for part in parts:
                x = part(x)
                macs += part.weight.numel() * math.prod(x.shape[2:])
            return x, parts, macs
        return text, run

    def deconv(self):
        rng = self.rng
        k, kt = self.sides(1, 4)
        s, st = self.maybe("s", 1, 1, 3)
        d, dt = self.maybe("d", 1, 1, 2, 0.25)
        n, bias = rng.choice((1, 2, 4)), rng.random() < 0.7
        ends = rng.random() < 0.4
        if ends:
            pads, pt = self.two_ends(2)
            extra, et = [0] * self.axes, ""
        else:
            p, pt = self.sides(0, 2)
            pads = [(i, i) for i in p]
            extra, et = self.maybe("op", 0, 0, 2, 0.3)
        text = "deconv%s-%d%s%s p%s%s%s" % (kt, n, st, dt, pt, et, "" if bias else " b0")

        def run(x):
            own = [0] * self.axes if ends else [p[0] for p in pads]
            module = self.pick("ConvTranspose")(self.c, n, k, stride=s, padding=own, output_padding=extra,
                                                dilation=d, bias=bias)
            y = module(x)
            if ends:
                y = self.padded(y, [(-a, -b) for a, b in pads])
            return y, [module], module.weight.numel() * math.prod(x.shape[2:])
        return text, run

    def pool(self):
        kind = self.rng.choice(("maxpool", "avgpool"))
        k, kt = self.sides(1, 4)
        s, st = self.maybe("s", None, 1, 3)
        s = k if s[0] is None else s
        d, dt = self.maybe("d", 1, 1, 2, 0.25) if kind == "maxpool" else ([1] * self.axes, "")
        pads, pt, own = self.pads(k, d, s, False, True)
        ceil = own and self.rng.random() < 0.4
        text = kind + kt + st + dt + pt + (" ceil" if ceil else "")

        def run(x):
            inside = [p[0] if own else 0 for p in pads]
            if not own:
                x = self.padded(x, pads, SMALLEST if kind == "maxpool" else 0.0)
            more = {"dilation": d} if kind == "maxpool" else {}
            # AvgPool3d refuses kernels above the map even where the padding makes room: sizes are MaxPool3d's
            name = "MaxPool" if kind == "maxpool" or self.axes == 3 else "AvgPool"
            return self.pick(name)(k, stride=s, padding=inside, ceil_mode=ceil, **more)(x), [], 0
        return text, run

    def whole(self):
        size, text = self.sides(1, 5)
        name, module = self.rng.choice((("gap", "AdaptiveAvgPool"), ("gmp", "AdaptiveMaxPool"),
                                        ("aap", "AdaptiveAvgPool"), ("amp", "AdaptiveMaxPool")))
        if name[0] == "g":
            size, text = [1] * self.axes, ""
        return name + text, lambda x: (self.pick(module)(size)(x), [], 0)

    def norm(self):
        rng = self.rng
        learned = rng.choice((None, True, False))
        kind = rng.choice(("bn", "in", "gn", "ln all"))
        if kind == "in" and math.prod(self.map) == 1:
            kind = "bn"  # PyTorch refuses to normalise a single value
        groups = rng.choice((1, 2, 3))
        usual = kind != "in"
        on = usual if learned is None else learned
        text = (("gn%d" % groups) if kind == "gn" else kind) + ("" if learned is None else " a%d" % learned)

        def run(x):
            module = (self.pick("BatchNorm")(self.c, affine=on) if kind == "bn" else
                      self.pick("InstanceNorm")(self.c, affine=on) if kind == "in" else
                      nn.GroupNorm(groups, self.c, affine=on) if kind == "gn" else
                      nn.LayerNorm(x.shape[1:], elementwise_affine=on))
            return module.eval()(x), [module], 0
        return text, run

    def dense(self):
        n, bias = self.rng.randint(1, 6), self.rng.random() < 0.7
        flat = self.rng.random() < 0.5
        text = "%s-%d%s" % ("FC" if flat else "linear", n, "" if bias else " b0")

        def run(x):
            x = x.flatten(1) if flat else x
            module = nn.Linear(x.shape[-1], n, bias=bias)
            y = module(x)
            return y, [module], module.weight.numel() * math.prod(x.shape[1:-1])
        return text, run

    def arrange(self):
        rng = self.rng
        kind = rng.choice(("pad", "pad+", "crop+", "upsample", "resize", "flatten", "pixshuf", "pixunshuf"))
        if kind in ("pad+", "crop+"):
            ends, text = self.two_ends(3)
            sign = 1 if kind == "pad+" else -1

            def run(x):
                if sign < 0 and any(sum(e) >= n for e, n in zip(ends, self.map)):
                    raise RuntimeError("empty")
                return self.padded(x, [(sign * a, sign * b) for a, b in ends]), [], 0
            return kind[:-1] + text, run
        if kind == "flatten":
            return kind, lambda x: (x.flatten(1), [], 0)
        if kind[:3] == "pix":
            if self.axes != 2:
                return self.arrange()
            r = rng.randint(1, 3)
            module = nn.PixelShuffle(r) if kind == "pixshuf" else nn.PixelUnshuffle(r)
            return "%s%d" % (kind, r), lambda x: (module(x), [], 0)
        size, text = self.sides(0 if kind == "pad" else 1, 4)
        if kind == "pad":
            return kind + text, lambda x: (self.padded(x, [(n, n) for n in size]), [], 0)
        if kind == "upsample":
            return kind + text, lambda x: (F.interpolate(x, scale_factor=[float(n) for n in size]), [], 0)
        return kind + text, lambda x: (F.interpolate(x, size=size), [], 0)

    def make(self):
        rng = self.rng
        self.axes = rng.randint(1, 3)
        self.c = rng.choice((1, 2, 3, 4, 6))
        self.map = [rng.randint(1, 9 if self.axes < 3 else 6) for _ in range(self.axes)]
        self.refused = False
        text, run = rng.choice((self.conv, self.conv, self.conv, self.deconv, self.pool, self.pool, self.whole,
                                self.norm, self.dense, self.arrange))()
        form = ("", "1d ", "", "3d ")[self.axes]
        line = "input %s%s; %s" % (form, "x".join(map(str, [self.c] + self.map)), text)
        if run is None or self.refused:
            return line, None
        try:
            with torch.no_grad():
                y, parts, macs = run(torch.zeros([2, self.c] + self.map))
        except (RuntimeError, ValueError, IndexError):
            return line, None
        if min(y.shape) < 1:  # PyTorch has empty maps
            return line, None
        return line, {"output": list(y.shape[1:]),
                      "params": sum(p.numel() for m in parts for p in m.parameters()),
                      "statistics": sum(b.numel() for m in parts for b in m.buffers() if b.dim() > 0),
                      "macs": macs}


def batch(program, lines):
    """What the program answers to each; None: it refuses the line."""
    text = "".join(line + "\n" for line in lines)
    found = subprocess.run([program, "--batch", "-", "-f", "json", "-c", "output,params,statistics,macs"],
                           input=text, capture_output=True, text=True, check=False).stdout.splitlines()
    if len(found) != len(lines):
        sys.exit("%d answers to %d lines" % (len(found), len(lines)))
    answers = [json.loads(line) for line in found]
    return [None if a["output"] is None else a for a in answers]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=3000)
    options = parser.parse_args()
    torch.set_num_threads(1)
    layers = Layers(random.Random(options.seed))
    cases = [layers.make() for _ in range(options.count)]
    answers = batch(options.program, [line for line, _ in cases])
    differences = 0
    for (line, right), answer in zip(cases, answers):
        given = None if answer is None else {name: answer[name] for name in ("output", "params", "statistics", "macs")}
        if given != right:
            differences += 1
            if differences <= 20:
                print("%s\n  PyTorch: %s\n  here:    %s" % (line, right, given))
    print("%d layers, %d of them refused by PyTorch %s, %d differences" % (
        len(cases), sum(right is None for _, right in cases), torch.__version__, differences))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
