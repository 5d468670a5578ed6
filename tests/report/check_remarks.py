#!/usr/bin/env python3
"""docs/remarks.md has every sentence of the remarks in the sources, and has none that is there no more.

    check_remarks.py PROJECT-FOLDER

In the document a remark is a line that begins with "> "; "N" and "..." in it are what differs. In the
sources a sentence is a string for cnn_paste_remark, or any string of two words in a file of remarks.
"""
import glob
import os
import re
import sys

FILES = ["src/report/remarks.c", "src/files/model_remarks.c"]
STRING = r'"(?:[^"\\]|\\.)*"'
JOINED = rf"{STRING}(?:\s*{STRING})*"


def strings(text):
    for found in re.findall(JOINED, text):
        joined = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', found))
        yield joined.replace("\\n", "").replace('\\"', '"').strip(" ;,'")


def sentences(project):
    for path in FILES:
        with open(os.path.join(project, path), encoding="utf-8") as source:
            text = re.sub(r"^#[^\n]*|/\*.*?\*/", "", source.read(), flags=re.MULTILINE | re.DOTALL)
        for string in strings(text):
            if len(string) > 10 and " " in string:
                yield path, string
    for path in sorted(glob.glob(os.path.join(project, "src/paste/*.c"))):
        with open(path, encoding="utf-8") as source:
            for call in re.findall(rf"cnn_paste_remark\([^;]*?({JOINED})", source.read()):
                yield os.path.relpath(path, project), next(strings(call))


def words(sentence):
    """Its parts between what differs."""
    return [part.strip() for part in re.split(r"\{\w\}", sentence) if len(part.strip()) > 2]


def main():
    project = sys.argv[1]
    with open(os.path.join(project, "docs/remarks.md"), encoding="utf-8") as document:
        remarks = [line[2:].strip() for line in document if line.startswith("> ")]
    found = list(sentences(project))
    failed, used = 0, set()
    for path, sentence in found:
        having = [i for i, remark in enumerate(remarks)
                  if all(part in remark for part in words(sentence))]
        used.update(having)
        if not having:
            failed += 1
            print(f"{path}: docs/remarks.md lacks \"{sentence}\"")
    for i, remark in enumerate(remarks):
        if i not in used:
            failed += 1
            print(f"docs/remarks.md: no source has \"{remark}\"")
    print(f"{len(found)} sentences, {len(remarks)} remarks, {failed} failures")
    return 1 if failed or len(found) < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
