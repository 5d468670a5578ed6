#!/usr/bin/env python3
"""Random layer lists for differential tests: lines "input TAB layers".

    random_lists.py [--seed N] [--count N] [--mutate]

A third each: single layers with random attributes (many do not fit), chains, and networks with joins,
labels, taps, definitions and repeats.  The same seed gives the same lines.  --mutate also damages a
character or two of each list, which tests the syntax errors.
"""

import argparse
import random

ACTIVATIONS = ["relu", "relu6", "lrelu", "elu", "selu", "gelu", "silu", "swish", "hswish", "mish",
               "sigmoid", "hsigmoid", "tanh", "softplus", "softmax", "soft-max", "hard-swish",
               "leakyrelu", "LRN", "LRN5", "dropout", "dropout0.5", "droppath0.1", "id"]
NORMS = ["bn", "batchnorm", "batch-norm", "ln", "in", "scale", "bias", "prelu", "prelu1", "bn a0", "in a1",
         "ln all", "ln a0 all", "layernorm a1", "in a0"]
PLACES = "abcdefgh"


class Maker:
    def __init__(self, rng):
        self.rng = rng

    # --- small choices ---

    def chance(self, percent):
        return self.rng.random() * 100 < percent

    def pick(self, *choices):
        return self.rng.choice(choices)

    def small(self, low, high):
        """A number, smaller ones more often."""
        return self.rng.randint(low, self.rng.randint(low, high))

    def size(self, low, high):
        """One number, or two."""
        if self.chance(60):
            return str(self.small(low, high))
        if self.chance(4):
            return "x".join(str(self.small(low, high)) for _ in range(3))
        return "%dx%d" % (self.small(low, high), self.small(low, high))

    def case(self, text):
        return text.upper() if self.chance(3) else text

    def glue(self, word, attributes):
        """The attributes behind a word, in any order, with or without blanks."""
        self.rng.shuffle(attributes)
        text = word
        for attribute in attributes:
            flag = attribute in ("same", "same=tf", "valid", "ceil")
            text += (" " if flag or text[-1].isalpha() or self.chance(60) else "") + attribute
        return self.case(text)

    def dims(self):
        if self.chance(6):
            return "vector%d" % self.small(1, 300)
        if self.chance(8):
            return self.pick("224", "28 gray", "32", "16x24", "30 RGB", "12x10 grey image")
        if self.chance(12):
            c, n = self.pick(1, 3, 4, 8, 16), self.small(1, 60)
            return self.pick("1d %dx%d" % (c, n), "3d %dx%dx%dx%d" % (c, self.small(1, 12), n, self.small(1, 30)))
        channels = self.pick(1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64)
        height = self.pick(1, 2, 5, 7, 8, 13, 14, 16, 28, 32, 56, 65, 112, self.small(1, 300))
        width = height if self.chance(60) else self.small(1, 120)
        if channels == height >= 16 and width == 3:
            width = 5       # refused, as it looks like channels in the last place
        return "%dx%dx%d" % (channels, height, width)

    # --- single layers ---

    def window(self, strides="s"):
        attributes = []
        if self.chance(45):
            attributes.append(self.pick("s", "s", "stride", "/") + self.size(1, 5))
        return attributes

    def padding(self, high):
        which = self.rng.random()
        if which < 0.45:
            return [self.pick("p", "p", "pad", "padding") + self.pick(self.size(0, high), self.size(0, high), self.ends(high))]
        return [self.pick("same", "same=tf", "valid")] if which < 0.6 else []

    def conv(self):
        attributes = self.window() + self.padding(4)
        if self.chance(20):
            attributes.append(self.pick("d", "dilation") + self.size(1, 4))
        if self.chance(25):
            attributes.append(self.pick("g", "groups") + str(self.pick(1, 2, 3, 4, 8)))
        if self.chance(30):
            attributes.append(self.pick("b0", "b1", "bias0"))
        channels = self.pick(1, 3, 4, 6, 8, 12, 16, 24, 64, self.small(1, 512))
        return self.glue("conv%s-%d" % (self.size(1, 7), channels), attributes)

    def dwconv(self):
        attributes = self.window() + self.padding(3)
        if self.chance(15):
            attributes.append("d" + self.size(1, 3))
        if self.chance(30):
            attributes.append("b0")
        word = "dwconv" + self.size(1, 7)
        if self.chance(25):
            word += "-%d" % self.pick(3, 6, 8, 16, 24, 48)
        return self.glue(word, attributes)

    def ends(self, high):
        """Padding before and after."""
        pairs = ["%d+%d" % (self.small(0, high), self.small(0, high)) for _ in range(self.pick(1, 1, 1, 2, 2, 3))]
        if len(pairs) > 1 and self.chance(30):
            pairs[0] = str(self.small(0, high))
        return "x".join(pairs)

    def two_steps(self):
        attributes = self.window() + self.padding(3)
        if self.chance(25):
            attributes.append(self.pick("b0", "d2"))
        return self.glue("%s%s-%d" % (self.pick("sepconv", "sepconv", "deformconv"), self.size(1, 5),
                                      self.pick(1, 4, 8, 12)), attributes)

    def unpool(self):
        attributes = self.window()
        if self.chance(30):
            attributes.append("p" + self.pick(self.size(0, 2), self.ends(2)))
        return self.glue("maxunpool" + (self.size(1, 4) if self.chance(70) else ""), attributes)

    def computed(self):
        """Fractions and functions."""
        return "conv3-(%s)" % self.pick(
            "to8(%d*0.%d)" % (self.small(1, 400), self.small(1, 99)), "floor(c/%d)+1" % self.small(1, 9),
            "ceil(%d.%d)" % (self.small(0, 9), self.small(0, 99)), "round(c*1.5)", "min(c, h, 8)", "max(c/2, 1.5)*2",
            "c/%d*%d" % (self.small(1, 4), self.small(1, 4)), "%d.5" % self.small(1, 9), "1-0.25*4+c",
            "min(3)", "floor(1, 2)", "max(c, w)", "to8(0-5)", "round(0-0.5)+3")

    def deconv(self):
        attributes = ["s" + self.size(1, 4)] if self.chance(70) else []
        if self.chance(65):
            attributes.append("p" + self.pick(self.size(0, 3), self.size(0, 3), self.ends(3)))
            if self.chance(35):
                attributes.append("op" + self.size(0, 3))
        if self.chance(20):
            attributes.append("d" + self.size(1, 3))
        if self.chance(20):
            attributes.append("g" + str(self.pick(1, 2, 4)))
        if self.chance(25):
            attributes.append("b0")
        word = self.pick("deconv", "deconv", "convT")
        return self.glue("%s%s-%d" % (word, self.size(1, 6), self.pick(2, 3, 4, 8, 12, 32)), attributes)

    def pool(self):
        attributes = self.window()
        if self.chance(40):
            attributes.append(self.pick("p" + self.size(0, 2), "p" + self.ends(3), "same", "valid"))
        word = self.pick("maxpool", "avgpool", "pool", "max-pool", "avg-pool")
        if "avg" not in word and self.chance(15):
            attributes.append("d" + self.size(1, 3))
        if self.chance(35) and "same" not in attributes:
            attributes.append("ceil")
        return self.glue(word + (self.size(1, 6) if self.chance(75) else ""), attributes)

    def other(self):
        return self.case(self.pick(
            "gap", "gmp", "aap" + self.size(1, 9), "amp" + self.size(1, 9), "aap",
            "gn%d" % self.pick(1, 2, 4, 8), "gn", "flatten",
            "se-%d" % self.small(1, 32), "se-(c/4)", "se-%d b0" % self.small(1, 32),
            "upsample" + self.size(1, 4), "resize" + self.size(1, 40), "crop" + self.size(1, 20),
            "pad" + self.size(0, 3), "shuffle%d" % self.pick(1, 2, 3, 4), "pixshuf%d" % self.pick(1, 2, 4),
            "gn%d a0" % self.pick(1, 2, 4), "pad" + self.ends(3), "crop" + self.ends(4), "pixunshuf%d" % self.pick(1, 2, 4),
            "chpad-%d" % self.pick(4, 8, 16, 32, 64), "reshape%dx%dx%d" % (
                self.pick(1, 2, 4, 8), self.pick(1, 4, 7, 16), self.pick(1, 4, 8, 14)),
            "chcrop%d" % self.pick(0, 1, 2, 4), "chcrop" + self.ends(4), "chmean", "chmax", "prelu all",
            "permute" + self.pick("1x2x3", "2x3x1", "3x1x2", "2x1x3", "2x1", "1x1x2", "4x1x2", "2"),
            "reshape%dx%d" % (self.pick(1, 2, 8, 16), self.pick(7, 16, 196, 256)),
            "ln%d" % self.pick(1, 2, 3, 4), "ln%d a0" % self.pick(1, 2), "ln2 all",
            *NORMS))

    def fc(self):
        word = self.pick("FC", "linear")
        return word + "-%d" % self.small(1, 500) + (" b0" if self.chance(15) else "")

    def layer(self):
        maker = self.rng.choices((self.conv, self.dwconv, self.deconv, self.pool, self.other, self.fc,
                                  self.two_steps, self.unpool, self.computed),
                                 (30, 11, 13, 17, 18, 6, 5, 3, 4))[0]
        return maker()

    def impossible(self):
        """Layers the language refuses whatever enters."""
        return self.pick("conv3", "conv-64", "conv0-4", "conv3-0", "conv3-4 s0", "conv3-4 d0", "conv3-4 b2",
                         "maxpool0", "maxpool3 p2", "maxpool-4", "FC", "relu s2", "bn-3", "foo", "conv3-4 q1",
                         "conv3-n", "conv3-4,,relu", "conv3-4 relu", "3conv3-4", "deconv2-4 p0 op2", "@x",
                         "conv3-(7/2)", "(1-2)*relu", "gap gap", "add(id)", "resize", "shuffle0", "chpad",
                         "conv3-9223372036854775808", "conv1000003-4000000000000 p2000000")

    # --- chains ---

    def gentle(self):
        """A layer that fits nearly everywhere and leaves a map."""
        return self.rng.choices(
            ("conv%d-%d%s" % (self.pick(1, 3, 5), self.pick(4, 8, 16, 24, 32), self.pick("", "/2", " b0", " s2 p1")),
             "dwconv%d%s" % (self.pick(3, 5), self.pick("", "/2", " b0")),
             "maxpool%s" % self.pick("", "2", "3/2 p1", "3/2 ceil", "3s1p1"),
             "avgpool2 ceil", self.rng.choice(ACTIVATIONS), self.rng.choice(NORMS),
             "deconv2-8 s2", "se-4", "upsample2", "chpad-64"),
            (40, 12, 10, 4, 22, 12, 3, 3, 1, 1))[0]

    def chain(self):
        items = [self.gentle() if self.chance(80) else self.layer() for _ in range(self.small(2, 10))]
        if self.chance(40):
            items += self.pick(["gap"], ["flatten"], []) + ["FC-%d" % self.small(1, 1000)]
            if self.chance(40):
                items += ["relu", "FC-10", "softmax"]
        if self.chance(5):
            items.insert(self.rng.randrange(len(items) + 1), self.impossible())
        if self.chance(25):
            items[0] = self.repeat(items[0])
        return self.join_items(items)

    def repeat(self, item):
        count = self.rng.randint(0, 4) if self.chance(20) else self.rng.randint(1, 3)
        return self.pick("%d*", "%dx", "%d * ", "(%d)*", "(1+%d-1)*") % count + item

    def join_items(self, items):
        text = items[0]
        for item in items[1:]:
            text += self.pick(",", ", ", ", ", ";", " ; ") + item
        return text

    # --- networks ---

    def keeping(self, params=()):
        """A series that keeps the shape."""
        return ",".join(self.pick(
            "conv3-c", "conv1-(2*c),relu,conv1-(c/2) b0", "dwconv5", "bn", "relu", "maxpool3s1p1", "se-2",
            "conv1x3-c,conv3x1-c", "conv3-(c*h/h) d2", "pad1,conv3-c p0", "id", *params)
            for _ in range(self.small(1, 3)))

    def block(self, labels):
        """One item that has branches."""
        keeping = self.keeping
        n = self.pick(4, 8, 16)
        texts = [
            "add(%s|id)" % keeping(),
            "add(%s|id),relu" % keeping(),
            "add(%s|%s|id)" % (keeping(), keeping()),
            "add(conv3-%d/2,bn|conv1-%d/2)" % (n, n),
            "cat(conv1-%d|%s|maxpool3s1p1,conv1-4)" % (n, keeping()),
            "cat(id|bn,relu,conv3-%d b0)" % n,
            "mul(id|gap,conv1-%d,relu,conv1-c,sigmoid)" % n,
            "mul(id|gap,FC-c,sigmoid)",
            "mul(id|conv1-1)",
            "split(id|%s)" % keeping(),
            "split(%s|conv1-(2*c))" % keeping(),
            "cat(conv3-%d/2|maxpool3/2 p1)" % n,
            "(%s)" % keeping(),
            "2*(%s)" % keeping(),
            "cat(gap,resize(h)x(w)|id)",
            "aux(gap,FC-%d)" % n,
            "frozen(%s)" % keeping(),
            "frozen(conv3-%d,add(%s|id))" % (n, keeping()),
            "add(maxpool|id)",          # does not fit
        ]
        if labels:
            label = self.rng.choice(labels)
            texts += ["cat(@%s,resize8|resize8)" % label, "cat((@%s)|resize@%s)" % (label, label),
                      "cat(upsample2,crop@%s|@%s)" % (label, label), "resize@" + label, "crop@" + label,
                      "add(@%s|id)" % label, "add(@%s,gap|gap,conv1-4)" % label, "resize@input",
                      "@" + label, "aux(@%s,conv1-2)" % label, "cat(relu,@%s|id)" % label,
                      "reuse(%s)" % label, "add(reuse(%s)|reuse(%s))" % (label, label), "2*reuse(%s)" % label,
                      "cat(reuse( %s )|@%s,reuse(%s))" % (label, label, label)]
            return self.rng.choice(texts[-15:]) if self.chance(50) else self.rng.choice(texts)
        return self.rng.choice(texts)

    def definitions(self):
        """Pairs (definition, ways to use it)."""
        k = self.pick(1, 3, 5)
        return [
            ("unit(n,k=%d)=conv(k)-n b0,bn,relu" % k, ["unit(8)", "unit(4*2,1)", "unit(n=c)", "unit(6,k=3)"]),
            ("body(n,s)=conv3-n s(s) b0,bn,relu,conv3-n b0,bn", ["body(8,1)", "add(body(c,1)|id)",
             "add(body(12,2)|conv1-12/2)", "body(8)", "body(8,s=2)"]),
            ("res(f)=add(f|id),relu", ["res(conv3-c)", "res((conv1-(2*c),conv1-(c/2)))", "res(2*dwconv3)", "res(id)"]),
            ("mb(t,n,s,q=se-(c))=conv1-(t*c),relu6,dwconv3 s(s),q,conv1-n", ["mb(4,8,2)", "mb(2,c,1)",
             "mb(3,16,1,id)", "add(mb(2,c,1,q=id)|id)"]),
            ("row(n,num)=conv3-n,(num-1)*add(conv3-n|id)", ["row(8,1)", "row(4,3)", "row(c,0)"]),
            ("up(n,skip)=u:deconv2-n s2,cat(skip,crop@u|id)", ["up(8,@input)", "up(4,@a)", "up(4,id)"]),
            ("twice(f)=f,f", ["twice(conv3-8)", "twice(maxpool)", "twice(@input)", "cat(twice(@input)|id)"]),
            ("head(f)=f,conv3-4", ["cat(head(@input)|resize@input)", "head(relu)", "add(head(id)|conv1-4)"]),
            ("q=0.%d" % self.rng.randint(1, 99), ["conv3-(to8(64*q))", "conv1-(ceil(q*10))", "dropout(q)", "conv3-(q*4)"]),
            ("shared(f)=a:f,reuse(a),reuse(a)", ["shared(conv3-c)", "shared(dwconv3)", "shared(add(conv3-c|id))"]),
            ("m=%d" % self.rng.randint(1, 3), ["m*relu", "conv3-m", "conv(m)-8", "m * conv1-c", "conv1-(m*4)"]),
            ("pair=conv3-8,relu", ["pair", "2*pair", "a:pair"]),
            ("pass(f,n)=f,conv1-n", ["pass(relu,4)", "pass(res2(c),8)", "pass((bn,relu),c)"]),
        ]

    def network(self):
        rng = self.rng
        chosen = rng.sample(self.definitions(), rng.randint(0, 3))
        statements = [definition for definition, _ in chosen]
        uses = [use for _, several in chosen for use in several]
        labels = []
        for _ in range(rng.randint(1, 6)):
            item = self.block(labels) if self.chance(55) else self.gentle()
            if uses and self.chance(50):
                item = rng.choice(uses)
            if self.chance(15):
                item = self.repeat(item)
            if self.chance(25):
                label = rng.choice(PLACES) + self.pick("", "1", ".2", "_x")
                item = label + self.pick(":", ": ", " : ") + item
                labels.append(label)
            statements.append(item)
        if self.chance(20):
            statements.append("gap;FC-10")
        if self.chance(4):
            statements.append(self.impossible())
        return self.pick(";", "; ").join(statements)

    # --- lines ---

    def mutate(self, text):
        for _ in range(self.rng.randint(1, 2)):
            at = self.rng.randrange(len(text))
            new = self.pick("", "", self.rng.choice("()|,;:@*x-=/0129 cnps"), text[at] * 2)
            text = text[:at] + new + text[at + 1:] or "relu"
        return text

    def line(self, mutate):
        which = self.rng.randrange(3)
        if which == 0:
            layers = self.impossible() if self.chance(3) else self.layer()
        elif which == 1:
            layers = self.chain()
        else:
            layers = self.network()
        dims = self.dims()
        if mutate:
            layers = self.mutate(layers)
        return "%s\t%s" % (dims, layers)


def main():
    parser = argparse.ArgumentParser(description="Random layer lists for differential tests.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--mutate", action="store_true", help="damage a character or two of each list")
    options = parser.parse_args()
    maker = Maker(random.Random(options.seed))
    for _ in range(options.count):
        print(maker.line(options.mutate))


if __name__ == "__main__":
    main()
