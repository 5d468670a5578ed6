#!/usr/bin/env python3
"""Row 14: the whole suite under the address and undefined-behaviour sanitizers, valgrind over the
command lines, the thread sanitizer over batches (which is all that `--tsan` leaves).
"""
import os
import re
import subprocess
import sys

from common import Check, ROOT, build, need, run
from commands import BRANCHES, COMMANDS, LINES

need("gcc", "cmake", "ninja", "valgrind")
LARGE = 2000  # bytes of arguments and input beyond which valgrind takes long
CHOSEN = [row for row in COMMANDS if len(row[1]) < LARGE and "20000*relu" not in row[0]]

check = Check()
only_threads = "--tsan" in sys.argv
suite = "left out"
if not only_threads:
    done = subprocess.run(["tests/run-all", "asan", "--label-exclude", "builds"], cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    match = re.search(r"^\d+% tests passed.*$", done.stdout, re.M)
    suite = match[0] if match else "the suite does not run"
    check.expect(done.returncode == 0, done.stdout[-3000:])
program = os.path.join(build("valgrind", "-O1 -g", kind="None"), "cnncalc")
for arguments, stdin in [] if only_threads else CHOSEN:
    usual = run([program, *arguments], stdin)
    result = run(["valgrind", "-q", "--error-exitcode=99", "--leak-check=full",
                  "--show-leak-kinds=all", program, *arguments], stdin, timeout=300)
    shown = " ".join(arguments)[:60]
    check.expect(result.status != 99, f"{shown}: {result.err.decode()[:1500]}")
    check.expect(result.status == usual.status and result.out == usual.out, f"{shown}: differs")

threads = os.path.join(build("tsan", "-O1 -g -fsanitize=thread -fno-omit-frame-pointer",
                             kind="None"), "cnncalc")
BATCHES = [LINES * 300, (BRANCHES.encode() + b"\n") * 3000, b"20000*conv1-3\nconv3-\n" * 200, b"\n" * 9999]
runs = 0
for stdin in BATCHES:
    for form in ("tsv", "json"):
        usual = run([program, "-b", "-f", form], stdin)
        for jobs in ("2", "3", "8"):
            result = run([threads, "-b", "-f", form, "--jobs", jobs], stdin, timeout=300,
                         env={"TSAN_OPTIONS": "exitcode=66"})
            runs += 1
            check.expect((result.status, result.out) == (usual.status, usual.out) and
                         b"ThreadSanitizer" not in result.err,
                         f"{jobs} jobs: {result.status} {result.err.decode()[:1500]}")
check.end(f"sanitizers: {suite}; {len(CHOSEN)} command lines under valgrind, {runs} batches under the thread sanitizer, "
          "0 reports" if check.failed == 0 else "reports")
