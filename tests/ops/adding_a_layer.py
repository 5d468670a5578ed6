#!/usr/bin/env python3
"""Follows docs/adding-a-layer.md to the letter, in a copy of the project.

    adding_a_layer.py PROJECT-FOLDER [COMPILER [FLAGS]]

Takes the C block of the section "A function of each value", puts it where the text says, builds,
and runs the commands that the text shows. If the document and the code drift apart, this fails.
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile


def only(pattern, text, what):
    found = re.findall(pattern, text, re.DOTALL)
    if not found:
        sys.exit(f"docs/adding-a-layer.md does not say {what} any more")
    return found[0]


def main():
    project = os.path.abspath(sys.argv[1])
    compiler = sys.argv[2:3]
    flags = sys.argv[3:4]
    with open(os.path.join(project, "docs/adding-a-layer.md"), encoding="utf-8") as doc:
        section = only(r"\n## A function of each value\n(.*?)\n## ", doc.read(), "how to add one")
    family = only(r"family is `(src/ops/\w+\.c)`", section, "which file the entry goes into")
    before = only(r"before the line of `(\w+)`", section, "where the entry goes")
    entry = only(r"```c\n(.*?)```", section, "what the entry is")
    commands = only(r"```\n(cnncalc .*?)```", section, "how to try it").splitlines()
    name = only(r'\.name = "(\w+)"', entry, "the name")
    brief = only(r'\.brief = "(.*?)"', entry, "what it is")

    with tempfile.TemporaryDirectory() as scratch:
        for part in ("CMakeLists.txt", "CHANGELOG.md", "LICENSE", "cmake", "include", "src", "examples",
                     "tests", "docs", "README.md"):
            source = os.path.join(project, part)
            copy = shutil.copytree if os.path.isdir(source) else shutil.copy
            copy(source, os.path.join(scratch, part))

        path = os.path.join(scratch, family)
        with open(path, encoding="utf-8") as source:
            text = source.read()
        place = f'    {{.name = "{before}",'
        if text.count(place) != 1:
            sys.exit(f"{family} has no line of {before}")
        with open(path, "w", encoding="utf-8") as target:
            target.write(text.replace(place, entry + place))

        build = os.path.join(scratch, "build")
        configure = ["cmake", "-S", scratch, "-B", build, "-G", "Ninja", "-DCNNCALC_TESTS=ON",
                     "-DCMAKE_BUILD_TYPE=Debug"]
        configure += [f"-DCMAKE_C_COMPILER={c}" for c in compiler]
        configure += [f"-DCMAKE_C_FLAGS={f}" for f in flags]
        for step in (configure, ["cmake", "--build", build, "--target", "cnncalc", "test_ops"],
                     [os.path.join(build, "tests/test_ops")]):
            done = subprocess.run(step, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                sys.exit(shlex.join(step) + "\n" + done.stdout + done.stderr)

        env = dict(os.environ, PATH=build + os.pathsep + os.environ["PATH"])
        for command in commands:
            done = subprocess.run(["bash", "-c", command], env=env, capture_output=True, text=True,
                                  check=False)
            print(f"$ {command}\n{done.stdout}{done.stderr}")
            if done.returncode != 0 or name not in done.stdout:
                sys.exit(f"{name} is not known")
        if brief not in done.stdout:
            sys.exit("the help does not describe it")


if __name__ == "__main__":
    main()
