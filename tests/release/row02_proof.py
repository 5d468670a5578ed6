#!/usr/bin/env python3
"""Row 2: the arithmetic core keeps its contracts, and a fault in it breaks them."""
import os
import subprocess
import sys

from common import ROOT

figures = []
for script in ("tests/prove", "tests/prove-faults"):
    done = subprocess.run([os.path.join(ROOT, script)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    lines = done.stdout.splitlines()
    figures += lines[-1:]
    if done.returncode != 0:
        print(done.stdout, end="")
        sys.exit(done.returncode)
print(", ".join(figures))
