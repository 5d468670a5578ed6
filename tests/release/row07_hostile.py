#!/usr/bin/env python3
"""Row 7: hostile lists. The answer is a right result or one clear error, within 1 s and 16 MB.

Lists that say a lot, rather than claim it, take memory for what they say: up to 1 MiB of text
(0.3 GB) or 1,000,000 layers (0.6 GB, and 3 s when all are printed), as docs/language.md says.
"""
import os
import subprocess
import tempfile

from common import Check, ROOT, build, measure, need

need("gcc", "cmake", "ninja", "clang")
MIB = 1 << 20
SMALL, TEXT, LAYERS = 16, 320, 640  # MB


def fill(begin, part, end="", size=MIB):
    """`part` as often as a list may be long; {} in it counts."""
    parts, length, i = [begin], len(begin) + len(end), 0
    while True:
        now = part.replace("{}", str(i))
        if length + len(now) > size:
            break
        parts.append(now)
        length += len(now)
        i += 1
    return "".join(parts) + end


def chain(first, count):
    lines = [f"name_0(k)={first}"]
    lines += [f"name_{i}(k)=name_{i - 1}(k),name_{i - 1}(k)" for i in range(1, count)]
    return "\n".join(lines) + f"\nname_{count - 1}(1)"


# name, text, exit status, what standard error has to hold, MB
LISTS = [
    ("empty file", "", 2, "no layers", SMALL),
    ("10^7 empty lines", "\n" * 10**7, 2, "longer than", SMALL + 4),
    ("a megabyte of empty lines", "\n" * MIB, 2, "no layers", SMALL),
    ("a layer behind empty lines", "\n" * (MIB - 4) + "relu", 0, "", SMALL),
    ("nesting 10^6", "(" * 10**6 + "relu" + ")" * 10**6, 2, "longer than", SMALL),
    ("nesting 5*10^5", "(" * 500000 + "relu" + ")" * 500000, 2, "nested deeper", SMALL),
    ("open parentheses", "(" * MIB, 2, "nested deeper", SMALL),
    ("closed parentheses", ")" * MIB, 2, "no parenthesis is open", SMALL),
    ("a join of nothing, often", "add(" + "|" * (MIB - 5) + ")", 2, "no layer between", SMALL),
    ("nested joins", "add(" * 250000, 2, "nested deeper", SMALL),
    ("nested labels", "l:" * 500000 + "relu", 2, "nested deeper", SMALL),
    ("nested counts", "2*" * 500000 + "relu", 2, "nested deeper", SMALL),
    ("nested definitions", "\n".join(["f0=id"] + [f"f{i}=f{i - 1}" for i in range(1, 9999)])
     + "\nf9998", 2, "nested deeper", SMALL),
    ("nested calls", "f(k)=k\n" + "f(" * 199 + "relu" + ")" * 199, 2, "nested deeper", SMALL),
    ("nested numbers", "conv3-" + "(" * 500000, 2, "nested deeper", SMALL),
    ("a huge count", "999999999*(conv3-64,relu)", 2, "more than 1000000 layers", SMALL),
    ("the largest count", "9223372036854775807*id", 2, "more than 1000000 layers", SMALL),
    ("nine nested counts", "99*(" * 9 + "relu" + ")" * 9, 2, "more than 1000000 layers", LAYERS),
    ("counts as parameters", "f(n)=n*relu; g(n)=n*f(n); q(n)=n*g(n); q(1000)", 2,
     "more than 1000000 layers", LAYERS),
    ("doubling calls", chain("relu", 40), 2, "the list expands to more than", LAYERS),
    ("doubling calls of nothing", chain("0*relu", 40), 2, "more than 4000000 steps", TEXT),
    ("nothing, often", "999999999*(0*relu)", 0, "", SMALL),
    ("a megabyte name", "a" * MIB, 2, "no layer or definition", SMALL),
    ("a megabyte label", "a" * (MIB - 5) + ":relu", 0, "", SMALL),
    ("a megabyte definition", "a" * (MIB - 7) + "=relu\n", 2, "no layers", SMALL),
    ("a megabyte number", "conv3-" + "9" * (MIB - 6), 2, "does not fit", SMALL),
    ("a megabyte of zeros", "conv3-" + "0" * (MIB - 7) + "1", 0, "", SMALL),
    ("a megabyte comment", "relu #" + "#" * (MIB - 6), 0, "", SMALL),
    ("a megabyte of blanks", "relu" + " " * (MIB - 4), 0, "", SMALL),
    ("blanks, nested", "(" * 199 + " " * (MIB - 402) + "relu" + ")" * 199, 0, "", SMALL),
    ("a megabyte sum", fill("conv3-(1", "+1", ")"), 0, "", SMALL),
    ("a megabyte of bars", "|" * MIB, 2, "branches", SMALL),
    ("a megabyte of commas", "," * MIB, 2, "a layer is missing", SMALL),
    ("lines that might define", fill("f\n", "f(\n"), 2, "no layer", SMALL),
    ("long lines that might define", "f\n" + ("f(" + " " * 5000 + "\n") * 200, 2, "no layer",
     SMALL),
    ("carriage returns", "\r" * (MIB - 4) + "relu", 0, "", SMALL),
    ("a megabyte of layers", fill("", "id,", "id"), 0, "", TEXT),
    ("layers, nested", fill("(" * 199, "relu,", "id" + ")" * 199), 0, "", TEXT),
    ("layers, nested, a line each", fill("(\n" * 199, "relu\n", "id" + ")" * 199), 0, "", TEXT),
    ("layers in joins", fill("add(" * 199, "relu,", "id" + "|id)" * 199), 0, "", TEXT),
    ("layers in joins, behind", fill("add(id|" * 199, "relu,", "id" + ")" * 199), 0, "", TEXT),
    ("layers in joins, a line each", fill("add(\n" * 199, "relu\n", "id" + "|id)" * 199), 0, "",
     TEXT),
    ("groups in joins", fill("add(" * 190, "(id),", "id" + "|id)" * 190), 0, "", TEXT),
    ("groups and joins", fill("(add(" * 99, "relu,", "id" + "|id))" * 99), 0, "", TEXT),
    ("a megabyte of nested joins", fill("", "add(" * 150 + "id" + "|id)" * 150 + ",", "id"), 0, "",
     TEXT),
    ("a megabyte of heads", fill("", "aux(id),", "id"), 0, "", TEXT),
    ("branches that are not there", "add(" + "|" * (MIB - 5) + ")", 2, "no layer", TEXT),
    ("a megabyte of labels", fill("", "l{}:id,", "id"), 0, "", TEXT),
    ("a megabyte of numbers", fill("", "zz{}=1\n", "id"), 0, "", TEXT),
    ("a megabyte of definitions", fill("", "zz{}=id\n", "zz1"), 0, "", TEXT),
    ("a megabyte of parameters", fill("f(", "q{}=1,", "z=1)=id\nf"), 0, "", TEXT),
    ("a megabyte of values", fill("f(q=1)=id\nf(", "q=1,", "q=1)"), 2, "given twice", TEXT),
    ("a megabyte of branches", fill("cat(", "id|", "id)"), 0, "", TEXT),
    ("a megabyte of attributes", fill("conv3-8", " s1"), 2, "given twice", SMALL),
    ("a million layers", "1000000*relu", 0, "", LAYERS),
    ("a million layers in groups", "1000*(998*relu,bn)", 0, "", LAYERS),
    ("a million layers one too many", "1000000*relu,id", 2, "more than 1000000 layers", LAYERS),
    ("counts of channels", "input 100x8x8\n(c)*((c)*((c)*(c*relu)))", 2, "more than 1000000 layers", LAYERS),
]
BYTES = [
    ("invalid UTF-8", b"relu,\xff,bn", 2, "not valid UTF-8"),
    ("half a character", b"relu,\xe2\x82", 2, "not valid UTF-8"),
    ("a surrogate", b"\xed\xa0\x80", 2, "not valid UTF-8"),
    ("NUL bytes", b"relu\0bn", 2, "NUL byte"),
    ("a byte order mark", b"\xef\xbb\xbfrelu", 0, ""),
    ("two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbfrelu", 2, "means nothing|not expected"),
    ("CRLF", b"conv3-8\r\nrelu\r\n", 0, ""),
    ("no last newline", b"conv3-8\nrelu", 0, ""),
    ("UTF-16", "relu".encode("utf-16"), 2, "not valid UTF-8"),
    ("escape sequences", b"\x1b[2Jrelu", 2, "means nothing|not expected"),
]

