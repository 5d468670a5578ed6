#!/usr/bin/env python3
"""Writes layer lists for the benchmark, one on each line.

    make_lists.py KIND [lines] [seed] > lists.txt        (100,000 lines, seed 1)

    a       stages of convolutions with norms and activations, joins and repeats: blocks repeat
    b       about 20 layers of 25 kinds with all sorts of attributes
    c       plain chains, every kernel and every width random, as a search over architectures makes
    c2      a with a random width in each layer
    d       the built-in networks with their definitions on one line, all widths random
    e       2 or 3 layers, 20 bytes
    typo    b with one letter of one word changed
    damage  a, b, c and d with one or two bytes changed, removed or added anywhere

All but the last two are valid for an input of 3x224x224. The same arguments give the same bytes.
"""
import glob
import os
import random
import re
import sys

ACTIVATIONS = ["relu"] * 8 + ["silu", "gelu", "hswish", "relu6", "lrelu", "elu"]
WIDTHS = [16, 24, 32, 48, 64, 96, 128, 160, 192, 256, 320, 384, 512, 768, 1024]
EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples")


# a and c2

def conv(pick, width):
    kind = pick.random()
    if kind < 0.6:
        return f"conv3-{width}"
    if kind < 0.72:
        return f"conv1-{width}"
    if kind < 0.78:
        return f"conv{pick.choice([5, 7])}-{width}"
    if kind < 0.84:
        return f"conv3-{width} {pick.choice(['s1', 'same'])}"
    if kind < 0.90:
        return f"conv3-{width} p1 b0"
    if kind < 0.95:
        return f"conv3x{pick.choice([1, 5])}-{width} d2"
    return pick.choice(["dwconv3", "dwconv5 s1", "dwconv7"])


def block(pick, width):
    """A few layers that keep the size, and how many they are."""
    kind = pick.random()
    one = conv(pick, width)
    act = pick.choice(ACTIVATIONS)
    if kind < 0.45:
        return [one, act], 2
    if kind < 0.92:
        return [one, "bn", act], 3
    if kind < 0.95:
        return [f"{pick.randint(2, 3)}x(conv3-{width},{act})"], 5
    if kind < 0.975:
        return [f"conv1-{width}", f"add(conv3-{width},bn | id)", act], 5
    return [f"cat(conv1-{width // 2} | conv3-{width // 2},{act})"], 4


def stages(pick, any_width):
    parts, layers = [], 0
    stage = pick.randrange(4)
    pools = 0
    while layers < 17:
        width = pick.randint(1, 1024) * 2 if any_width else WIDTHS[min(stage, len(WIDTHS) - 1)]
        more, count = block(pick, width)
        parts += more
        layers += count
        if pick.random() < 0.45 and pools < 5:
            parts.append(pick.choice(["maxpool", "maxpool", "maxpool3/2 p1", "avgpool"]))
            pools += 1
            layers += 1
            stage += 2
    if pick.random() < 0.7:
        parts.append("gap")
    if pick.random() < 0.5:
        parts += [f"FC-{pick.choice([256, 512, 1024, 4096])}", "relu"]
        if pick.random() < 0.5:
            parts.append("dropout0.5")
    parts.append(f"FC-{pick.choice([10, 100, 1000])}")
    if pick.random() < 0.6:
        parts.append("softmax")
    return (", " if pick.random() < 0.75 else ",").join(parts)


def repeated(pick):
    return stages(pick, False)


def widened(pick):
    return stages(pick, True)


# b

CONVS = [
    lambda pick, w: f"conv{pick.choice([1, 3, 3, 3, 5, 7])}-{w}",
    lambda pick, w: f"conv3-{w}",
    lambda pick, w: f"conv3-{w}",
    lambda pick, w: f"conv1-{w}",
    lambda pick, w: f"conv3-{w} b0",
    lambda pick, w: f"conv3-{w} p1 b0",
    lambda pick, w: f"conv{pick.choice([3, 5])}-{w} g{pick.choice([2, 4])}",
    lambda pick, w: f"conv3-{w} d{pick.choice([2, 3])}",
    lambda pick, w: f"conv1x{pick.choice([3, 7])}-{w}",
    lambda pick, w: f"dwconv{pick.choice([3, 5])}",
]
IDLE = ACTIVATIONS + ["bn", "bn", "bn", "bn", "bn", "bn", "ln", "gn8", "LRN", "prelu", "sigmoid",
                      "tanh", "dropout0.1"]
