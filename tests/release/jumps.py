"""The conditional jumps of compiled C: where they are in a shared library, which ways a run takes,
and what their bytes become when they are turned round. x86-64, gcc, GNU assembler."""
import collections
import os
import re
import subprocess
import sys

from common import ROOT

LANGUAGE = ["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O1", "-Iinclude", "-Isrc"]
JUMP = re.compile(r"^\t(j(?!mp)[a-z]+)\t(\.L\w+)$")

# A conditional jump: its source, its number over all sources, the source line it belongs to.
Jump = collections.namedtuple("Jump", "source number at")

# The jumps of a library tell a file of bytes which ways they went: not taken, taken.
RECORDER = """
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
__attribute__((visibility("hidden"), aligned(4096))) char taken[SIZE];
__attribute__((constructor)) static void record(void)
{
    const int file = open(RECORD, O_RDWR);
    if (file >= 0) {
        mmap(taken, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0);
        close(file);
    }
}
"""


def command(*words):
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}\n{done.stdout}")
    return done.stdout


def noted(number, jump, target):
    """A jump that notes whether it is taken; mov leaves the flags alone."""
    return [f"\t{jump}\t1f",
            f"\tmovb\t$1, taken+{2 * number}(%rip)",
            "\tjmp\t2f",
            f"1:\tmovb\t$1, taken+{2 * number + 1}(%rip)",
            f"\tjmp\t{target}",
            "2:"]


def compile_twice(source, jumps, labelled, noting):
    """Compiles a source to two objects, one with a label before each jump and one that notes the
    ways taken; appends its jumps."""
    listing = labelled[:-2] + ".s"
    command("gcc", *LANGUAGE, "-g1", "-fPIC", "-S", source, "-o", listing)
    with open(listing, encoding="utf-8") as file:
        lines = file.read().split("\n")
    with_labels, with_notes = [], ["\t.hidden\ttaken"]
    files, at = {}, None
    for line in lines:
        match = re.match(r'\t\.file (\d+) "([^"]*)"(?: "([^"]*)")?', line)
        if match:
            files[match[1]] = match[3] or match[2]
        match = re.match(r"\t\.loc (\d+) (\d+)", line)
        if match:
            at = (files.get(match[1], source), int(match[2]))
        match = JUMP.match(line)
        if match:
            with_labels += [f"jump_{len(jumps)}:", line]
            with_notes += noted(len(jumps), match[1], match[2])
            jumps.append(Jump(source, len(jumps), at))
        else:
            with_labels.append(line)
            with_notes.append(line)
    for text, target in ((with_labels, labelled), (with_notes, noting)):
        with open(listing, "w", encoding="utf-8") as file:
            file.write("\n".join(text))
        command("gcc", "-c", listing, "-o", target)


def link_twice(folder, core, others):
    """Links libcore.so from objects with labels, and noting/libcore.so, which maps the file `taken`.
    `core` and `others` are sources, of which those of the core count; returns their jumps."""
    jumps, plain, noting = [], [], []
    os.makedirs(os.path.join(folder, "noting"))
    for source in [*core, *others]:
        name = source.replace("/", "_")[:-2] + ".o"
        plain.append(os.path.join(folder, name))
        noting.append(plain[-1])
        if source in core:
            noting[-1] = os.path.join(folder, "noting", name)
            compile_twice(source, jumps, plain[-1], noting[-1])
        else:
            command("gcc", *LANGUAGE, "-fPIC", "-c", source, "-o", plain[-1])
    command("gcc", "-shared", "-o", os.path.join(folder, "libcore.so"), *plain, "-lm")
    recorder, record = (os.path.join(folder, name) for name in ("recorder.c", "taken"))
    size = (2 * len(jumps) + 4095) // 4096 * 4096
    with open(recorder, "w", encoding="ascii") as file:
        file.write(RECORDER)
    with open(record, "wb") as file:
        file.truncate(size)
    command("gcc", "-shared", "-fPIC", f"-DSIZE={size}", f'-DRECORD="{record}"', recorder, *noting,
            "-o", os.path.join(folder, "noting", "libcore.so"), "-lm")
    return jumps


def places(library):
    """The offset in the library's file of each jump, by number."""
    section = re.search(r"^ *\d+ \.text +\w+ +(\w+) +\w+ +(\w+)", command("objdump", "-h", library),
                        re.M)
    shift = int(section[2], 16) - int(section[1], 16)
    return {int(number): int(address, 16) + shift for address, number in
            re.findall(r"^(\w+) t jump_(\d+)$", command("nm", library), re.M)}


def turned(code, becomes):
    """The bytes of a jump that begins `code`, always taken or never. Near ones have six bytes, and
    with a nop before it an unconditional one ends at the same place; short ones have two."""
    if code[0] == 0x0F and code[1] & 0xF0 == 0x80:
        return b"\x90" * 6 if becomes == "nop" else b"\x90\xE9" + code[2:6]
    if code[0] & 0xF0 != 0x70:
        raise ValueError(f"no conditional jump: {code.hex()}")
    return b"\x90\x90" if becomes == "nop" else b"\xEB" + code[1:2]
