#!/usr/bin/env python3
"""What PyTorch keeps for the backward pass of random chains, whole and with checkpoint_sequential, against
`kept`; and the most that its backward pass allocates, which train_peak may not exceed.

    check_torch_memory.py --program build/cnncalc [--count 40] [--seed 1]

Needs torch (Debian: python3-torch); without it nothing is compared."""
import argparse
import contextlib
import io
import random
import re
import subprocess
import sys

KINDS = ("relu", "bn", "sigmoid", "gelu", "maxpool3 s1p1", "avgpool3 s1p1", "dropout", "silu", "tanh", "gn2", "prelu",
         "id", "upsample2", "bn a0", "ln", "ln all", "in a1", "linear-7", "sepconv3-4")


def chain(rng):
    items = []
    for _ in range(rng.randint(3, 14)):
        if not items or rng.random() < .35:
            items.append("conv%d-%d" % (rng.choice([1, 3, 5]), rng.choice([4, 8, 16])))
        else:
            items.append(rng.choice(KINDS))
    return items


def model_of(program, spec):
    code = subprocess.run([program, *spec, "-f", "pytorch"], capture_output=True, text=True, check=True).stdout
    scope = {"__name__": "net"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code.replace("model(torch.zeros", "# model(torch.zeros"), scope)
    return scope["model"].train()


def claimed(program, spec, *more):
    done = subprocess.run([program, *spec, "--samples", "2", *more, "-k", "kept=1", "-k", "train_peak=1"],
                          capture_output=True, text=True)
    return [int(n.replace(",", "")) for n in re.findall(r"right is ([\d,]+)", done.stdout)]


def measure(torch, model, forward):
    """Bytes kept, and the most that is alive in the backward pass."""
    seen, held = {}, []
    own = {p.storage().data_ptr() for p in [*model.parameters(), *model.buffers()]}

    def pack(value):
        storage = value.storage()
        if storage.data_ptr() not in own:
            seen[storage.data_ptr()] = storage.nbytes()
            held.append(value)
        return value
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda value: value):
        y = forward()
    held.clear()
    gradient = torch.ones_like(y)
    alive = most = 0
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as run:
        y.backward(gradient)
    for event in run.profiler.kineto_results.events():
        if event.name() == "[memory]":
            alive += event.nbytes()
            most = max(most, alive)
    kept = sum(seen.values())
    return kept, kept + gradient.numel() * 4 + most


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    try:
        import torch
        from torch.utils.checkpoint import checkpoint_sequential
    except ImportError:
        print("no torch here: nothing was compared")
        return 0
    rng = random.Random(options.seed)
    wrong = compared = 0
    for _ in range(options.count):
        items = chain(rng)
        spec = ["-i", "3x12x10", "-l", ",".join(items)]
        parts = rng.randint(1, len(items))
        model = model_of(options.program, spec)
        modules = list(model.children())
        if len(modules) != len(items):
            continue  # helpers around a layer
        x = torch.randn(2, 3, 12, 10)
        kept, peak = measure(torch, model, lambda: model(x))
        again, _ = measure(torch, model, lambda: checkpoint_sequential(modules, parts, x.requires_grad_()))
        ours, bound = claimed(options.program, spec)
        checkpointed = claimed(options.program, spec, "--checkpoint", str(parts))[0]
        compared += 1
        if ours != kept or checkpointed != again or bound > peak:
            wrong += 1
            print("%s, %d parts: kept %d, right is %d; checkpointed %d, right is %d; peak %d, at most %d" %
                  (",".join(items), parts, ours, kept, checkpointed, again, bound, peak))
    print("%d networks, %d wrong" % (compared, wrong))
    return 1 if wrong or compared == 0 else 0


sys.exit(main())
