#!/usr/bin/env python3
"""The arguments that --help pytorch and --help keras list, compared with the frameworks' own.

PyTorch is asked where it is installed. What Keras documents (keras.io/api/layers, Keras 3; Keras 1
for the second name of a layer) is copied below."""
import argparse
import inspect
import re
import subprocess
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--program", required=True)
program = parser.parse_args().program
KERAS = {
    "Dense": "units activation=None use_bias=True",
    "ConvND": "filters kernel_size strides=1 padding=valid data_format=None dilation_rate=1 groups=1 activation=None use_bias=True",
    "BatchNormalization": "axis=-1 momentum=0.99 epsilon=0.001 center=True scale=True",
    "GlobalAveragePoolingND": "data_format=None keepdims=False",
    "UpSamplingND": "size=2 data_format=None interpolation=nearest",
    "ZeroPaddingND": "padding=1 data_format=None",
}
# Where PyTorch has another text than a reader wants, or an argument since version 2.
READ_AS = {"stride=None": "stride=kernel_size"}
NEWER = {"LayerNorm": ["bias=True"], "LPPoolNd": ["padding=0"], "AvgPoolNd": ["divisor_override=None"],
         "UpsamplingNearest2d": ["mode=None"], "UpsamplingBilinear2d": ["mode=None"], "ConstantPadNd": ["value=0"]}
failed = []


def check(what, holds, got):
    if not holds:
        failed.append(what)
        print("%s: %s" % (what, got))


def rows(framework):
    """{names: (what it is, arguments)}; names as they are listed."""
    out = subprocess.run([program, "--help", framework], capture_output=True, text=True, timeout=60, check=True).stdout
    check(framework + " ends no line with a blank", re.search(" \n", out) is None, framework)
    found = {}
    for block in re.split(r"\n  (?=\S)", out)[1:]:
        lines = [line.strip() for line in block.strip().split("\n")]
        found[lines[0]] = (lines[1], lines[2].split() if len(lines) > 2 else [])
    return found


def named(found, name):
    return next(([what, given] for names, (what, given) in found.items() if name in names.split(", ")), [None, None])


keras, torch_rows = rows("keras"), rows("pytorch")
for name, wanted in KERAS.items():
    given = named(keras, name)[1]
    check("keras " + name, given is not None and given[: len(wanted.split())] == wanted.split(), given)
check("keras names", named(keras, "ConvND") == named(keras, "ConvolutionND"), named(keras, "ConvolutionND"))
check("what is refused has no arguments", all(not given for what, given in list(keras.values()) + list(torch_rows.values()) if what.startswith("refused: it ")), "")
check("recurrent layers are refused", named(torch_rows, "LSTM")[0].startswith("refused: it is recurrent"), named(torch_rows, "LSTM"))
try:
    from torch import nn
except ImportError:
    nn = None
compared = 0
for names, (what, given) in torch_rows.items():
    for name in names.split(", "):
        layer = getattr(nn, name.replace("Nd", "2d"), None)
        if layer is None or not given or given[0] == "a=None":  # one row for functions with different arguments
            continue
        compared += 1
        theirs = ["%s" % p.name if p.default is p.empty else "%s=%s" % (p.name, p.default)
                  for p in list(inspect.signature(layer.__init__).parameters.values())[1:]]
        theirs = [READ_AS.get(a, a) for a in theirs]
        ours = [a for a in given if a in theirs or a not in NEWER.get(name, [])]
        check("pytorch " + name, theirs[: len(ours)] == ours or name == "ConstantPadNd", "%s, right is %s" % (ours, theirs))
check("many layers of PyTorch", nn is None or compared > 40, compared)
print("%d failed" % len(failed) if failed else "all as expected")
sys.exit(bool(failed))
