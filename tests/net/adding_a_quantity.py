#!/usr/bin/env python3
"""Follows docs/adding-a-quantity.md to the letter, in a copy of the project.

    adding_a_quantity.py PROJECT-FOLDER [COMPILER [FLAGS]]

Puts the two C blocks of the section "A count of each layer" where the text says, builds, and runs
the commands that the text shows: each has to print what is shown there.
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile


def build(project, scratch, blocks, compiler, flags):
    for part in ("CMakeLists.txt", "CHANGELOG.md", "LICENSE", "cmake", "include",
                 "src", "examples", "docs"):
        source = os.path.join(project, part)
        (shutil.copytree if os.path.isdir(source) else shutil.copy)(
            source, os.path.join(scratch, part))
    path = os.path.join(scratch, "src/measure/quantity.c")
    with open(path, encoding="utf-8") as source:
        text = source.read()
    places = ("/* ---- totals that are known without the layers ---- */\n",
              "};\n\nconst size_t cnn_quantity_count")
    for place, block in zip(places, blocks):
        if text.count(place) != 1:
            sys.exit(f"src/measure/quantity.c has no line {place}")
        text = text.replace(place, block + place)
    with open(path, "w", encoding="utf-8") as target:
        target.write(text)
    folder = os.path.join(scratch, "build")
    configure = ["cmake", "-S", scratch, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug"]
    configure += [f"-DCMAKE_C_COMPILER={c}" for c in compiler]
    configure += [f"-DCMAKE_C_FLAGS={f}" for f in flags]
    for step in (configure, ["cmake", "--build", folder, "--target", "cnncalc"]):
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(shlex.join(step) + "\n" + done.stdout + done.stderr)
    return os.path.join(folder, "cnncalc")


def main():
    project = os.path.abspath(sys.argv[1])
    with open(os.path.join(project, "docs/adding-a-quantity.md"), encoding="utf-8") as doc:
        section = re.search(r"\n## A count of each layer\n(.*?)\n## ", doc.read(), re.DOTALL)[1]
    blocks = re.findall(r"```c\n(.*?)```", section, re.DOTALL)
    session = re.findall(r"```\n(\$ .*?)```", section, re.DOTALL)
    if len(blocks) != 2 or len(session) != 1:
        sys.exit("docs/adding-a-quantity.md is not the text that this test follows")
    with tempfile.TemporaryDirectory() as scratch:
        program = build(project, scratch, blocks, sys.argv[2:3], sys.argv[3:4])
        path = os.path.join(scratch, "quantity.console")
        with open(path, "w", encoding="utf-8") as target:
            target.write(session[0])
        runner = [sys.executable, os.path.join(project, "tests/run_session.py"), "--program",
                  program]
        if sys.argv[4:] == ["--show"]:
            subprocess.run(runner + ["--update", path], check=False)
            with open(path, encoding="utf-8") as source:
                print(source.read())
        sys.exit(subprocess.run(runner + [path], check=False).returncode)


if __name__ == "__main__":
    main()
