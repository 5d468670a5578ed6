#!/usr/bin/env python3
"""Reads the snippets of a file and compares output, parameters, statistics and, for PyTorch, the bytes that training
keeps with the truth beside it.

Their lists are read back to the same numbers. A few have no list, as they hold what the language has no word for.
"""
import argparse, json, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))


NO_LIST = {"darknet-kinds", "caffe-forks", "caffe-factors", "merge-products", "crops-by-default",
           "norms-of-axes", "norms", "norms-of-all-kinds", "strings", "sequence-of-values", "dueling", "broadcast-add", "unused", "plain-list", "kept-norms",
           "methods-by-keyword", "stack-unbind", "reductions-kept", "parameters-convnext", "parameters-scales", "parameters-gem",
           "parameters-fusion", "rmac", "grn", "simam", "weights-parameters-norm", "lse-hand"}

# Calculations with parameters, or with tensors that are data here, keep more, which is not counted; one forward asks whether it trains.
KEPT_OTHERWISE = {"plain-list", "conditional-on-shape", "devices", "sequence-of-values", "parameters-gem",
                  "parameters-fusion", "weights-of-all-kinds"}


def list_of(program, name, more, text):
    """What is wrong with the network's list, or None."""
    written = subprocess.run([program, "-", "-f", "layers"] + more, input=text, capture_output=True, text=True)
    if name in NO_LIST:
        return None if "has no code in the language" in written.stderr else "has a list now"
    if written.returncode != 0:
        return written.stderr
    whole = [json.loads(subprocess.run([program, "-", "-f", "json"] + extra, input=source, capture_output=True,
                                       text=True).stdout or "{}").get("totals", {})
             for extra, source in ((more, text), ([], written.stdout))]
    heads = "MACs do not lead to the output" in written.stdout
    keys = ["output", "params", "statistics"] + ([] if heads else ["macs"])
    different = [key for key in keys if whole[0].get(key) != whole[1].get(key)]
    return f"the list has other {different}" if different else None


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--program", required=True)
    program = args.parse_args().program
    wrong = total = 0
    for kind in ("pytorch", "keras", "other"):
        if not os.path.exists(os.path.join(HERE, kind + ".tsv")):
            continue
        texts = {}
        for part in open(os.path.join(HERE, kind + ".txt")).read().split("#### ")[1:]:
            head, text = part.split("\n", 1)
            texts[head.split()[0]] = text
        for line in list(open(os.path.join(HERE, kind + ".tsv")))[1:]:
            name, size, output, params, statistics, *kept = line.rstrip("\n").split("\t")
            more = [word for one in size.split(",") if one for word in ("-i", one)]
            run = subprocess.run([program, "-", "-f", "json", "--train", "none", "--samples", "2"] + more,
                                 input=texts[name], capture_output=True, text=True)
            total += 1
            try:
                totals = json.loads(run.stdout)["totals"]
                got = ("x".join(map(str, totals["output"] or "?")), totals["params"], totals["statistics"])
            except ValueError:
                got = run.stderr.strip()
            if got != (output, int(params), int(statistics)) or run.returncode != 0:
                wrong += 1
                print(f"{kind} {name}: {got}, right is {output} {params} {statistics}; {run.stderr.strip()}")
            elif kept and (json.loads(run.stdout)["training"]["kept"] == int(kept[0])) != (name not in KEPT_OTHERWISE):
                wrong += 1
                print(f"{kind} {name}: kept {json.loads(run.stdout)['training']['kept']}, PyTorch {kept[0]}")
            why = list_of(program, name, more, texts[name])
            if why is not None:
                wrong += 1
                print(f"{kind} {name}: {why}")
    print(f"{total - wrong} of {total} snippets")
    return wrong > 0


sys.exit(main())
