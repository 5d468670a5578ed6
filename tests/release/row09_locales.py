#!/usr/bin/env python3
"""Row 9: the same bytes in every locale, also where the decimal point is a comma (de_DE) and the
capital of i is not I (tr_TR)."""
import os
import subprocess
import tempfile

from common import Check, build, need, run
from commands import COMMANDS

need("gcc", "cmake", "ninja", "localedef")
PROGRAM = os.path.join(build("plain"), "cnncalc")
CASES = [
    (["-l", "INPUT 28 GRAY\nMAXPOOL,RELU,FLATTEN,LINEAR-10,SIGMOID,DROPPATH0.5,GELU,SILU,MISH"],
     b""),
    (["-l", "ID,IN,BIAS,SPLIT(ID|ID),CHPAD-8,PIXSHUF1,RESIZE56,HSIGMOID"], b""),
    (["-l", "wIdth=4; BlockI(nI)=conv3-nI; blocki(Width)", "-D", "WIDTH=8"], b""),
    (["-l", "dropout0.5", "-f", "json", "-c", "+rf,start"], b""),
    (["-l", "dropout0,5"], b""),
    (["VGG-D", "-c", "INDEX,LAYER,WINDOW", "-f", "TSV", "--dtype", "BF16"], b""),
    (["-l", "linera-10"], b""),
]

check = Check()
with tempfile.TemporaryDirectory() as folder:
    names = ["C", "C.UTF-8"]
    for name, charset in (("de_DE", "UTF-8"), ("tr_TR", "UTF-8"), ("tr_TR", "ISO-8859-9")):
        made = subprocess.run(["localedef", "-i", name, "-f", charset,
                               os.path.join(folder, f"{name}.{charset}")], capture_output=True,
                              check=False)
        if made.returncode <= 1 and os.listdir(folder):  # 1: with warnings
            names.append(f"{name}.{charset}")
    rows = COMMANDS + CASES
    for arguments, stdin in rows:
        results = {}
        for name in names:
            env = {"LC_ALL": name, "LANG": name, "LANGUAGE": name, "LOCPATH": folder}
            result = run([PROGRAM, *arguments], stdin, env=env)
            results[name] = (result.status, result.out, result.err)
        for name in names[1:]:
            check.expect(results[name] == results["C"], f"{name}: {' '.join(arguments)[:60]}")
if len(names) < 5:
    print(f"  only {', '.join(names)}: the sources of the others (package locales) are missing")
check.end(f"{len(rows)} command lines in {len(names)} locales")
