#!/usr/bin/env python3
"""Row 5: outputs that cannot be written, or not at once.

A full disk and a closed standard output give a message and exit status 3; a reader who goes away
is no failure and no message; a full pipe only makes the program wait.
"""
import fcntl
import os
import subprocess
import tempfile
import time

from common import Check, ROOT, build, need
from commands import COMMANDS

need("gcc", "cmake", "ninja", "bash")
PROGRAM = os.path.join(build("plain"), "cnncalc")
check = Check()


def shell(line, arguments, stdin):
    """The program as "$@" in a line of bash."""
    done = subprocess.run(["bash", "-c", line, "bash", PROGRAM, *arguments], input=stdin,
                          capture_output=True, cwd=ROOT, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


for arguments, stdin in COMMANDS:
    shown = " ".join(arguments)[:60]
    usual = shell('"$@"', arguments, stdin)
    for sink, reason in ((">/dev/full", b"No space left on device"),
                         (">&-", b"Bad file descriptor")):
        status, _, err = shell(f'"$@" {sink}', arguments, stdin)
        if usual[1] == b"":
            check.expect((status, err) == (usual[0], usual[2]), f"{shown} {sink}: {err[:80]}")
        else:
            message = b"cnncalc: cannot write to standard output: " + reason + b"\n"
            check.expect(status == 3 and err.endswith(message), f"{shown} {sink}: {status} {err}")
    status, _, _ = shell('"$@" 2>/dev/full', arguments, stdin)
    check.expect(status == (3 if usual[2] else usual[0]), f"{shown} 2>/dev/full: {status}")
    status, _, err = shell('"$@" | true; exit ${PIPESTATUS[0]}', arguments, stdin)
    check.expect(status in (0, usual[0]) and err in (b"", usual[2]),
                 f"{shown} | true: {status} {err[:80]}")
    status, out, err = shell('"$@" | head -1; exit ${PIPESTATUS[0]}', arguments, stdin)
    check.expect(status in (0, usual[0]) and err in (b"", usual[2]) and
                 out == usual[1][:usual[1].find(b"\n") + 1],
                 f"{shown} | head -1: {status} {err[:80]}")

# A pipe of one page that nobody reads for a while.
for arguments, stdin in COMMANDS:
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    with tempfile.TemporaryFile() as source:
        source.write(stdin)
        source.seek(0)
        child = subprocess.Popen([PROGRAM, *arguments], stdin=source, stdout=writing,
                                 stderr=subprocess.DEVNULL, cwd=ROOT)
        os.close(writing)
        time.sleep(0.02)
        with os.fdopen(reading, "rb") as pipe:
            out = pipe.read()
        status = child.wait(60)
    usual = shell('"$@"', arguments, stdin)
    check.expect((status, out) == usual[:2], f"{' '.join(arguments)[:60]}: full pipe")
check.end(f"{len(COMMANDS)} command lines with 6 kinds of output")
