#!/usr/bin/env python3
"""Makes the page of its parts: one file, which asks for no other.

    web/make_page.py CNNCALC.WASM VERSION CNNCALC.HTML

Comments and indentation are left out. The program and all scripts but the one that unpacks them are
packed together. The policy names the two scripts and the style by their hashes.
"""

import base64
import hashlib
import lzma
import pathlib
import re
import sys

WEB = pathlib.Path(__file__).resolve().parent
STYLES = ("page.css", "window.css")
UNPACKER = ("unpack.js",)
SCRIPTS = ("core.js", "dom.js", "geometry.js", "window.js", "ask.js", "edit.js", "table.js",
           "exercise.js", "picture.js", "share.js", "page.js")
MOST_BYTES = 400_000
# What unpack.js expects.
PACKING = {"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 0, "dict_size": 1 << 20, "nice_len": 273,
           "mode": lzma.MODE_NORMAL, "mf": lzma.MF_BT4, "depth": 1000}


def read(names):
    return "".join((WEB / name).read_text(encoding="utf-8") for name in names)


def shorten(text):
    """Without comments that begin a line, indentation and empty lines."""
    text = re.sub(r"^[ \t]*/\*.*?\*/[ \t]*\n", "", text, flags=re.DOTALL | re.MULTILINE)
    return "".join(line.strip() + "\n" for line in text.splitlines() if line.strip())


# unpack.js tells why these.
DIGITS = [chr(c) for c in range(ord("!"), 127) if chr(c) not in '"<\\']


def digits_of(data):
    """Two digits for each 13 bits, the lowest first."""
    text, held, bits = [], 0, 0
    for byte in data:
        held |= byte << bits
        bits += 8
        if bits >= 13:
            text += DIGITS[held % 8192 % 91], DIGITS[held % 8192 // 91]
            held >>= 13
            bits -= 13
    return "".join(text + [DIGITS[held % 91], DIGITS[held // 91]])


def code_of(names):
    return '"use strict";\n' + shorten(read(names)).replace('"use strict";\n', "")


def hash_of(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def main(wasm, version, target):
    program, scripts = pathlib.Path(wasm).read_bytes(), code_of(SCRIPTS)
    whole = program + scripts.encode()
    packed = lzma.compress(whole, format=lzma.FORMAT_RAW, filters=[PACKING])
    code = code_of(UNPACKER)
    code += f'load("{digits_of(packed)}", {len(program)}, {len(whole) - len(program)});\n'
    style = shorten(read(STYLES))
    policy = (f"default-src 'none'; script-src {hash_of(code)} {hash_of(scripts)} 'wasm-unsafe-eval'; "
              f"style-src {hash_of(style)}; worker-src blob:; img-src data: blob:; "
              "base-uri 'none'; form-action 'none'")
    parts = {"@policy@": policy, "@version@": version, "@script@": code, "@style@": style}
    page = re.sub("|".join(parts), lambda found: parts[found[0]], read(["page.html"]))
    pathlib.Path(target).write_text(page, encoding="utf-8")
    size = len(page.encode())
    print(f"{target}: {size} bytes; program and scripts {len(packed)}, unpacked {len(whole)}")
    if size > MOST_BYTES:
        sys.exit(f"more than {MOST_BYTES} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
