#!/usr/bin/env python3
"""Measures programs on the lists of make_lists.py and in single runs.

    compare.py PROGRAM...                      everything, about 5 minutes a program
    compare.py PROGRAM... --kinds c,e          these kinds of lists only
    compare.py PROGRAM... --kinds a --no-time  instructions only: exact, and quick
    compare.py PROGRAM... --shuffle            also: what the order of the lines changes
    compare.py PROGRAM... --kinds ''           single runs only
    compare.py PROGRAM... --gradients          also: numbers of large gradients

Instructions are counted by valgrind, less those of a batch of no lists: a layer of the valid lists,
or a list. They depend on nothing else the machine does. "cpu/wc" is processor seconds against
those of `wc -lw` in C.UTF-8 on the same file, commands in turn, the best of some rounds; "jobs 2"
is the wall time of --jobs 2 against that of one job. Single runs are timed by starts.c against
/bin/true (medians). Only ratios mean something on another machine.
"""
import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
VGG16 = ("conv3-64,conv3-64,maxpool,conv3-128,conv3-128,maxpool,3xconv3-256,maxpool,"
         "3xconv3-512,maxpool,3xconv3-512,maxpool,FC-4096,FC-4096,FC-1000")
# lines whose instructions are counted, and lines that are timed
KINDS = {"a": (5000, 60000), "b": (5000, 60000), "c": (5000, 60000), "c2": (5000, 60000),
         "d": (400, 4000), "e": (20000, 400000), "typo": (3000, 20000), "damage": (2000, 20000)}
DAMAGED = ("typo", "damage")
SINGLE = {
    "--version": ["--version"],
    "table of VGG-16": ["--layers", VGG16],
    "resnet50": ["resnet50"],
    "efficientnet_b0 --all, JSON": ["efficientnet_b0", "--all", "-f", "json"],
    "1000000*conv3-64": ["--layers", "1000000*conv3-64"],
}
GRADIENTS = {
    "gradients of FC-1024 twice": ["-i", "vector1024", "-l", "2x(FC-1024)"],
    "gradients of 1,000 layers": ["-i", "vector4", "-l", "1000*FC-4"],
    "the same with sigmoids": ["-i", "vector4", "-l", "1000x(FC-4,sigmoid)"],
}


def run(command, locale="C.UTF-8"):
    """Wall seconds and processor seconds of a command; lists of a batch may be wrong."""
    start = time.perf_counter()
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    pid = os.posix_spawnp(command[0], command, dict(os.environ, LC_ALL=locale), file_actions=silent)
    _, status, usage = os.wait4(pid, 0)
    if status not in (0, 1 << 8):
        sys.exit(f"failed: {' '.join(command)}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime


def rotate(commands, rounds):
    """The best wall and processor seconds of each command, taken in turn."""
    best = [(float("inf"), float("inf"))] * len(commands)
    for _ in range(rounds):
        for i, command in enumerate(commands):
            best[i] = tuple(map(min, best[i], run(command)))
    return best


def instructions(command):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                           *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          check=False)
    counted = re.search(r"Collected : (\d+)", done.stderr)
    if counted is None:
        sys.exit(f"valgrind failed: {' '.join(command)}\n{done.stderr}")
    return int(counted.group(1))


def make(folder, kind, lines, shuffled=False):
    path = os.path.join(folder, f"{kind}.{lines}{'.shuffled' if shuffled else ''}")
    text = subprocess.run([sys.executable, os.path.join(HERE, "make_lists.py"), kind, str(lines)],
                          stdout=subprocess.PIPE, check=True).stdout
    if shuffled:
        parts = text.splitlines(keepends=True)
        random.Random(1).shuffle(parts)
        text = b"".join(parts)
    with open(path, "wb") as file:
        file.write(text)
    return path


def layers_of(program, lists):
    rows = subprocess.run([program, "--batch", "-c", "layers", lists], stdout=subprocess.PIPE,
                          text=True, check=False).stdout.split("\n")[1:]
    return sum(int(row) for row in rows if row)


def counts(program, folder, kind, shuffle):
    """Cells: instructions a layer and a list, and the effect of another order of lines."""
    lines = KINDS[kind][0]
    lists, none = make(folder, kind, lines), os.path.join(folder, "none")
    open(none, "wb").close()
    start = instructions([program, "--batch", none])
    used = instructions([program, "--batch", lists]) - start
    layers = "-" if kind in DAMAGED else f"{used / layers_of(program, lists):.0f}"
    cells = f"{layers:>9} {used / lines:9.0f}"
    if shuffle:
        other = instructions([program, "--batch", make(folder, kind, lines, True)]) - start
        cells += f" {100 * (other - used) / used:+8.2f}%"
    return cells


def times(program, folder, kind, rounds):
    lists = make(folder, kind, KINDS[kind][1])
    wc, one, two = rotate([["wc", "-lw", lists], [program, "--batch", lists],
                           [program, "--batch", "--jobs", "2", lists]], rounds)
    return f" {one[1] / wc[1]:9.2f} {two[0] / one[0]:9.2f}"


def batch(options, folder):
    print(f"{'lists':8} {'a layer':>9} {'a list':>9}" + (" shuffled" if options.shuffle else "") +
          ("" if options.no_time else f" {'cpu/wc':>9} {'jobs 2':>9}") + "  program")
    for kind in filter(None, options.kinds.split(",")):
        for program in options.programs:
            cells = counts(program, folder, kind, options.shuffle)
            cells += "" if options.no_time else times(program, folder, kind, options.rounds)
            print(f"{kind:8} {cells}  {program}", flush=True)


def single(options, folder):
    starts = os.path.join(folder, "starts")
    subprocess.run(["cc", "-O2", "-o", starts, os.path.join(HERE, "starts.c")], check=True)
    print(f"\n{'single run':28} {'instructions':>13} {'faults':>7} {'/bin/true':>9}  program")
    for name, arguments in SINGLE.items():
        for program in options.programs:
            command = [program, *arguments]
            rounds = 5 if name.startswith("1000000") else 120 * options.rounds
            line = subprocess.run([starts, str(rounds), "/bin/true", "--", *command],
                                  stdout=subprocess.PIPE, text=True,
                                  check=True).stdout.splitlines()[1].split()
            print(f"{name:28} {instructions(command):13,} {line[2]:>7} {float(line[1]):9.2f}"
                  f"  {program}", flush=True)


def gradients(options):
    print(f"\n{'--random 1':28} {'seconds':>8} {'ratio':>7}  program")
    for name, arguments in GRADIENTS.items():
        taken = rotate([[p, *arguments, "--gradients", "--random", "1"] for p in options.programs],
                       2)
        for program, best in zip(options.programs, taken):
            print(f"{name:28} {best[1]:8.2f} {best[1] / taken[0][1]:7.2f}  {program}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("programs", nargs="+", metavar="PROGRAM")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--shuffle", action="store_true")
    parser.add_argument("--no-time", action="store_true")
    parser.add_argument("--gradients", action="store_true")
    options = parser.parse_args()
    options.programs = [os.path.abspath(program) for program in options.programs]
    with tempfile.TemporaryDirectory() as folder:
        batch(options, folder)
        if not options.no_time:
            single(options, folder)
        if options.gradients:
            gradients(options)


if __name__ == "__main__":
    main()
