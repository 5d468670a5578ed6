#!/usr/bin/env python3
"""Row 4: every system call that moves data fails in turn, with each of four errors.

EINTR has to be invisible, and so has a failed stat, which only leaves a file's length unknown.
Everything else ends with exit status 3 and a message, unless it is the message itself that cannot
be written. One byte at a time, on both sides, changes nothing.
"""
import os
import subprocess
import tempfile

from common import Check, ROOT, build, need, run
from commands import COMMANDS, LINES, PROGRAM as LIST

need("gcc", "cmake", "ninja", "strace")
STATIC = os.path.join(build("static", link="-static"), "cnncalc")
FOLDER = build("plain")
PLAIN = os.path.join(FOLDER, "cnncalc")
CALLS = ("read", "write", "openat", "fstat", "newfstatat", "close")
ERRORS = ("EINTR", "EIO", "ENOSPC", "EAGAIN")
TRACED = [
    (["-l", "conv3-64,maxpool,FC-4096"], b""),
    (["-l", "conv3-64,maxpool3/4"], b""),
    (["examples/unet.cnn", "--all"], b""),
    (["resnet50", "--all", "-f", "json"], b""),
    (["-"], LIST),
    (["-"], b"relu\n" * 20000),
    (["--batch"], LINES),
    (["--batch", "-f", "json"], b"conv3-64,relu,maxpool\n" * 20000),
    (["-e", "-l", "conv3-64,maxpool,FC-4096"], b""),
    (["vgg-a", "--check", "@examples/vgg-a.answers.tsv"], b""),
    (["vgg-a", "--check", "@-"], b"layer\tparams\nconv3-64\t1728\n"),
    (["-i", "vector2", "-l", "FC-2,relu,FC-1", "-g", "--values", "examples/mlp.values"], b""),
    (["-i", "224", "-l", "conv7-64 s2 p?, maxpool", "--want", "56"], b""),
    (["--list"], b""),
    (["--help", "layers"], b""),
    (["-l", "conv3-"], b""),
    (["nothing"], b""),
    (["--nothing"], b""),
]


def strace(arguments, stdin, *options):
    """Standard input is a file, so that the reads are the same each time."""
    with tempfile.NamedTemporaryFile() as log, tempfile.TemporaryFile() as source:
        source.write(stdin)
        source.seek(0)
        done = subprocess.run(["strace", "-qq", "-o", log.name, *options, STATIC, *arguments],
                              stdin=source, capture_output=True, cwd=ROOT, timeout=60, check=False)
        return (done.returncode, done.stdout, done.stderr), log.read().decode()


def count(log, call):
    return sum(line.startswith(call + "(") for line in log.split("\n"))


check = Check()
injected = 0
for arguments, stdin in TRACED:
    usual, log = strace(arguments, stdin, "-e", "trace=" + ",".join(CALLS))
    shown = " ".join(arguments)
    for call in CALLS:
        for n in range(1, count(log, call) + 1):
            for error in ERRORS:
                result, log_now = strace(arguments, stdin, "-e", f"trace={call}", "-e",
                                         f"inject={call}:error={error}:when={n}")
                injected += 1
                own = any(line.startswith("write(2") and "INJECTED" in line
                          for line in log_now.split("\n"))
                last = result[2].rstrip(b"\n").split(b"\n")[-1]  # after remarks
                told = result[0] == 3 and (own or last.startswith(b"cnncalc: cannot "))
                hidden = error == "EINTR" or "stat" in call
                check.expect(result == usual if hidden else told,
                             f"{shown}: {call} {n} {error}: {result[0]} {result[2][:80]}")

# Short transfers.
SHIM = os.path.join(FOLDER, "shim.so")
subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", SHIM,
                os.path.join(ROOT, "tests/release/shim.c"), "-ldl"], check=True)
for arguments, stdin in COMMANDS:
    usual = run([PLAIN, *arguments], stdin)
    short = run([PLAIN, *arguments], stdin, env={"LD_PRELOAD": SHIM, "SHIM_SHORT": "1"})
    check.expect((usual.status, usual.out, usual.err) == (short.status, short.out, short.err),
                 f"{' '.join(arguments)[:60]}: differs one byte at a time")
check.end(f"{injected} calls failed in turn, {len(COMMANDS)} command lines one byte at a time")
