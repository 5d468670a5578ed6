#!/usr/bin/env python3
"""Writes networks as code and runs it in PyTorch: output and parameters must be those of the list.

All built-in networks and random lists. Without torch, or with --light, the code is only read back by
the program itself, and the flat list likewise.
"""
import argparse, contextlib, io, json, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))


# Several inputs, one axis and three, padding that differs at the ends.
LISTS = [
    "input left 3x32x32; input right 1x16x16; cat(conv3-8,gap | @right,conv3-8,gap); FC-10",
    "input a 2x9x9; input b 2x9x9; input c vector 7; add(conv3-4 | @b,conv3-4); mul(id | @c,FC-4); FC-3",
    "input 1d 4x50; conv5-8 s2 p0,bn,relu,maxpool3 s2,deconv4-6 s2 p1,gn2,gap,FC-5",
    "input 4x9x9; deformconv3-8 s2, deformconv3x5-4 p1x2 b0, maxpool3 s2, maxunpool3 s2, prelu all, FC-3",
    "input 3x32x32; conv3-8, maxpool, maxpool, conv3-8, maxunpool, maxunpool, linear-5",
    "input 6x8x10; permute2x3x1, ln1, ln2, linear-12, permute3x1x2, chcrop1+2, ln all, chcrop0+3, ln3 a0",
    "input 6x8x10; mul(id | cat(chmean | chmax), conv7-1, sigmoid), reshape 6x80, permute2x1, linear-3, ln1, reshape 40x6x1",
    "input 8x12x12; pixshuf2, pixunshuf3, shuffle6, pixunshuf2",
    "input 8x9; relu, FC-4", "input 4x20x20; crop12, crop1+2", "input 1d 8x9; shuffle2, prelu8, ln1, gn4, in, gap",
    "input 4x9x9; a:conv3-4, relu, reuse(a), b:conv3-4 p0, reuse(b), reuse(a)",
    "input 4x9x9; a:bn, reuse(a), c:FC-6, d:FC-6, reuse(d)",
    "input 4x12x12; maxpool3 s2 p1, maxpool2 s1 p1+0, avgpool3 s2 p1, pad4, avgpool2 d2 s1, maxpool2 d2 s1",
    "input 4x13x13; conv3-4 same s2, conv4-4 same s2, conv3-4 d2, conv3-4 s2 p1+0, conv5-4 p3, conv1-4 p2",
    "input 4x13x13; conv3-4 s2 d2, conv3-4 same=tf s3", "input 4x13x13; deconv3-4 s2 p1 op1, deconv4-2 s2 g2, deconv3-2 s2 p0, deconv2-6 s3 p0 op1 b0",
    "input 4x13x13; maxpool2 ceil, avgpool3 s2 ceil, upsample3, resize5x7, upsample2x3, pad4, pad1, pad2+1, pad0",
    "input 4x13x13; aap3x5, amp2, aap1, flatten, bias, scale, prelu, softmax", "input 4x8x8; dwconv3x2, sepconv3-6, bn a0, ln a0, gn2 a0, in a0, prelu1",
    "input 4x8x8; cat(conv3-4 | id | conv1-2), chcrop1+1, add(id | id), mul(id | gap), se-2, chpad-24", "input 4x8x8; aux(gap, FC-3), conv3-4, aux(flatten), gap, FC-2",
    "input 6x4x4; LRN5, lrelu, elu, selu, gelu, silu, hswish, hsigmoid, mish, softplus, tanh, sigmoid, relu6, dropout0.5, id, gmp",
    "input vector 12; prelu, ln, ln a0, bn, reshape3x2x2, permute3x1x2, flatten, FC-4 b0", "input 3d 2x4x4x4; conv3-2 p1, maxpool2, upsample2, gap, FC-2", "input 2x6x6; frozen(conv3-2, bn), droppath0.1, linear-4 b0, bias, gap",
    "input 3d 2x6x20x20; conv1x3x3-4,in,maxpool2,deconv2-4 s2 p0,prelu,avgpool2,FC-5",
]


def run(program, *args, data=None):
    return subprocess.run([program, *args], input=data, capture_output=True, text=True)


def totals_of(run_):
    totals = json.loads(run_.stdout)["totals"]
    return totals["output"], totals["params"]


def torch_says(code):
    import torch
    scope = {"__name__": "net"}
    with contextlib.redirect_stdout(io.StringIO()), torch.no_grad():
        exec(code.replace("model(torch.zeros", "result = model.eval()(torch.zeros"), scope)
    return list(scope["result"].shape[1:]), sum(p.numel() for p in scope["model"].parameters())


def check(program, args, data, with_torch):
    """What is wrong with a network, or None; and whether its code could be written."""
    plain = run(program, *args, "-f", "json", data=data)
    if plain.returncode != 0:
        return None, False
    right = totals_of(plain)
    for style in ("layers", "pytorch", "keras"):
        code = run(program, *args, "-f", style, data=data)
        if code.returncode != 0:
            if style == "keras" or "no code" in code.stderr or "none fits" in code.stderr:
                continue
            return f"-f {style}: {code.stderr}", False
        again = run(program, "-", "-f", "json", data=code.stdout)
        if style == "keras" and "layers.Reshape((12, 12, 2, 2, 2)) cannot be followed" in again.stderr:
            continue  # a value with five axes
        if style == "pytorch" and "DilatedMean" in code.stdout:
            pass  # weights that the code makes itself are not followed
        elif again.returncode != 0 or totals_of(again) != right:
            return f"-f {style} reads back as {again.stderr or totals_of(again)}, {right} is right", False
        if style == "pytorch" and with_torch:
            try:
                says = torch_says(code.stdout)
            except Exception as error:
                if "more than 1 spatial element" in str(error):
                    return None, False  # PyTorch runs no instance norm on 1x1
                return f"PyTorch: {error}\n{code.stdout}", False
            if says != right:
                return f"PyTorch says {says}, {right} is right", False
    return None, True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--light", action="store_true")
    parser.add_argument("--builtins", action="store_true")
    args = parser.parse_args()
    try:
        import torch  # noqa: F401
        with_torch = not args.light
    except ImportError:
        with_torch = False
    wrong = written = 0
    jobs = [(line.split()[0], [line.split()[0]], None)
            for line in run(args.program, "--list").stdout.splitlines() if line[:1].strip()]
    jobs = jobs if args.builtins or not with_torch else jobs[:3]
    lists = run(sys.executable, os.path.join(HERE, "..", "naive", "random_lists.py"), "--seed",
                str(args.seed), "--count", str(args.count)).stdout
    for line in lists.splitlines():
        size, text = line.split("\t")
        if size[:2] in ("1d", "3d"):
            continue  # code is read with two axes
        jobs.append((line, ["-i", size, "-l", text], None))
    jobs += [(text, ["-l", text], None) for text in LISTS]
    for name, operands, data in jobs:
        why, done = check(args.program, operands, data, with_torch)
        written += done
        if why is not None:
            wrong += 1
            print(f"{name}: {why}")
    print(f"{written} of {len(jobs)} networks as code, {wrong} wrong" +
          ("" if with_torch else "; PyTorch was not asked"))
    return wrong > 0


sys.exit(main())
