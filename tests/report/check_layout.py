#!/usr/bin/env python3
"""Compares -f svg with a layout of its own, to the pixel, on networks whose boxes are listed by hand.

    check_layout.py --program build/cnncalc

The rules are those that src/report/picture.h and picture.c tell in words: sides on a logarithmic
scale, boxes in lines, skips above their line with shorter ones lower, notes for what comes from
another line. Here they are written down a second time, without looking for speed or memory.
Standard library only.
"""
import argparse
import difflib
import html
import re
import subprocess
import sys

LARGEST = 2**63 - 1
LEAST, HIGHEST, MARGIN, LETTER, LINE, LEVEL, WIDEST = 10, 132, 24, 7, 15, 11, 800
FAMILIES = [("conv", "convolutions", "#4a86e8"), ("FC", "fully connected", "#9a6dd7"),
            ("pool", "pooling", "#e2725b"),
            ("norm", "normalisation and learned factors", "#35a79c"),
            ("function", "functions", "#d9a520"), ("shape", "shape", "#6fa95a"),
            ("join", "joins", "#d667a3"), ("input", "input", "#9aa4af")]
COLOURS = {family: colour for family, _, colour in FAMILIES}


class Box:
    """A row of the report; its sources are places in the list of boxes."""

    def __init__(self, name, shape, params, family, sources, layers=1, group=False, aux=False):
        self.whole = name
        self.name = name if len(name) <= 18 else name[:18] + "\u2026"
        self.shape, self.params, self.family, self.sources = shape, params, family, sources
        self.layers, self.group, self.aux = layers, group or layers > 1, aux
        self.notes = 0

    def measure(self, largest):
        def length(side):
            return LEAST + (HIGHEST - LEAST) * logarithm(side) // logarithm(largest)
        shape = "x".join(map(str, self.shape))
        text = max(len(self.name), len(shape), len(f"{self.params:,}"))
        high, wide = self.shape[1:] or (None, None)
        self.width = LEAST + 5 * logarithm(self.shape[0]) // 64
        self.height = length(high) if high else LEAST
        self.depth = (length(wide) if wide else LEAST) // 5
        self.cell = max(LETTER * text + 14, self.width + self.depth + 26)
        self.slices = min(self.layers, self.width // 7)

    def middle(self):
        return self.x + (self.width + self.depth) // 2

    def top(self):
        return self.y - self.height // 2 - self.depth // 2


class Skip:
    def __init__(self, start, end):
        self.start, self.end = start, end
        self.level = self.note = 0

    def span(self):
        return self.end - self.start

    def meets(self, other):
        return self is not other and self.start <= other.end and other.start <= self.end


def logarithm(n):
    """To base 2, in 64ths, straight between powers."""
    whole = n.bit_length() - 1
    power, rest = 2**whole, n - 2**whole
    return 64 * whole + (rest // (power // 64) if power > LARGEST // 64 else 64 * rest // power)


def skips_of(boxes):
    """Connections that pass a box, once each; for the others the boxes learn that the next one
    reads them."""
    skips = []
    for box in boxes:
        box.linear = False
    for to, box in enumerate(boxes):
        for source in dict.fromkeys(box.sources):
            if source == to - 1:
                boxes[source].linear = True
            else:
                skips.append(Skip(source, to))
    return skips


def place(boxes, skips):
    """Lines of boxes; returns the picture's width."""
    line, used = 0, 0
    for i, box in enumerate(boxes):
        def cell(at):
            notes = [LETTER * len("from " + boxes[skip.start].name) + 14 for skip in skips
                     if skip.end == i and boxes[skip.start].line != at]
            return max([box.cell, *notes])
        if used > 0 and used + cell(line) > WIDEST - 2 * MARGIN:
            line, used = line + 1, 0
        box.line, box.cell = line, cell(line)
        used += box.cell
    rows = [[box for box in boxes if box.line == at] for at in range(line + 1)]
    widest = 480
    for row in rows:
        x = MARGIN
        for box in row:
            box.x = x + (box.cell - box.width - box.depth) // 2
            box.text_x = x + box.cell // 2
            x += box.cell
        widest = max(widest, x + MARGIN)
    return rows, widest


def stack(rows, boxes, skips, y):
    """Levels, notes and heights. Returns the picture's height."""
    for row in rows:
        line = row[0].line
        entering = [skip for skip in skips if boxes[skip.end].line == line]
        within = [skip for skip in entering if boxes[skip.start].line == line]
        for skip in sorted(within, key=Skip.span):
            skip.level = 1 + max([other.level for other in within if skip.meets(other)], default=0)
        for skip in entering:
            if skip not in within:
                boxes[skip.end].notes += 1
                skip.note = boxes[skip.end].notes
        notes = min(3, max(box.notes for box in row))
        y += LEVEL * (max([skip.level for skip in entering], default=0) + notes + 2)
        tallest = max(box.height + box.depth for box in row)
        for box in row:
            box.y, box.line_top, box.line_notes = y + tallest // 2, y, notes
            box.text_y = y + tallest + LINE + LINE // 2
        y += tallest + 5 * LINE
    return y + 3 * LINE


def legend(boxes, width):
    x = y = MARGIN
    drawn = []
    for family, title, colour in FAMILIES:
        if family not in [box.family for box in boxes]:
            continue
        size = 11 + 6 + 6 * len(title) + 20
        if x > MARGIN and x + size > width:
            x, y = MARGIN, y + LINE + 3
        drawn += [f'<rect x="{x}" y="{y}" width="11" height="11" rx="2" fill="{colour}"/>',
                  text("legend", x + 17, y + 10, title)]
        x += size
    return drawn, y + LINE


def text(kind, x, y, content):
    return f'<text class="{kind}" x="{x}" y="{y}">{html.escape(content)}</text>'


def path(kind, data):
    return f'<path class="{kind}" d="{data}"/>'


def draw_skip(boxes, skip):
    start, end = boxes[skip.start], boxes[skip.end]
    if skip.level == 0:
        more = end.notes - 2
        content = f"and {more} more" if skip.note == 3 and more > 1 else "from " + start.name
        y = end.top() + 6 - LEVEL * skip.note
        return [text("note", end.middle(), y, content)] if skip.note <= 3 else []
    y = start.line_top - LEVEL * (start.line_notes + skip.level)
    above = [box.top() - (LEVEL * box.line_notes if box.notes else 0) for box in (start, end)]
    return [path("skip", f"M{start.middle() + 4} {above[0] - 3}V{y + 6}q0 -6 6 -6"
                         f"H{end.middle() - 10}q6 0 6 6V{above[1] - 5}")]


def draw_arrow(box, following):
    start = box.x + box.width + box.depth + 4
    if box.line == following.line:
        return [path("arrow", f"M{start} {box.y}H{following.x - 5}")]
    return [path("arrow", f"M{start} {box.y}H{start + 14}"),
            path("arrow", f"M{following.x - 20} {following.y}H{following.x - 5}")]


def draw_box(box):
    def face(shade, *corners):
        return path(shade, "M" + "L".join(f"{x} {y}" for x, y in corners) + "Z")
    left, right, d = box.x, box.x + box.width, box.depth
    top = box.y - box.height // 2 + d // 2
    bottom = top + box.height
    above = (left, top), (left + d, top - d), (right + d, top - d), (right, top)
    beside = (right, top), (right + d, top - d), (right + d, bottom - d), (right, bottom)
    cuts = [left + box.width * i // box.slices for i in range(1, box.slices)]
    mark = (' class="aux"' if box.aux else "") + f' data-row="{box.row}"'
    title = html.escape(re.sub("^[0-9]+ ", "", box.whole))
    drawn = [f'<g{mark} fill="{COLOURS[box.family]}">',
             f'<title>{title}: {"x".join(map(str, box.shape))}, {box.params:,} parameters</title>',
             face("face", (left, top), (right, top), (right, bottom), (left, bottom)),
             face("face", *above), face("light", *above),
             face("face", *beside), face("shade", *beside),
             *(path("slice", f"M{x} {bottom}V{top}L{x + d} {top - d}") for x in cuts),
             text("name", box.text_x, box.text_y, box.name)]
    said = [("number", "x".join(map(str, box.shape)))]
    if box.params:
        said.append(("number", f"{box.params:,}"))
    if box.group:
        said.append(("note", f"{box.layers} layer{'s' if box.layers > 1 else ''}"))
    return drawn + [text(kind, box.text_x, box.text_y + LINE * (i + 1), content)
                    for i, (kind, content) in enumerate(said)] + ["</g>"]


def picture(boxes, macs):
    """The lines of the SVG behind its style."""
    largest = max([2, *(side for box in boxes for side in box.shape[1:])])
    for row, box in enumerate(boxes):
        box.row = row
        box.measure(largest)
    skips = skips_of(boxes)
    rows, width = place(boxes, skips)
    drawn, legend_end = legend(boxes, width)
    height = stack(rows, boxes, skips, legend_end)
    for skip in skips:
        drawn += draw_skip(boxes, skip)
    for i, box in enumerate(boxes):
        drawn += draw_arrow(box, boxes[i + 1]) if box.linear else []
        drawn += draw_box(box)
    params = sum(box.params for box in boxes)
    return [f'<svg xmlns="http://www.w3.org/2000/svg" class="cnncalc" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img">', *drawn,
            text("total", MARGIN, height - 2 * LINE, f"{params:,} parameters, {macs:,} MACs in all"),
            text("total", MARGIN, height - LINE, "below each box: its output and its parameters"),
            "</svg>"]


NETWORKS = [  # arguments, boxes, MACs; parameters and MACs by hand
    # slices, skips of two levels, an auxiliary head, vectors
    (["-i", "4x16x8", "-l", "a: conv3-8, b: (relu, bn, relu), relu, cat(@a | @b | id), "
      "aux(gap, FC-3), gap, FC-10, softmax"],
     [Box("input", (4, 16, 8), 0, "input", []),
      Box("a: conv3-8", (8, 16, 8), 4 * 8 * 9 + 8, "conv", [0]),
      Box("b", (8, 16, 8), 16, "norm", [1], layers=3),
      Box("relu", (8, 16, 8), 0, "function", [2]),
      Box("cat(@a | @b | id)", (24, 16, 8), 0, "function", [1, 2, 3], layers=2),
      Box("aux(gap, FC-3) (aux)", (24, 16, 8), 24 * 3 + 3, "FC", [4], layers=3, aux=True),
      Box("gap", (24, 1, 1), 0, "pool", [4]),
      Box("FC-10", (10,), 250, "FC", [6]),
      Box("softmax", (10,), 0, "function", [7])], 4 * 8 * 9 * 16 * 8 + 240),
    # two lines of seven; four, three and one notes on a box; a group of one layer
    (["-i", "8x4x4", "-l", "a_rather_long_label: conv3-8, b: relu, c: bn, d: conv1-8, e: relu, "
      "f: relu, g: relu, add(@a_rather_long_label | @b | @c | @d | id), "
      "add(@a_rather_long_label | @b | @f | id), h: (relu), add(@g | @b | id), "
      "add(@h | @g | id), relu"],
     [Box("input", (8, 4, 4), 0, "input", []),
      Box("a_rather_long_label: conv3-8", (8, 4, 4), 8 * 8 * 9 + 8, "conv", [0]),
      Box("b: relu", (8, 4, 4), 0, "function", [1]),
      Box("c: bn", (8, 4, 4), 16, "norm", [2]),
      Box("d: conv1-8", (8, 4, 4), 72, "conv", [3]),
      Box("e: relu", (8, 4, 4), 0, "function", [4]),
      Box("f: relu", (8, 4, 4), 0, "function", [5]),
      Box("g: relu", (8, 4, 4), 0, "function", [6]),
      Box("add(@a_rather_long_label | @b | @c | @d | id)", (8, 4, 4), 0, "function",
          [1, 2, 3, 4, 7], layers=2),
      Box("add(@a_rather_long_label | @b | @f | id)", (8, 4, 4), 0, "function", [1, 2, 6, 8],
          layers=2),
      Box("h", (8, 4, 4), 0, "function", [9], group=True),
      Box("add(@g | @b | id)", (8, 4, 4), 0, "function", [7, 2, 10], layers=2),
      Box("add(@h | @g | id)", (8, 4, 4), 0, "function", [10, 7, 11], layers=2),
      Box("relu", (8, 4, 4), 0, "function", [12])], (8 * 8 * 9 + 8 * 8) * 16),
    # every layer, and all families
    (["-a", "-i", "1x5x3", "-l", "aux(softmax),mul(gap,conv1-1 | id),bn,pad1x2,FC-1"],
     [Box("input", (1, 5, 3), 0, "input", []),
      Box("1 softmax (aux)", (1, 5, 3), 0, "function", [0], aux=True),
      Box("2 aux (aux)", (1, 5, 3), 0, "join", [0, 1], aux=True),
      Box("3 gap", (1, 1, 1), 0, "pool", [0]),
      Box("4 conv1-1", (1, 1, 1), 2, "conv", [3]),
      Box("5 id", (1, 5, 3), 0, "function", [0]),
      Box("6 mul", (1, 5, 3), 0, "join", [4, 5]),
      Box("7 bn", (1, 5, 3), 2, "norm", [6]),
      Box("8 pad1x2", (1, 7, 7), 0, "shape", [7]),
      Box("9 FC-1", (1,), 50, "FC", [8])], 1 + 49),
    # what is read twice, and by several, is one connection each
    (["-i", "4x4x4", "-l", "a: relu, bn, cat(@a | @a | id), add(@a | @a), add(id | id)"],
     [Box("input", (4, 4, 4), 0, "input", []), Box("a: relu", (4, 4, 4), 0, "function", [0]),
      Box("bn", (4, 4, 4), 8, "norm", [1]),
      Box("cat(@a | @a | id)", (12, 4, 4), 0, "function", [1, 2], layers=2),
      Box("add(@a | @a)", (4, 4, 4), 0, "join", [1], group=True),
      Box("add(id | id)", (4, 4, 4), 0, "function", [4], layers=3)], 0),
    # alone; without maps; the largest side
    (["-i", "1x3x300", "-l", "0*relu"], [Box("input", (1, 3, 300), 0, "input", [])], 0),
    (["-i", "vector7", "-l", "FC-128,relu,bn"],
     [Box("input", (7,), 0, "input", []), Box("FC-128", (128,), 1024, "FC", [0]),
      Box("relu", (128,), 0, "function", [1]), Box("bn", (128,), 256, "norm", [2])], 7 * 128),
    (["-i", f"1x1x{LARGEST}", "-l", "aap1"],
     [Box("input", (1, 1, LARGEST), 0, "input", []), Box("aap", (1, 1, 1), 0, "pool", [0])], 0),
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    options = parser.parse_args()
    differences = 0
    for arguments, boxes, macs in NETWORKS:
        done = subprocess.run([options.program, "-f", "svg", *arguments], capture_output=True,
                              check=False)
        lines = done.stdout.decode().split("\n")
        page = '<rect class="page" width="100%" height="100%" rx="6"/>'
        drawn = lines[:1] + lines[lines.index(page) + 1:-1] if page in lines else lines
        title = re.compile(r", ([0-9,]+) MACs</title>")
        each = [int(m[1].replace(",", "")) for line in drawn for m in title.finditer(line)]
        drawn = [title.sub("</title>", line) for line in drawn]
        wanted = picture(boxes, macs)
        if sum(each) != macs or len(each) != len(boxes):
            differences += 1
            print(*arguments, f"the boxes' MACs are {each}, in all {macs}")
        if drawn != wanted:
            differences += 1
            print(" ".join(arguments))
            print(*list(difflib.unified_diff(wanted, drawn, "wanted", "drawn", n=0,
                                             lineterm=""))[:20], sep="\n")
    print(f"{len(NETWORKS)} pictures, {differences} differ")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
