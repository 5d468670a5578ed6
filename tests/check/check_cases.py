#!/usr/bin/env python3
"""Checks the homework of cases.tsv: what people answer, with the verdict and the cause that is meant.

    check_cases.py --program build/cnncalc --cases tests/check/cases.tsv

A line has input, list, claims, expected and source, with tabs between; lines that begin with "#" are
comments. Claims are separated by " ;; ", or by " & " when each is given alone; one that begins with
"@" is a sheet, in which \\n and \\t are written so. "=NAME" is a built-in network. Expected is a word for each answer: right, follows, unread, turned (wrong, but right for
another input), wrong, wrong:- (no cause is named), wrong:ID (the first cause), wrong:ID+ID (two
mistakes together), wrong:~ID (one of the causes), wrong:=ID (the only one). An error is "error:ID".
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys


def cause(mistakes):
    return "+".join(m["id"] for m in mistakes)


def fits(claim, wanted):
    verdict, _, want = wanted.partition(":")
    if verdict == "turned":
        return claim["verdict"] == "wrong" and "right_for" in claim
    if claim["verdict"] != verdict:
        return False
    causes = [cause(m) for m in claim.get("mistakes", [])]
    if not want:
        return True
    if want == "-":
        return not causes
    if want[0] == "~":
        return want[1:] in causes
    if want[0] == "=":
        return causes == [want[1:]]
    return causes[:1] == [want]


def run(program, given, layers, claims):
    command = [program] + ([layers[1:]] if layers[0] == "=" else ["-l", layers])
    if given:
        command += ["-i", given]
    sheet = None
    for text in claims:
        if text.startswith("@"):
            sheet = text[1:].replace("\\n", "\n").replace("\\t", "\t")
            text = "@-"
        command += ["--check", text]
    command += ["-f", "json"]
    return subprocess.run(command, input=sheet or "", capture_output=True, text=True, timeout=60)


def sentences():
    """The sentence of each error by its id, up to the first word that is filled in."""
    errors = pathlib.Path(__file__).parents[2] / "src/base/errors.def"
    rows = re.findall(r'^X\(\w+, "([^"]+)", "([^"{]+)', errors.read_text(encoding="utf-8"), re.M)
    return dict(rows)


SENTENCES = sentences()


def problem(program, line):
    given, layers, claims, expected, _ = line.split("\t")
    given = "" if given == "-" else given
    told = f"{given} {layers}: {claims}\n  wanted {expected}\n  got "
    answers = []
    for together in claims.split(" & "):
        done = run(program, given, layers, together.split(" ;; "))
        if done.returncode not in (0, 1, 2):
            return told + f"status {done.returncode} {done.stderr}"
        if expected.startswith("error"):
            told_so = SENTENCES[expected.removeprefix("error:")] in done.stderr
            good = done.returncode == 2 and done.stdout == "" and told_so
            return None if good else told + done.stdout + done.stderr
        try:
            answers += json.loads(done.stdout)["claims"]
        except json.JSONDecodeError:
            return told + done.stderr
    wanted = expected.split(" ")
    if len(answers) == len(wanted) and all(map(fits, answers, wanted)):
        return None
    got = [a["verdict"] + ":" + ",".join(cause(m) for m in a.get("mistakes", [])) for a in answers]
    return told + " ".join(got)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--cases", required=True)
    options = parser.parse_args()
    with open(options.cases, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file]
    lines = [line for line in lines if line and not line.startswith("#")]
    problems = [p for p in (problem(options.program, line) for line in lines) if p]
    print("\n".join(problems))
    print(f"{len(lines)} cases, {len(problems)} not as expected")
    return 1 if problems or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
