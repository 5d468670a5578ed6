#!/usr/bin/env python3
"""Row 15: what compilers and analysers say about the code without running it: nothing.

Suppressed, each with its reason:
  clang-tidy, see .clang-tidy: easily-swappable-parameters, DeprecatedOrUnsafeBufferHandling,
             narrowing-conversions, sizeof-expression
  cppcheck   arrayIndexOutOfBounds: it takes a pointer to rows of a table for a pointer to one row;
             the compilers and the sanitizers check bounds
"""
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess

from common import Check, ROOT, need

need("gcc")
LANGUAGE = ["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-Iinclude", "-Isrc", "-Isrc/cli"]
GCC = ["gcc", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow",
       "-Wstrict-prototypes", "-fanalyzer"]
# Less a few: padding, C89's order of declarations, enums with a default, and NaN-safe comparisons.
CLANG = ["clang", "-O1", "-Weverything", "-Wno-padded", "-Wno-declaration-after-statement",
         "-Wno-switch-enum", "-Wno-covered-switch-default", "-Wno-float-equal",
         "-Wno-unsafe-buffer-usage"]


def sources():
    return sorted(os.path.relpath(path, ROOT) for path in glob.glob(ROOT + "/src/*/*.c"))


def shell_scripts():
    """All files of the repository whose first line names a shell."""
    done = subprocess.run(["git", "grep", "-lE", "^#!.*[/ ](ba)?sh$"], cwd=ROOT, text=True,
                          capture_output=True, check=False)
    return done.stdout.split()


def findings(command):
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    return sorted(set(re.findall(r"^\S+:\d+:.*(?:warning|error|style|portability|performance):.*$",
                                 done.stdout, re.M)))


check = Check(shown=60)
used = []
jobs = []
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for name, command in (("gcc -fanalyzer", GCC), ("clang -Weverything", CLANG)):
        if shutil.which(command[0]):
            used.append(name)
            jobs += [pool.submit(findings, [*command, *LANGUAGE, "-c", source, "-o", os.devnull])
                     for source in sources()]
    if shutil.which("clang-tidy"):
        used.append("clang-tidy")
        jobs += [pool.submit(findings, ["clang-tidy", "-quiet", source, "--", *LANGUAGE])
                 for source in sources()]
    if shutil.which("cppcheck"):
        used.append("cppcheck")
        jobs.append(pool.submit(findings, [
            "cppcheck", "-q", "--std=c11", "--enable=warning,performance,portability",
            "--suppress=arrayIndexOutOfBounds", "-Iinclude", "-Isrc", "-Isrc/cli",
            "--template={file}:{line}: {severity}: {message} [{id}]", "src"]))
    if shutil.which("shellcheck"):
        used.append("shellcheck")
        jobs.append(pool.submit(findings, ["shellcheck", "-f", "gcc", *shell_scripts()]))
    for job in jobs:
        for finding in job.result():
            check.expect(False, finding)
        check.expect(True, "")
check.end(f"{', '.join(used)}: {check.failed} findings, 5 suppressions")
