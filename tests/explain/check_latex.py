#!/usr/bin/env python3
"""Compiles what -f latex writes: the working and the table of every example, and fragments.

    check_latex.py --program build/cnncalc --examples examples

Needs pdflatex with amsmath and geometry (Debian: texlive-latex-base). Without it the exit status is
77, which CTest shows as skipped.
"""
import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile

from eval_working import CHAINS

COLUMNS = "+rf,jump,start,memory,activations,flops,statistics,weights,biases"
HEAD = "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n"
LABELS = "a_b: (conv3-8, relu), c: add(@a_b | 2*conv1-8), # 50% & more $\n cat(@c | id)"


def run(program, arguments):
    done = subprocess.run([program, "--format", "latex", *arguments], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise SystemExit(f"{arguments}: {done.stderr}")
    return done.stdout


def compile_document(job):
    name, text = job
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "t.tex"), "w", encoding="utf-8") as target:
            target.write(text)
        done = subprocess.run(["pdflatex", "-draftmode", "-interaction=nonstopmode", "-halt-on-error",
                               "t.tex"], cwd=folder, capture_output=True, check=False)
    if done.returncode == 0:
        return None
    return f"{name}: {done.stdout.decode('utf-8', 'replace')[-600:]}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--examples", required=True)
    options = parser.parse_args()
    if shutil.which("pdflatex") is None:
        print("skipped: pdflatex is not installed (Debian: texlive-latex-base)")
        return 77
    examples = [os.path.join(options.examples, name)
                for name in sorted(os.listdir(options.examples)) if name.endswith(".cnn")]
    lists = [["-i", sides, "-l", layers] for sides, layers in [*CHAINS, ("3x9x9", LABELS)]]
    explain = ["--explain", "--columns", COLUMNS]
    jobs = [(f"standalone {i}", run(options.program, [*choice, "--standalone", examples[i]]))
            for i in range(0, len(examples), 16) for choice in ([], explain)]
    for name, choice in (("tables", ["--all"]), ("some columns", ["--explain"]),
                         ("all columns", explain)):
        fragments = [run(options.program, [*choice, *arguments])
                     for arguments in [*lists, *([path] for path in examples)]]
        jobs.append((name, HEAD + "\n\n".join(fragments) + "\\end{document}\n"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        failures = [failure for failure in pool.map(compile_document, jobs) if failure is not None]
    for failure in failures[:5]:
        print(failure)
    print(f"{len(jobs)} documents, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