check = Check()
with tempfile.TemporaryDirectory() as folder:
    checker = os.path.join(folder, "bytes")
    flags = "-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"
    library = build("bytes", flags, targets=("cnncalc_static",), compiler="clang", kind="None")
    subprocess.run(["clang", *flags.split(), "-I", os.path.join(ROOT, "include"),
                    os.path.join(ROOT, "tests/release/bytes.c"), "-L", library, "-lcnncalc",
                    "-lm", "-o", checker], check=True)
    done = subprocess.run([checker], capture_output=True, text=True, check=False)
    texts = done.stdout.strip()
    check.expect(done.returncode == 0, texts + done.stderr[-2000:])

    program = os.path.join(build("plain"), "cnncalc")
    slowest, largest = (0.0, ""), 0
    rows = [(name, text.encode(), *rest) for name, text, *rest in LISTS]
    rows += [(*row, SMALL) for row in BYTES]
    for name, text, status, message, megabytes in rows:
        path = os.path.join(folder, "list")
        with open(path, "wb") as file:
            file.write(text)
        for arguments in (["-f", "tsv", "-c", "index,params"], ["-c", "layer,output"]):
            result = measure([program, *arguments, path])
            err = result.err.decode("utf-8", "replace")
            slowest = max(slowest, (result.seconds, name))
            if megabytes == SMALL:
                largest = max(largest, result.kilobytes)
            check.expect(result.status == status, f"{name}: status {result.status}")
            check.expect(any(part in err for part in message.split("|")) if message else err == "",
                         f"{name}: {err[:100]}")
            check.expect("\x1b" not in err, f"{name}: a control character is printed")
            check.expect(result.seconds < (3 if megabytes == LAYERS else 1),
                         f"{name}: {result.seconds:.2f} s")
            check.expect(result.kilobytes < megabytes * 1000,
                         f"{name}: {result.kilobytes} kB, {result.seconds:.2f} s")
check.end(f"{texts} texts with a byte changed, {len(rows)} hostile lists, the slowest "
          f"{slowest[0]:.2f} s ({slowest[1]}), the largest {largest / 1000:.0f} MB")
