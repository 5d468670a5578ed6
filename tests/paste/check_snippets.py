#!/usr/bin/env python3
"""Reads the snippets of a file and compares output, parameters and statistics with the truth beside it."""
import argparse, json, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--program", required=True)
    program = args.parse_args().program
    wrong = total = 0
    for kind in ("pytorch", "keras"):
        if not os.path.exists(os.path.join(HERE, kind + ".tsv")):
            continue
        texts = {}
        for part in open(os.path.join(HERE, kind + ".txt")).read().split("#### ")[1:]:
            head, text = part.split("\n", 1)
            texts[head.split()[0]] = text
        for line in list(open(os.path.join(HERE, kind + ".tsv")))[1:]:
            name, size, output, params, statistics = line.rstrip("\n").split("\t")
            more = [word for one in size.split(",") if one for word in ("-i", one)]
            run = subprocess.run([program, "-", "-f", "json"] + more, input=texts[name],
                                 capture_output=True, text=True)
            total += 1
            try:
                totals = json.loads(run.stdout)["totals"]
                got = ("x".join(map(str, totals["output"] or "?")), totals["params"], totals["statistics"])
            except ValueError:
                got = run.stderr.strip()
            if got != (output, int(params), int(statistics)) or run.returncode != 0:
                wrong += 1
                print(f"{kind} {name}: {got}, right is {output} {params} {statistics}; {run.stderr.strip()}")
    print(f"{total - wrong} of {total} snippets")
    return wrong > 0


sys.exit(main())
