#!/usr/bin/env python3
"""Row 3: every allocation fails in turn, once and for ever.

Whatever fails, the program ends by itself with what it prints otherwise or with exit status 3 and
one line, and gives every block back. In a batch a list that does not get its memory has an error in
its row. (A second thread leaves one block: the C library keeps what belonged to it.)
"""
import itertools
import os
import subprocess

from common import Check, ROOT, build, need
from commands import COMMANDS

need("gcc", "cmake", "ninja")
FOLDER = build("plain")
PROGRAM = os.path.join(FOLDER, "cnncalc")
SHIM = os.path.join(FOLDER, "shim.so")
subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", SHIM,
                os.path.join(ROOT, "tests/release/shim.c"), "-ldl"], check=True)


def run(arguments, stdin, fail, forever):
    reading, writing = os.pipe()
    env = dict(os.environ, LD_PRELOAD=SHIM, SHIM_FAIL=str(fail), SHIM_FOREVER=str(forever),
               SHIM_REPORT=str(writing))
    done = subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, env=env,
                          pass_fds=(writing,), cwd=ROOT, timeout=60, check=False)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        report = pipe.read().split()
    calls, left = (int(report[0]), int(report[1])) if report else (0, -1)
    return done.returncode, done.stdout, done.stderr, calls, left


check = Check()
failures = allocating = 0
for arguments, stdin in COMMANDS:
    usual = run(arguments, stdin, 0, 0)
    shown = " ".join(arguments)[:60]
    kept = 1 if "--jobs" in arguments else 0
    check.expect(usual[0] >= 0 and usual[4] <= kept, f"{shown}: {usual[4]} blocks left")
    allocating += usual[3] > 0
    for forever in (0, 1):
        for n in itertools.count(1):
            status, out, err, calls, left = run(arguments, stdin, n, forever)
            if calls < n:
                break  # it is not called so often
            failures += 1
            survived = (status, out, err) == usual[:3]
            told = status == 3 and err.count(b"\n") == 1 and b"memory" in err
            row = status == 1 and err == b"" and b"out of memory" in out
            check.expect(survived or told or row, f"{shown}: failure {n}: status {status}, {err[:80]}")
            check.expect(left <= kept, f"{shown}: failure {n}: {left} blocks left")
check.end(f"{len(COMMANDS)} command lines, {allocating} that allocate, {failures} failures, "
          "0 signals, 0 leaks" if check.failed == 0 else f"{failures} failures")
