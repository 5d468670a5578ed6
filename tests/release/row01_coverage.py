#!/usr/bin/env python3
"""Row 1: which branches the tests take. Lists those that none takes.

    row01_coverage.py                all tests, then a line for each folder
    row01_coverage.py --list lang    and the branches missed in src/lang

The figures to reach: every branch of the library's folders, 95 % of src/cli.
"""
import glob
import json
import os
import subprocess
import sys

from common import Check, ROOT, build, need

need("gcc", "cmake", "ninja", "ctest", "gcovr")
FOLDERS = ("base", "lang", "ops", "net", "report", "homework", "gradient", "cli")
# Branches that no test can take, by file and text of the line, each with its reason.
EXCLUDED = {}

listed = sys.argv[sys.argv.index("--list") + 1:] if "--list" in sys.argv else []
# Without assert: what it checks is never false.
folder = build("coverage", "-O0 --coverage -DNDEBUG", targets=("all",), kind="None", tests=True)
for path in glob.glob(folder + "/**/*.gcda", recursive=True):
    os.remove(path)
done = subprocess.run(["ctest", "-LE", "builds", "-j", str(os.cpu_count())], cwd=folder,
                      capture_output=True, text=True, check=False)
if done.returncode != 0:
    print(done.stdout[-2000:])
report = subprocess.run(["gcovr", "-r", ROOT, "--object-directory", folder, "-f", "src/", "--json",
                         "-", "--exclude-unreachable-branches",
                         "--gcov-ignore-parse-errors"], cwd=ROOT,
                        capture_output=True, text=True, check=False)
if report.returncode != 0:
    sys.exit(report.stderr)
taken, total, missed = {}, {}, []
for file in json.loads(report.stdout)["files"]:
    part = file["file"].split("/")[1]
    with open(os.path.join(ROOT, file["file"]), encoding="utf-8") as source:
        text = source.read().split("\n")
    lines = {}
    for line in file["lines"]:  # an inline function may be listed once for each user
        entry = lines.setdefault(line["line_number"], [])
        for i, branch in enumerate(line["branches"]):
            if i < len(entry):
                entry[i] += branch["count"]
            else:
                entry.append(branch["count"])
    for number, counts in lines.items():
        shown = text[number - 1].strip()
        excluded = EXCLUDED.get((file["file"], shown), 0)
        misses = sum(count == 0 for count in counts)
        total[part] = total.get(part, 0) + len(counts) - min(misses, excluded)
        taken[part] = taken.get(part, 0) + len(counts) - misses
        if misses > excluded:
            missed.append((part, file["file"], number, misses, len(counts), shown))

check = Check()
check.expect(done.returncode == 0, "tests fail")
for part, path, number, misses, count, shown in missed:
    if part in listed or "all" in listed:
        print(f"  {path}:{number}: {misses} of {count} not taken: {shown}")
figures = []
for part in FOLDERS:
    if part in total:
        share = 100 * taken[part] / total[part]
        figures.append(f"{part} {share:.1f} %")
        check.expect(share >= (95 if part == "cli" else 100),
                     f"src/{part}: {taken[part]} of {total[part]} branches")
check.end(", ".join(figures))