SHRINK = ["maxpool", "maxpool3/2 p1", "maxpool3 s2 ceil", "avgpool", "avgpool3 s2 p1",
          "conv3-{} s2", "conv2-{} s2 p0"]


def varied(pick):
    parts, shrunk = [f"conv3-{pick.choice(WIDTHS)}"], 0
    while len(parts) < 17:
        width = pick.choice(WIDTHS)
        parts.append(pick.choice(CONVS)(pick, width))
        parts += pick.sample(IDLE, pick.randint(1, 2))
        if shrunk < 5 and pick.random() < 0.3:
            parts.append(pick.choice(SHRINK).format(width))
            shrunk += 1
    parts += [pick.choice(["gap", "flatten", "aap2", "gmp"]), f"FC-{pick.choice([10, 100, 1000])}"]
    return ", ".join(parts)


# c

def searched(pick):
    parts = []
    for _ in range(pick.randint(5, 7)):
        parts += [f"conv{pick.randint(1, 11)}-{pick.randint(1, 2048)}", "bn", "relu"]
        if pick.random() < 0.3:
            parts.append("maxpool")
    return ",".join(parts + ["gap", f"FC-{pick.randint(2, 2000)}"])


# e

def short(pick):
    parts = [f"conv{pick.choice([1, 3, 5, 7])}-{pick.randint(8, 512)}",
             pick.choice(["relu", "maxpool", "gap", "bn"])]
    if pick.random() < 0.7:
        parts.append(f"FC-{pick.randint(2, 999)}")
    return ",".join(parts)


# d

def one_line(text):
    """A list of several lines on one, without its comments."""
    out, lines = "", [re.sub(r"\s+", " ", line.split("#")[0]).strip() for line in text.split("\n")]
    for line in filter(None, lines):
        joins = out == "" or out[-1] in ",|(=;+-*/" or line[0] in ",|)"
        out += (" " if out and joins else "" if not out else "; ") + line
    return out


def networks():
    found = []
    for path in sorted(glob.glob(os.path.join(EXAMPLES, "*.cnn"))):
        with open(path, encoding="utf-8") as file:
            text = one_line(file.read())
        if "=" in text:
            found.append(text)
    return found


def scaled(pick, text):
    """All widths times one random number, which keeps equal what has to be equal. Widths are the
    numbers from 100 and the multiples of 8 from 16; the built-in lists repeat nothing that often
    except with an asterisk."""
    factor = pick.randint(1, 500)

    def widen(found):
        number = int(found.group(2) or 0)
        wide = number >= 100 or (number >= 16 and number % 8 == 0)
        return str(number * factor) if wide else found.group()

    return re.sub(r"(input [^;]*;|(?:FC|dropout|aap|resize)[-\d.x]+)|(?<![\w.])(\d+)(?![\w.*])",
                  widen, text)


def defined(pick, known=networks()):
    return scaled(pick, pick.choice(known))


# typo and damage

def mistyped(pick):
    text = varied(pick)
    word = pick.choice([m for m in re.finditer("[a-zA-Z]{3,}", text)])
    at = pick.randrange(word.start(), word.end())
    letters = "abcdefghijklmnopqrstuvwxyz".replace(text[at].lower(), "")
    return text[:at] + pick.choice(letters) + text[at + 1:]


def damaged(pick):
    text = pick.choice([repeated, varied, searched, defined])(pick)
    for _ in range(pick.randint(1, 2)):
        at = pick.randrange(len(text))
        byte = chr(pick.randint(32, 126))
        text = text[:at] + pick.choice([byte, "", byte + text[at]]) + text[at + 1:]
    return text


KINDS = {"a": repeated, "b": varied, "c": searched, "c2": widened, "d": defined, "e": short,
         "typo": mistyped, "damage": damaged}


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in KINDS:
        sys.exit(__doc__)
    lines = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    pick = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    for _ in range(lines):
        sys.stdout.write(KINDS[sys.argv[1]](pick) + "\n")


if __name__ == "__main__":
    main()
