#!/usr/bin/env python3
"""Row 1: which branches the tests take. Lists those that none takes.

    row01_coverage.py                all tests, then a line for each folder
    row01_coverage.py --list lang    and the branches missed in src/lang

The figures to reach: every branch of the library's folders, 95 % of src/cli.
"""
import errno
import glob
import json
import os
import subprocess
import sys

from common import Check, ROOT, build, need, run

need("gcc", "cmake", "ninja", "ctest", "gcovr")
FOLDERS = ("base", "ops", "net", "measure", "files", "lang", "paste", "report", "batch", "explain",
           "compare", "check", "solve", "gradient", "help", "cli")
# Branches that no test can take, by file and text of the line, each with its reason.
EXCLUDED = {
    # the search before it has had more memory than the two layers of a question need
    ("src/check/apart.c", "!cnn_study_open(&c.study, &small, &scratch, err)) {"): 1,
}

# What these do when the system refuses something belongs to the tests, too; what they should print
# is checked by rows 3 and 4. Each is (arguments, standard input, how many times it asks for memory,
# other calls); what fails later than these fails in the measurement.
BREAKABLE = [
    (["examples/unet.cnn"], b"", 1, ("read", "open", "close", "write")),
    (["-"], b"relu\n" * 4000, 3, ("read",)),
    (["-l", "3000*relu", "-l", "relu"], b"", 2, ("write",)),
    (["-l", "relu", "-k", "@examples/backprop.sheet"], b"", 2, ("read", "open")),
    (["-l", "relu", "-k", "dx = 1", "-k", "da0 = 2"], b"", 2, ()),
    (["-i", "vector2", "-l", "FC-2,relu,FC-1", "-g", "--values", "examples/mlp.values"], b"", 1,
     ("read", "open", "close")),
    (["--batch", "-c", "+peak"], b"relu\n30000*conv1-(c+1)\n" * 3, 4, ("read", "write")),
    (["--batch", "--jobs", "2"], b"relu\n" * 3, 3, ("pthread_create",)),
]
CALLS, ERRORS = 3, (errno.EINTR, errno.EIO)


def run_broken(folder):
    """Whether each of these ends by itself, whichever call fails."""
    shim = os.path.join(folder, "shim.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", shim,
                    os.path.join(ROOT, "tests/release/shim.c"), "-ldl"], check=True)
    fine = True
    for arguments, stdin, allocations, calls in BREAKABLE:
        faults = [{"SHIM_FAIL": str(n)} for n in range(1, allocations + 1)]
        faults += [{"SHIM_BREAK": f"{call}:{n}:{error}"} for call in calls
                   for n in range(1, CALLS + 1) for error in ERRORS]
        for fault in faults:
            result = run([os.path.join(folder, "cnncalc"), *arguments], stdin,
                         env={"LD_PRELOAD": shim, **fault})
            fine = fine and 0 <= result.status <= 3
    return fine


listed = sys.argv[sys.argv.index("--list") + 1:] if "--list" in sys.argv else []
# Without assert: what it checks is never false. Threads count together.
FLAGS = "-O0 --coverage -fprofile-update=atomic -DNDEBUG"
folder = build("coverage", FLAGS, targets=("all",), kind="None", tests=True)
for path in glob.glob(folder + "/**/*.gcda", recursive=True):
    os.remove(path)
done = subprocess.run(["ctest", "-LE", "builds", "-j", str(os.cpu_count())], cwd=folder,
                      capture_output=True, text=True, check=False)
if done.returncode != 0:
    print(done.stdout[-2000:])
broken = run_broken(folder)
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
check.expect(broken, "the program is ended by a call that fails")
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
