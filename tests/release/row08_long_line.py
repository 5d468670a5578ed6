#!/usr/bin/env python3
"""Row 8: a batch line of 1 GB is refused in a second and 4 MB, and the next one is processed."""
import os
import tempfile

from common import Check, build, measure, need

need("gcc", "cmake", "ninja")
PROGRAM = os.path.join(build("plain"), "cnncalc")
GIGABYTE = 10**9

check = Check()
slowest, largest = 0.0, 0
with tempfile.TemporaryDirectory() as folder:
    for name, part in (("layers", b"relu,"), ("one byte", b"\0"), ("a name", b"a")):
        path = os.path.join(folder, "lines")
        with open(path, "wb") as file:
            file.write(b"conv3-64\n")
            block = (part * (1 << 20))[:1 << 20]
            for _ in range(GIGABYTE >> 20):
                file.write(block)
            file.write(b"\nFC-10\n")
        for jobs in ("1", "2"):
            result = measure([PROGRAM, "--batch", "--jobs", jobs, path], output=True)
            lines = result.out.decode().split("\n")
            slowest = max(slowest, result.seconds)
            largest = max(largest, result.kilobytes)
            check.expect(result.status == 1 and len(lines) == 5, f"{name}: {result.out[:300]!r}")
            check.expect(lines[1].startswith("1\t64x224x224\t1792\t"), lines[1])
            check.expect("longer than" in lines[2] and len(lines[2]) < 200, lines[2][:200])
            check.expect(lines[3].startswith("3\t10\t"), lines[3])
            check.expect(result.seconds < 1, f"{name}: {result.seconds:.2f} s")
            check.expect(result.kilobytes < 4000, f"{name}: {result.kilobytes} kB")
check.end(f"{slowest:.2f} s, {largest / 1000:.1f} MB")
