#!/usr/bin/env python3
"""Row 16: the same output whatever compiler, C library, word size and optimisation."""
import os
import shutil
import subprocess

from common import Check, build, need, run
from commands import COMMANDS

need("gcc", "cmake", "ninja")
VARIANTS = [("gcc", level, "") for level in ("-O0", "-O1", "-O2", "-O3", "-Os")]
VARIANTS += [("clang", level, "") for level in ("-O0", "-O2", "-O3")]
VARIANTS += [("gcc", "-O2 -funsigned-char", ""), ("gcc", "-O2 -march=native", "")]
VARIANTS += [("musl-gcc", level, "-static") for level in ("-O0", "-O2")]
VARIANTS += [("gcc", f"-m32 {level}", "") for level in ("-O0", "-O2")]


def available(compiler, flags):
    if shutil.which(compiler) is None:
        return False
    done = subprocess.run([compiler, *flags.split(), "-x", "c", "-o", os.devnull, "-"],
                          input=b"#include <stdio.h>\nint main(void) { return puts(\"\"); }",
                          capture_output=True, check=False)
    return done.returncode == 0


check = Check()
usual = None
built = []
for compiler, flags, link in VARIANTS:
    name = f"{compiler} {flags}"
    if not available(compiler, flags):
        print(f"  {name}: not installed")
        continue
    folder = build("portable", flags, compiler=compiler, kind="None", link=link,
                   fresh=True)
    program = os.path.join(folder, "cnncalc")
    results = []
    for arguments, stdin in COMMANDS:
        result = run([program, *arguments], stdin)
        results.append((result.status, result.out, result.err))
    built.append(name)
    usual = usual or results
    for (arguments, _), expected, result in zip(COMMANDS, usual, results):
        check.expect(result == expected, f"{name}: {' '.join(arguments)[:60]}: {result[0]}")
check.end(f"{len(built)} builds ({', '.join(built)}), {len(COMMANDS)} command lines")
