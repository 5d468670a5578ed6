#!/usr/bin/env python3
"""What bash, zsh and fish complete with the scripts that are installed, asked of the shells themselves.

    check_completions.py --pages build/manual --program build/cnncalc

A shell that is not installed is named and skipped; when none is there, the whole test is.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SKIPPED = 77

# A command line and all that fits its last word; "..." after the words: among others.
CASES = [
    ("cnncalc --f", "--fix --fold --format --from"),
    ("cnncalc --che", "--check --checkpoint"),
    ("cnncalc --format j", "json"),
    ("cnncalc -f t", "table tsv"),
    ("cnncalc --columns index,st", "start statistics"),
    ("cnncalc vgg16 -c jum", "jump"),
    ("cnncalc --like th", "thop"),
    ("cnncalc --loss m", "mean-squares"),
    ("cnncalc --from p", "prototxt pytorch-print python"),
    ("cnncalc --dtype i4,f", "f32 f16 f64"),
    ("cnncalc --train ada", "adam adamw"),
    ("cnncalc --device ", "cpu cuda"),
    ("cnncalc -i 32 --layers conv3-64,maxp", "maxpool"),
    ("cnncalc --check act", "activations="),
    ("cnncalc vgg16 -w gradi", "gradients="),
    ("cnncalc --help key", ""),
    ("cnncalc --help k", "keras"),
    ("cnncalc --help ", "layers pytorch keras examples"),
    ("cnncalc resnext", "resnext50_32x4d resnext101_32x8d"),
    ("cnncalc vgg1", "vgg11 vgg11_bn vgg13 vgg13_bn vgg16 vgg16_bn vgg19 vgg19_bn"),
    ("cnncalc --values numb", "numbers.txt"),
    ("cnncalc my", "mynet.cnn"),
]

BASH = """
source "$1/cnncalc.bash"
COMP_LINE=$2 COMP_POINT=${#2}
read -ra COMP_WORDS <<<"$2"
[[ $2 == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
complete -p cnncalc >/dev/null || exit 1
_cnncalc
printf '%s\\n' "${COMPREPLY[@]}"
"""


def bash(pages, line, scratch):
    del scratch
    return ["bash", "--norc", "-c", BASH, "bash", pages, line]


def zsh(pages, line, scratch):
    return ["zsh", "-f", os.path.join(HERE, "capture.zsh"), pages, scratch, line]


def fish(pages, line, scratch):
    del scratch
    return ["fish", "--no-config", "-c",
            f"source {pages}/cnncalc.fish; complete -C '{line}'"]


def completed(command, env, cwd):
    done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0 or done.stderr:
        return [f"status {done.returncode}: {done.stderr}"]
    words = [line.split("\t")[0] for line in done.stdout.splitlines()]
    return sorted({word.split(",")[-1].removeprefix("--format=") for word in words if word})


def check(shell, pages, work, env):
    failed = 0
    scratch = os.path.join(work, "scratch")
    os.makedirs(scratch, exist_ok=True)
    for line, wanted in CASES:
        words = completed(shell(pages, line, scratch), env, os.path.join(work, "files"))
        if words != sorted(wanted.split()):
            failed += 1
            print(f"{shell.__name__}: {line!r}\n  wanted  {wanted}\n  offered {' '.join(words)}")
    print(f"{shell.__name__}: {len(CASES) - failed} passed, {failed} failed")
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--pages", required=True)
    options = parser.parse_args()
    pages = os.path.abspath(options.pages)
    failed, found = 0, 0
    with tempfile.TemporaryDirectory() as work:
        os.mkdir(os.path.join(work, "files"))
        for name in ("mynet.cnn", "numbers.txt"):
            open(os.path.join(work, "files", name), "w", encoding="utf-8").close()
        folder = os.path.dirname(os.path.abspath(options.program))
        env = dict(os.environ, HOME=work, LC_ALL="C.UTF-8", TERM="dumb", XDG_DATA_HOME=work,
                   PATH=folder + os.pathsep + os.environ["PATH"])
        for shell in (bash, zsh, fish):
            if shutil.which(shell.__name__) is None:
                print(f"{shell.__name__}: skipped, it is not installed")
                continue
            found += 1
            failed += check(shell, pages, work, env)
    return 1 if failed else 0 if found else SKIPPED


if __name__ == "__main__":
    sys.exit(main())
