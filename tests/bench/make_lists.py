#!/usr/bin/env python3
"""Writes layer lists for the benchmark: about 20 layers and 170 bytes each, all different.

    make_lists.py [lines] [seed] > lists.txt        (1,000,000 lines, seed 1: 170 MB)

Every list is valid for an input of 3x224x224. They are the shapes that a search over architectures
makes: stages of convolutions with norms and activations, pooling between them, joins and repeats
now and then, a head. The same seed gives the same bytes.
"""
import random
import sys

ACTIVATIONS = ["relu"] * 8 + ["silu", "gelu", "hswish", "relu6", "lrelu", "elu"]
WIDTHS = [16, 24, 32, 48, 64, 96, 128, 160, 192, 256, 320, 384, 512, 768, 1024]


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


def network(pick):
    parts, layers = [], 0
    stage = pick.randrange(4)
    pools = 0
    while layers < 17:
        width = WIDTHS[min(stage, len(WIDTHS) - 1)]
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
    separator = ", " if pick.random() < 0.75 else ","
    return separator.join(parts)


def main():
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000
    pick = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for _ in range(lines):
        sys.stdout.write(network(pick) + "\n")


if __name__ == "__main__":
    main()
