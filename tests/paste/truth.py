#!/usr/bin/env python3
"""Writes what PyTorch says of the snippets in pytorch.txt: name, input, output, parameters, statistics, and the bytes
that training with two samples keeps for the backward pass.

Needs torch; run with Debian's python3-torch to make pytorch.tsv anew.
"""
import contextlib, io, math, os, sys
from collections import OrderedDict
import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))


def snippets(path):
    for part in open(path).read().split("#### ")[1:]:
        head, text = part.split("\n", 1)
        name, size = head.split()
        yield name, size, text


def model_of(text):
    scope = dict(torch=torch, nn=nn, F=F, math=math, OrderedDict=OrderedDict, __name__="__main__")
    exec(text, scope)
    models = [v for v in scope.values() if isinstance(v, nn.Module)]
    if models:
        return models[-1]
    classes = [v for v in scope.values() if isinstance(v, type) and issubclass(v, nn.Module)]
    return classes[-1]()


def kept_bytes(model, inputs):
    """All storages that autograd keeps, but for those of parameters and buffers."""
    own = {t.storage().data_ptr() for t in list(model.parameters()) + list(model.buffers())}
    storages, alive = {}, []

    def keep(tensor):
        alive.append(tensor)
        if tensor.storage().data_ptr() not in own:
            storages[tensor.storage().data_ptr()] = tensor.storage().nbytes()
        return tensor
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        alive.append(model.train()(*inputs))
    return sum(storages.values())


def main():
    rows = []
    for name, size, text in snippets(os.path.join(HERE, "pytorch.txt")):
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                model = model_of(text).eval()
                inputs = [torch.zeros([2] + [int(n) for n in one.split("=")[-1].split("x")]) for one in size.split(",")]
                out = model(*inputs)
                out = out[0] if isinstance(out, tuple) else out
                bytes_kept = kept_bytes(model, inputs)
            except Exception as error:
                sys.exit(f"{name}: {error}")
        params = sum(p.numel() for p in model.parameters())
        kept = sum(b.numel() for n, b in model.named_buffers() if "running" in n)
        rows.append((name, size, "x".join(map(str, out.shape[1:])), params, kept, bytes_kept))
    print("name\tinput\toutput\tparams\tstatistics\tkept")
    for row in rows:
        print(*row, sep="\t")


main()
