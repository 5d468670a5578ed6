#!/usr/bin/env python3
"""Compares the program with yardsticks of the same machine, in the same run.

    compare.py PROGRAM [--lists lists.txt] [--rounds 5]

Batch: `wc -lw` of the lists against --batch with one job and with two. One shot: /bin/true against
a table of VGG-16, a built-in network and --version, timed by starts.c. Commands take turns; of each
the best round counts (one shot: the median, because a single start is short). Figures are ratios:
seconds of one machine mean nothing on another. Lists come from make_lists.py when no file is given.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

VGG16 = ("conv3-64,conv3-64,maxpool,conv3-128,conv3-128,maxpool,3xconv3-256,maxpool,"
         "3xconv3-512,maxpool,3xconv3-512,maxpool,FC-4096,FC-4096,FC-1000")


def run(command):
    """Wall seconds and processor seconds of a command."""
    start = time.perf_counter()
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=silent)
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime


def rotate(commands, rounds):
    """One list of measurements for each command, taken in turn."""
    taken = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(run(command))
    return taken


def batch(program, lists, rounds):
    commands = {
        "wc -lw": ["wc", "-lw", lists],
        "--batch": [program, "--batch", lists],
        "--batch --jobs 2": [program, "--batch", "--jobs", "2", lists],
    }
    taken = rotate(commands, rounds)
    unit = min(t[0] for t in taken["wc -lw"])
    print(f"{'batch':24} {'wall':>8} {'ratio':>7} {'cpu':>8}")
    for name, times in taken.items():
        wall, cpu = min(t[0] for t in times), min(t[1] for t in times)
        print(f"{name:24} {wall:8.3f} {wall / unit:7.2f} {cpu:8.3f}")


def one_shot(program, folder, rounds):
    commands = {
        "/bin/true": ["/bin/true"],
        "table of VGG-16": [program, "--layers", VGG16],
        "table of ResNet-50": [program, "resnet50"],
        "--version": [program, "--version"],
    }
    starts = os.path.join(folder, "starts")
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "starts.c")
    subprocess.run(["cc", "-O2", "-o", starts, source], check=True)
    words = [word for command in commands.values() for word in ["--", *command]]
    done = subprocess.run([starts, str(rounds), *words[1:]], stdout=subprocess.PIPE, text=True,
                          check=True)
    print(f"\n{'one shot':24} {'us':>8} {'ratio':>7}")
    for name, line in zip(commands, done.stdout.splitlines()):
        print(f"{name:24} {float(line.split()[0]):8.0f} {float(line.split()[1]):7.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--lists")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    with tempfile.TemporaryDirectory() as folder:
        lists = options.lists
        if lists is None:
            lists = os.path.join(folder, "lists.txt")
            maker = os.path.join(os.path.dirname(os.path.abspath(__file__)), "make_lists.py")
            with open(lists, "wb") as out:
                subprocess.run([sys.executable, maker], stdout=out, check=True)
        batch(program, lists, options.rounds)
        one_shot(program, folder, 120 * options.rounds)


if __name__ == "__main__":
    main()
