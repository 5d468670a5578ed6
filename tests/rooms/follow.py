#!/usr/bin/env python3
"""Follows pages of the documentation to the letter, in a copy of the project.

    follow.py PROJECT-FOLDER COMPILER FLAGS PAGE...
    follow.py PROJECT-FOLDER COMPILER FLAGS --show PAGE...    prints what the commands print

A page says 'In `FILE`, before `TEXT`:' or 'new file, `FILE`', and a C block follows, which goes
there. All pages go into one copy; it is built, and the sessions that the pages show are run.
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

STEP = re.compile(r"^In `(?P<file>[\w./-]+)`, before `(?P<place>[^`]+)`:\n\n"
                  r"```c\n(?P<block>.*?)^```$"
                  r"|new file, `(?P<new>[\w./-]+)`[^`].*?^```c\n(?P<whole>.*?)^```$", re.M | re.S)
SESSION = re.compile(r"^```\n(\$ .*?)^```$", re.M | re.S)
PARTS = ("CMakeLists.txt", "CHANGELOG.md", "LICENSE", "cmake", "include", "src", "examples", "docs")


def follow(page, text, scratch):
    """Puts the page's blocks where it says; returns its sessions."""
    steps = list(STEP.finditer(text))
    if len(steps) != text.count("```c\n"):
        sys.exit(f"{page}: {text.count('```c')} blocks of C, {len(steps)} places for them")
    for step in steps:
        path = os.path.join(scratch, step["file"] or step["new"])
        if step["new"]:
            if os.path.exists(path):
                sys.exit(f"{page}: {step['new']} is not new")
            source = step["whole"]
        else:
            with open(path, encoding="utf-8") as file:
                source = file.read()
            if source.count(step["place"]) != 1:
                sys.exit(f"{page}: {step['file']} has {step['place']!r} "
                         f"{source.count(step['place'])} times")
            source = source.replace(step["place"], step["block"] + step["place"])
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
    return SESSION.findall(text)


def build(scratch, compiler, flags):
    folder = os.path.join(scratch, "build")
    configure = ["cmake", "-S", scratch, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                 f"-DCMAKE_C_COMPILER={compiler}", f"-DCMAKE_C_FLAGS={flags}"]
    for step in (configure, ["cmake", "--build", folder, "--target", "cnncalc"]):
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(shlex.join(step) + "\n" + done.stdout + done.stderr)
    return os.path.join(folder, "cnncalc")


def main():
    project, compiler, flags = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3]
    show = sys.argv[4] == "--show"
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for part in PARTS:
            source = os.path.join(project, part)
            (shutil.copytree if os.path.isdir(source) else shutil.copy)(
                source, os.path.join(scratch, part))
        sessions = []
        for page in sys.argv[4 + show:]:
            with open(os.path.join(project, page), encoding="utf-8") as file:
                sessions += follow(page, file.read(), scratch)
        if not sessions:
            sys.exit("the pages show no commands")
        runner = [sys.executable, os.path.join(project, "tests/run_session.py"), "--program",
                  build(scratch, compiler, flags)]
        for session in sessions:
            path = os.path.join(scratch, "page.console")
            with open(path, "w", encoding="utf-8") as file:
                file.write(session)
            if show:
                subprocess.run(runner + ["--update", path], check=False)
                with open(path, encoding="utf-8") as file:
                    print(file.read())
            else:
                failed += subprocess.run(runner + [path], check=False).returncode != 0
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
