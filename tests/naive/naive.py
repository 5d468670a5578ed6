#!/usr/bin/env python3
"""A second, naive reading of the layer language, to compare the C program with.

    naive.py [-i DIMS] (-l SPEC | FILE | -)   prints one network's numbers as JSON
    naive.py --lines                          reads lines "input TAB layers", prints
                                              "output TAB params TAB macs" for each

Everything is done in the most obvious way, straight from the language reference: text -> tree ->
numbers, with Python's big integers.  Whatever the language refuses raises Refused (exit status 2).
Standard library only.
"""

import json
import math
import re
import sys
from fractions import Fraction

MAX = 2**63 - 1             # the program counts in 64 bits: a larger number is refused
MAX_LAYERS = 1_000_000      # after expansion
MAX_STEPS = 10_000_000      # items looked at, so that nested repeats of nothing end, too


class Refused(Exception):
    """The list is not in the language, or its numbers do not fit together."""


def fits(n):
    if isinstance(n, Fraction) and n.denominator > MAX:
        raise Refused("a number is too large for 64 bits")
    if not -MAX - 1 <= n <= MAX:
        raise Refused("a number is too large for 64 bits")
    return n


# ---------------------------------------------------------------------------------------------
# Vocabulary
# ---------------------------------------------------------------------------------------------

CONV_ATTRS = "s p d g b same same=tf valid"
POOL_ATTRS = "s p d ceil same same=tf valid"

# word: (how many size numbers may follow, must there be a size, channels: no / may / must, attributes)
LAYERS = {
    "conv":     (3, True, "must", CONV_ATTRS),
    "dwconv":   (3, True, "may", "s p d b same same=tf valid"),
    "deconv":   (3, True, "must", "s p d g b op same same=tf valid"),
    "sepconv":  (3, True, "must", "s p d b same same=tf valid"),
    "deformconv": (3, True, "must", "s p d b same same=tf valid"),
    "maxunpool": (3, False, "no", "s p"),
    "FC":       (0, False, "must", "b"),
    "linear":   (0, False, "must", "b"),
    "maxpool":  (3, False, "no", POOL_ATTRS),
    "avgpool":  (3, False, "no", POOL_ATTRS),
    "gap":      (0, False, "no", ""),
    "gmp":      (0, False, "no", ""),
    "aap":      (3, False, "no", ""),
    "amp":      (3, False, "no", ""),
    "bn":       (0, False, "no", "a"),
    "ln":       (1, False, "no", "a all"),
    "gn":       (1, False, "no", "a"),
    "in":       (0, False, "no", "a"),
    "scale":    (0, False, "no", ""),
    "bias":     (0, False, "no", ""),
    "prelu":    (1, False, "no", "all"),
    "se":       (0, False, "must", "b"),
    "LRN":      (1, False, "no", ""),
    "dropout":  (1, False, "no", ""),
    "droppath": (1, False, "no", ""),
    "flatten":  (0, False, "no", ""),
    "reshape":  (3, True, "no", ""),
    "upsample": (3, True, "no", ""),
    "resize":   (3, True, "no", ""),
    "crop":     (3, True, "no", ""),
    "pad":      (3, True, "no", ""),
    "shuffle":  (1, True, "no", ""),
    "pixshuf":  (1, True, "no", ""),
    "pixunshuf": (1, True, "no", ""),
    "chpad":    (0, False, "must", ""),
    "chcrop":   (1, True, "no", ""),
    "chmean":   (0, False, "no", ""),
    "chmax":    (0, False, "no", ""),
    "permute":  (3, True, "no", ""),
}
ACTIVATIONS = ("relu relu6 lrelu elu selu gelu silu hswish mish sigmoid hsigmoid tanh softplus "
               "softmax id").split()
for _word in ACTIVATIONS:
    LAYERS[_word] = (0, False, "no", "")

ALIASES = {
    "pool": "maxpool", "batchnorm": "bn", "layernorm": "ln", "groupnorm": "gn",
    "instancenorm": "in", "hardswish": "hswish", "hardsigmoid": "hsigmoid", "leakyrelu": "lrelu",
    "swish": "silu", "convt": "deconv",
}
WORDS = {word.lower(): word for word in LAYERS}
WORDS.update(ALIASES)
JOINS = ("add", "mul", "cat", "split")

ATTRIBUTES = {
    "s": "s", "stride": "s", "p": "p", "pad": "p", "padding": "p", "d": "d", "dilation": "d",
    "g": "g", "group": "g", "groups": "g", "b": "b", "bias": "b", "op": "op", "a": "a",
}
FLAGS = ("same", "valid", "ceil", "all")
FUNCTIONS = ("floor", "ceil", "round", "min", "max", "to8")

SIZE_TEXT = r"[0-9]+(x[0-9]+)*"
READS_AS_ATTRIBUTES = re.compile(
    "((" + "|".join(sorted(ATTRIBUTES, key=len, reverse=True)) + ")" + SIZE_TEXT + "|"
    + "|".join(FLAGS) + ")+")
READS_AS_LAYER = re.compile(
    "(" + "|".join(sorted(WORDS, key=len, reverse=True)) + ")(" + SIZE_TEXT + ")?")


def check_new_name(name):
    """Names that a definition or a parameter may not take."""
    if name in ("c", "h", "w", "input", "aux", "frozen", "reuse") + FUNCTIONS or name in JOINS:
        raise Refused("the name is taken: " + name)
    if READS_AS_ATTRIBUTES.fullmatch(name) or READS_AS_LAYER.fullmatch(name):
        raise Refused("the name reads as a layer or an attribute: " + name)


# ---------------------------------------------------------------------------------------------
# Text -> tree
#
# Expressions:  a Fraction or int  |  ("name", n)  |  ("+", a, b), also - * /  |  ("call", function, numbers)
# Items:        ("label", name, item)       ("repeat", expr, item)      ("group", items)
#               ("join", word, branches)    ("aux", items)              ("tap", label)
#               ("frozen", items)           ("reuse", label)
#               ("param", name)             ("call", Definition, positional, named)
#               ("layer", word, size, label, channels, attributes)
# Arguments:    ("expr", e)  |  ("item", item)
# ---------------------------------------------------------------------------------------------

class Definition:
    def __init__(self, name, params, body):
        self.name = name
        self.params = params        # [(name, default argument or None)]
        self.body = body            # items


NUMBER = (int, Fraction)
NAME = re.compile(r"[a-z_][a-z0-9_]*")
LABEL = re.compile(r"[a-z0-9_.]+")
LABEL_COLON = re.compile(r"([a-z0-9_.]+)[ \t]*:")
LETTERS = re.compile(r"[a-z]+")
JOINED = re.compile(r"[a-z]+(-[a-z]+)+")
INT = re.compile(r"[0-9]+")
DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
COUNT = re.compile(r"([0-9]+)[ \t]*([*x])")
BLANKS = re.compile(r"[ \t]*")
BLANKS_AND_NEWLINES = re.compile(r"[ \t\n]*")


def clean(text):
    """Comments and case removed; the multiplication sign is an x."""
    text = text.replace("\r\n", "\n").replace("\u00d7", "x")
    text = re.sub("#[^\n]*", "", text)
    return "".join(chr(ord(ch) + 32) if "A" <= ch <= "Z" else ch for ch in text)


class Parser:
    def __init__(self, text):
        self.text = clean(text)
        self.at = 0
        self.definitions = {}       # name -> Definition, or a number
        self.params = ()            # parameters of the definition being read
        self.input = None
        self.given = None           # the input that counts instead of the list's
        self.parentheses = 0        # around the expression being read: there a newline is a blank

    # --- small tools ---

    def match(self, pattern):
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def blanks(self):
        self.match(BLANKS)

    def white(self):
        self.match(BLANKS_AND_NEWLINES)

    def peek(self):
        """The next character that is no blank; '' at the end."""
        self.blanks()
        return self.text[self.at:self.at + 1]

    def take(self, ch):
        if self.peek() != ch:
            return False
        self.at += 1
        return True

    def expect(self, ch):
        if not self.take(ch):
            raise Refused("expected '%s' at %d" % (ch, self.at))

    def matching(self, at):
        """The position after the parenthesis that closes the one at `at`."""
        depth = 0
        for i in range(at, len(self.text)):
            if self.text[i] == "(":
                depth += 1
            elif self.text[i] == ")":
                depth -= 1
                if depth == 0:
                    return i + 1
        raise Refused("a '(' is never closed")

    def breaks(self):
        """Newlines and ';' with at most one ','. Returns (was there any, was there a comma)."""
        any_break = comma = False
        while True:
            ch = self.peek()
            if ch and ch in "\n;":
                any_break = True
            elif ch == ",":
                if comma:
                    raise Refused("nothing between two commas")
                any_break = comma = True
            else:
                return any_break, comma
            self.at += 1

    # --- program ---

    def program(self):
        items = []
        if self.breaks()[1]:
            raise Refused("a comma with nothing before it")
        if re.compile(r"input(?![a-z0-9_])").match(self.text, self.at):
            self.at += len("input")
            self.input_line()
            self.end_of_statement()
        while self.peek():
            if not self.definition():
                items.append(self.item())
            self.end_of_statement()
        if not items:
            raise Refused("there are no layers")
        return items

    def end_of_statement(self):
        if not self.breaks()[0] and self.peek():
            raise Refused("missing comma at %d" % self.at)

    def input_line(self):
        if self.peek() and self.peek() in ":=":
            self.at += 1
        if self.take("("):
            self.input = self.dims()
            self.expect(")")
        else:
            self.input = self.dims()

    def dims(self):
        self.blanks()
        if self.match(re.compile(r"vector")):
            self.blanks()
            return (self.positive_int(),)
        axes = self.match(re.compile(r"([123])d(?![a-z0-9_])"))
        if axes:
            self.blanks()
            numbers = [self.positive_int()]
            while self.take("x"):
                self.blanks()
                numbers.append(self.positive_int())
            if len(numbers) != int(axes.group(1)) + 1:
                raise Refused("channels and a number for each axis are wanted")
            return tuple(numbers)
        numbers = [self.positive_int()]
        while len(numbers) < 3 and self.take("x"):
            self.blanks()
            numbers.append(self.positive_int())
        if len(numbers) == 3:
            c, h, w = numbers
            if c == h and c >= 16 and w == 3:
                raise Refused("channels come first: did you mean 3x%dx%d?" % (c, h))
            return (c, h, w)
        self.blanks()
        colour = self.match(re.compile(r"(rgb|gray|grey)[ \t]*(images|image)?(?![a-z0-9_])"))
        channels = 1 if colour and colour.group(1) != "rgb" else 3
        return (channels, numbers[0], numbers[-1])

    def positive_int(self):
        found = self.match(INT)
        if not found or int(found.group()) < 1:
            raise Refused("expected a number from 1")
        return fits(int(found.group()))

    # --- definitions ---

    def definition(self):
        """Reads a definition if one stands here."""
        start = self.at
        name = self.match(NAME)
        if not name:
            return False
        after = self.at
        if self.peek() == "(":
            self.at = self.matching(self.at)
        is_definition = self.take("=")
        self.at = after
        if not is_definition:
            self.at = start
            return False

        name = name.group()
        check_new_name(name)
        if name in self.definitions:
            raise Refused("defined twice: " + name)
        params = self.param_list() if self.peek() == "(" else []
        self.expect("=")
        self.white()
        value = None if params else self.named_number()
        if value is not None:
            self.definitions[name] = value
            return True
        self.params = tuple(param for param, _ in params)
        body = [self.item()]
        while self.take(","):
            self.white()
            body.append(self.item())
        self.params = ()
        if self.peek() and self.peek() not in "\n;":
            raise Refused("missing comma at %d" % self.at)
        self.definitions[name] = Definition(name, params, body)
        return True

    def param_list(self):
        params = []
        self.expect("(")
        while True:
            self.white()
            name = self.match(NAME)
            if not name:
                raise Refused("expected a parameter's name")
            name = name.group()
            check_new_name(name)
            if name in (param for param, _ in params):
                raise Refused("parameter named twice: " + name)
            self.white()
            default = None
            if self.take("="):
                self.params = tuple(param for param, _ in params)   # a default may use earlier ones
                default = self.argument()
                self.params = ()
            elif params and params[-1][1] is not None:
                raise Refused("defaults come last")
            params.append((name, default))
            self.white()
            if self.take(")"):
                return params
            self.expect(",")

    def named_number(self):
        """The value if the rest of the line is an expression of numbers and named numbers."""
        start = self.at
        expression = self.try_expression("")
        if expression is not None and (not self.peek() or self.peek() in "\n;"):
            return evaluate(expression, None)
        self.at = start
        return None

    # --- items ---

    def items(self, closers):
        """A list inside parentheses, up to one of the closers (which is not taken)."""
        if self.breaks()[1]:
            raise Refused("a comma with nothing before it")
        items = [self.item()]
        while True:
            any_break, comma = self.breaks()
            if self.peek() and self.peek() in closers:
                if comma:
                    raise Refused("a comma with nothing after it")
                return items
            if not any_break:
                raise Refused("missing comma or ')' at %d" % self.at)
            items.append(self.item())

    def item(self):
        self.blanks()
        label = self.match(LABEL_COLON)
        if label:
            if label.group(1) == "input":
                raise Refused("'input' comes first, and is no label")
            return ("label", label.group(1), self.item())

        count = self.match(COUNT)
        if count:
            if count.group(2) == "x" and INT.match(self.text, self.at):
                raise Refused("a layer starts with its name")
            return ("repeat", fits(int(count.group(1))), self.item())

        if self.peek() == "(":
            after = BLANKS.match(self.text, self.matching(self.at)).end()
            if self.text[after:after + 1] == "*":
                expression = self.in_parentheses("chw")
                self.expect("*")
                return ("repeat", expression, self.item())
            self.at += 1
            items = self.items(")")
            self.expect(")")
            return ("group", items)

        if self.take("@"):
            return ("tap", self.label_name())

        start = self.at
        name = self.match(NAME)
        if not name:
            raise Refused("expected a layer at %d" % start)
        name = name.group()
        if name in self.params:
            if self.take("*"):
                return ("repeat", ("name", name), self.item())
            return ("param", name)
        if name in self.definitions:
            definition = self.definitions[name]
            if isinstance(definition, Definition):
                return self.call(definition)
            if self.take("*"):
                return ("repeat", definition, self.item())
            raise Refused("a number is no layer: " + name)
        if name in ("c", "h", "w") and self.take("*"):
            return ("repeat", ("name", name), self.item())
        self.at = start
        return self.word()

    def label_name(self):
        self.blanks()
        label = self.match(LABEL)
        if not label:
            raise Refused("expected a label after '@'")
        return label.group()

    def call(self, definition):
        positional, named = [], {}
        if self.take("("):
            self.white()
            while not self.take(")"):
                if positional or named:
                    self.expect(",")
                    self.white()
                name = self.match(re.compile(r"([a-z_][a-z0-9_]*)[ \t\n]*="))
                if name:
                    if name.group(1) in named:
                        raise Refused("argument given twice: " + name.group(1))
                    named[name.group(1)] = self.argument()
                elif named:
                    raise Refused("positional arguments come first")
                else:
                    positional.append(self.argument())
                self.white()
        names = [param for param, _ in definition.params]
        if len(positional) > len(names):
            raise Refused("too many arguments: " + definition.name)
        for name in named:
            if name not in names[len(positional):]:
                raise Refused("no such parameter, or given twice: " + name)
        for name, default in definition.params[len(positional):]:
            if default is None and name not in named:
                raise Refused("missing argument: " + name)
        return ("call", definition, positional, named)

    def argument(self):
        """An expression if it parses as one up to ',' or ')', else an item."""
        self.white()
        start = self.at
        self.parentheses += 1       # those of the call
        expression = self.try_expression("chw")
        self.parentheses -= 1
        if expression is not None:
            self.white()
            if self.peek() and self.peek() in ",)":
                return ("expr", expression)
        self.at = start
        return ("item", self.item())

    # --- layers and joins ---

    def word(self):
        start = self.at
        joined = self.match(JOINED)
        if joined:
            # the longest known word; but what follows a '-' may be a parameter: se-lu with lu = 4
            parts = joined.group().split("-")
            for n in range(len(parts), 1, -1):
                text = "-".join(parts[:n])
                rest = NAME.match(self.text, start + len(text) - len(parts[n - 1])).group()
                known = rest in self.params or isinstance(self.definitions.get(rest), NUMBER)
                if "".join(parts[:n]) in WORDS and not known:
                    self.at = start + len(text)
                    return self.layer(WORDS["".join(parts[:n])])
        self.at = start
        letters = self.match(LETTERS)
        word = letters.group() if letters else ""
        if word in JOINS:
            return self.join(word)
        if word in ("aux", "frozen"):
            self.expect("(")
            items = self.items(")")
            self.expect(")")
            return (word, items)
        if word == "reuse":
            self.expect("(")
            label = self.label_name()
            self.expect(")")
            return ("reuse", label)
        if word == "relu" and self.match(re.compile(r"[ \t]*6(?![0-9])")):
            word = "relu6"
        if word not in WORDS:
            raise Refused("unknown word '%s' at %d" % (word, start))
        return self.layer(WORDS[word])

    def join(self, word):
        branches = []
        self.expect("(")
        branches.append(self.items("|)"))
        while self.take("|"):
            branches.append(self.items("|)"))
        self.expect(")")
        if len(branches) < 2:
            raise Refused("a join has at least two branches")
        return ("join", word, branches)

    def layer(self, word):
        max_size, needs_size, wants_channels, attribute_names = LAYERS[word]
        if re.match("[123][dD]", self.text[self.at:]):
            raise Refused("the word names its axes: " + word)
        size = label = channels = None
        if self.starts_number():
            size = self.size(decimal=word in ("dropout", "droppath"), ends=word in ("pad", "crop", "chcrop"))
        elif self.peek() == "@" and word in ("resize", "crop"):
            self.at += 1
            label = self.label_name()
        if size is not None and len(size) > (self.axes() if max_size == 3 and word not in ("reshape", "permute") else max_size):
            raise Refused("too many sizes: " + word)
        if needs_size and size is None and label is None:
            raise Refused("a size is missing: " + word)

        if self.take("-"):
            channels = self.channels()
        if (channels is None) == (wants_channels == "must") and wants_channels != "may":
            raise Refused("channels are missing, or one too many: " + word)

        attributes = {}
        while self.peek() and (self.peek() == "/" or LETTERS.match(self.text, self.at)):
            if self.take("/"):
                name = "s"
            else:
                letters = self.match(LETTERS).group()
                if letters == "same" and self.match(re.compile("=tf(?![a-z])")):
                    letters = "same=tf"
                name = letters if letters in FLAGS or letters == "same=tf" else ATTRIBUTES.get(letters)
                if name == "same=tf" and "same=tf" in attribute_names.split():
                    name = "same"       # of the same size
            if name not in attribute_names.split():
                raise Refused("'%s' has no such attribute at %d" % (word, self.at))
            if name in attributes:
                raise Refused("attribute given twice: " + name)
            if name in FLAGS:
                attributes[name] = True
            else:
                attributes[name] = self.size(ends=name == "p")
                if len(attributes[name]) > (1 if name in ("g", "b", "a") else self.axes()):
                    raise Refused("too many numbers: " + name)
        if len([name for name in ("p", "same", "valid") if name in attributes]) > 1:
            raise Refused("two kinds of padding")
        check_literals(size or [], 0 if word in ("pad", "chcrop", "dropout", "droppath") else 1)
        if word == "ln" and any(isinstance(number, int) and number > 4 for number in size or []):
            raise Refused("ln5")
        check_literals([] if channels is None else [channels], 1)
        for name in ("s", "d", "g"):
            check_literals(attributes.get(name, []), 1)
        return ("layer", word, size, label, channels, attributes)

    def axes(self):
        """How many numbers a size may have."""
        shape = self.given or self.input or (3, 224, 224)
        return len(shape) - 1 or 2

    def starts_number(self):
        ch = self.peek()
        return bool(ch) and ch in "0123456789(?"

    def size(self, decimal=False, ends=False):
        """Numbers; where an axis may have two ends, "1+2" is a pair."""
        self.blanks()
        decimals = self.match(DECIMAL) if decimal else None
        if decimals:
            return [math.ceil(Fraction(decimals.group()))]      # all that matters: is it above 1?
        numbers = [self.end_or_ends(ends)]
        while self.peek() == "x":
            before = self.at
            self.at += 1
            if not self.starts_number():
                self.at = before
                break
            numbers.append(self.end_or_ends(ends))
        return numbers

    def end_or_ends(self, ends):
        number = self.number()
        if ends and self.text[self.at:self.at + 1] == "+":
            self.at += 1
            return Ends(number, self.number())
        return number

    def number(self):
        self.blanks()
        digits = self.match(INT)
        if digits:
            return fits(int(digits.group()))
        if self.peek() == "?":
            raise Refused("an unknown")
        return self.in_parentheses("chw")

    def channels(self):
        self.blanks()
        name = self.match(NAME)
        if not name:
            return self.number()
        if self.peek() == "/":
            raise Refused("'/' after a name: half of it, or a stride?")
        return self.name_in_expression(name.group(), "chw")

    # --- expressions ---

    def try_expression(self, extra_names):
        before = self.parentheses
        try:
            return self.expression(extra_names)
        except Refused:
            self.parentheses = before
            return None

    def in_parentheses(self, extra_names):
        self.expect("(")
        self.parentheses += 1
        inner = self.expression(extra_names)
        self.white()
        self.expect(")")
        self.parentheses -= 1
        return inner

    def next_in_expression(self):
        if self.parentheses:
            self.white()
        return self.peek()

    def expression(self, extra_names):
        left = self.term(extra_names)
        while True:
            operator = self.next_in_expression()
            if not operator or operator not in "+-":
                return left
            self.at += 1
            left = (operator, left, self.term(extra_names))

    def term(self, extra_names):
        left = self.factor(extra_names)
        while True:
            operator = self.next_in_expression()
            if not operator or operator not in "*/":
                return left
            self.at += 1
            left = (operator, left, self.factor(extra_names))

    def factor(self, extra_names):
        if self.next_in_expression() == "(":
            return self.in_parentheses(extra_names)
        decimals = self.match(DECIMAL)
        if decimals:
            return Fraction(decimals.group())
        digits = self.match(INT)
        if digits:
            return fits(int(digits.group()))
        name = self.match(NAME)
        if not name:
            raise Refused("expected a number at %d" % self.at)
        if name.group() in FUNCTIONS and self.text[self.at:self.at + 1] == "(":
            return self.function(name.group(), extra_names)
        return self.name_in_expression(name.group(), extra_names)

    def function(self, name, extra_names):
        several = name in ("min", "max")
        self.expect("(")
        self.parentheses += 1
        numbers = [self.expression(extra_names)]
        while several and self.next_in_expression() == ",":
            self.at += 1
            numbers.append(self.expression(extra_names))
        self.white()
        self.expect(")")
        self.parentheses -= 1
        if several and len(numbers) < 2:
            raise Refused("two numbers are wanted")
        return ("call", name, numbers)

    def name_in_expression(self, name, extra_names):
        if name in self.params or name in tuple(extra_names):
            return ("name", name)
        if isinstance(self.definitions.get(name), NUMBER):
            return self.definitions[name]
        raise Refused("not a number: " + name)


class Ends(tuple):
    """What is before and after the map on one axis."""

    def __new__(cls, low, high):
        return super().__new__(cls, (low, high))


def check_literals(numbers, least):
    """What is written as a number is checked even where no layer comes of it, as in 0*conv0-1."""
    least = 0 if any(isinstance(number, Ends) for number in numbers) else least
    for number in numbers:
        if isinstance(number, Ends):
            check_literals(number, 0)
        elif isinstance(number, int) and number < least:
            raise Refused("%d is below %d" % (number, least))


# ---------------------------------------------------------------------------------------------
# Tree -> numbers
#
# A shape is (C, H, W), (C, L), (C, D, H, W), or (N,) for a vector.
# ---------------------------------------------------------------------------------------------

class Scope:
    """What names mean inside one list: parameters, labels, and the shape that enters the list."""

    def __init__(self, params, labels, entering):
        self.params = params        # name -> an int, or a Closure
        self.labels = labels        # name -> shape
        self.items = {}             # name -> what reuse reads again
        self.entering = entering

    def entered_by(self, shape):
        inner = Scope(self.params, self.labels, shape)
        inner.items = self.items
        return inner


class Closure:
    """A layer given as an argument: it keeps the scope it was written in."""

    def __init__(self, item, scope):
        self.item = item
        self.scope = scope


def whole(expression, scope):
    """The value where only a whole number will do."""
    if isinstance(expression, Ends):
        return Ends(*(whole(end, scope) for end in expression))
    value = evaluate(expression, scope)
    if value != int(value):
        raise Refused("no whole number")
    return int(value)


def to8(number):
    """The nearest multiple of 8, a half upwards, at least 8, and never below 90 %."""
    rounded = max(8, math.floor(number / 8 + Fraction(1, 2)) * 8)
    return rounded + 8 if rounded < number * Fraction(9, 10) else rounded


def evaluate(expression, scope):
    if isinstance(expression, NUMBER):
        return expression
    if expression[0] == "call":
        numbers = [Fraction(evaluate(number, scope)) for number in expression[2]]
        functions = {"floor": math.floor, "ceil": math.ceil, "to8": to8, "min": min, "max": max,
                     "round": lambda number: math.floor(number + Fraction(1, 2))}
        function = functions[expression[1]]
        return function(numbers) if len(numbers) > 1 else function(numbers[0])
    if expression[0] == "name":
        name = expression[1]
        if name in scope.params:
            value = scope.params[name]
            if isinstance(value, Closure):
                raise Refused("a layer where a number is wanted: " + name)
            return value
        c, h, w = as_map(scope.entering)
        return {"c": c, "h": h, "w": w}[name]
    operator, left, right = expression
    left = evaluate(left, scope)
    right = evaluate(right, scope)
    if operator == "+":
        return fits(left + right)
    if operator == "-":
        return fits(left - right)
    if operator == "*":
        return fits(left * right)
    if right == 0:
        raise Refused("a division by 0")
    return Fraction(left) / Fraction(right)


def as_map(shape):
    """c, h and w; a side that there is not counts as 1."""
    return (shape[0], shape[-2] if len(shape) > 2 else 1, shape[-1] if len(shape) > 1 else 1)


def volume(shape):
    return fits(math.prod(shape))


def at_least(least, n, what):
    if n < least:
        raise Refused("%s is %d, must be at least %d" % (what, n, least))
    return fits(n)


def window_size(n, k, s, p, d, ceil=False):
    """The output size of a window with explicit padding."""
    ke = d * (k - 1) + 1
    room = fits(fits(n + fits(sum(ends_of(p)))) - fits(ke))
    if ceil:
        out = -(-room // s) + 1
        if (out - 1) * s >= n + ends_of(p)[0]:      # the last window would start in the right padding
            out -= 1
    else:
        out = room // s + 1             # Python's // rounds down, also below zero
    return at_least(1, out, "output size")


def same_size(n, s):
    return -(-n // s)


class Network:
    """Evaluates items on shapes and writes down one row per layer."""

    def __init__(self, input_shape):
        self.input = input_shape
        self.rows = []
        self.aux_depth = 0
        self.shared = None          # rows whose weights the next rows use again
        self.steps = 0

    def row(self, layer, before, after, weights=0, biases=0, statistics=0, macs=0):
        for n in (*after, math.prod(after), weights, biases, weights + biases, statistics, 2 * macs):
            fits(n)
        if len(self.rows) >= MAX_LAYERS:
            raise Refused("too many layers")
        own = (weights, biases, statistics)
        if self.shared is not None:
            if not self.shared or self.shared[0]["kind"] != layer or self.shared[0]["own"] != own:
                raise Refused("other weights than the first time")
            self.shared.pop(0)
            weights = biases = statistics = 0
        self.rows.append({
            "layer": layer, "input": list(before), "output": list(after),
            "params": weights + biases, "weights": weights, "biases": biases,
            "statistics": statistics, "macs": macs, "aux": self.aux_depth > 0,
            "kind": layer, "own": own,
        })
        return after

    # --- items ---

    def series(self, items, shape, scope, head):
        """A list. head: may its first item be a tap?"""
        for i, item in enumerate(items):
            shape = self.item(item, shape, scope, head and i == 0)
        return shape

    def item(self, item, shape, scope, head):
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Refused("too many steps")
        kind = item[0]

        if kind == "label":
            _, name, inner = item
            first = len(self.rows)
            shape = self.item(inner, shape, scope, head)
            scope.labels[name] = shape
            scope.items[name] = (inner, scope.entering, first, len(self.rows))
            return shape

        if kind == "reuse":
            if item[1] not in scope.items:
                raise Refused("no such label: " + item[1])
            inner, entering, first, end = scope.items[item[1]]
            before, self.shared = self.shared, self.rows[first:end]
            shape = self.item(inner, shape, scope.entered_by(entering), False)
            if self.shared:
                raise Refused("fewer layers than the first time")
            self.shared = before
            return shape

        if kind == "frozen":
            return self.series(item[1], shape, scope.entered_by(shape), head)

        if kind == "repeat":
            _, count, inner = item
            for _ in range(at_least(0, whole(count, scope), "repeat count")):
                shape = self.item(inner, shape, scope, False)
            return shape

        if kind == "group":
            return self.series(item[1], shape, scope.entered_by(shape), head)

        if kind == "tap":
            if not head:
                raise Refused("@%s where no branch begins" % item[1])
            return self.labelled(item[1], scope)

        if kind == "param":
            value = scope.params[item[1]]
            if isinstance(value, NUMBER):
                raise Refused("a number where a layer is wanted: " + item[1])
            return self.item(value.item, shape, value.scope, head)

        if kind == "call":
            return self.call(item, shape, scope, head)

        if kind == "aux":
            self.aux_depth += 1
            self.series(item[1], shape, scope.entered_by(shape), True)
            self.aux_depth -= 1
            return shape

        if kind == "join":
            return self.join(item[1], item[2], shape, scope)

        return self.layer(item, shape, scope)

    def labelled(self, name, scope):
        if name == "input":
            return self.input
        if name not in scope.labels:
            raise Refused("no such label: " + name)
        return scope.labels[name]

    def call(self, item, shape, scope, head):
        _, definition, positional, named = item
        inside = Scope({}, {}, shape)
        for i, (name, default) in enumerate(definition.params):
            if i < len(positional):
                value = self.argument(positional[i], scope)
            elif name in named:
                value = self.argument(named[name], scope)
            else:
                value = self.argument(default, inside)      # a default belongs to the callee
            inside.params[name] = value
        return self.series(definition.body, shape, inside, head)

    def argument(self, argument, scope):
        kind, value = argument
        if kind == "item":
            return Closure(value, scope)
        if isinstance(value, tuple) and value[0] == "name" and value[1] in scope.params:
            return scope.params[value[1]]       # a lone parameter passes on whatever it holds
        return evaluate(value, scope)

    # --- joins ---

    def join(self, word, branches, shape, scope):
        entering = shape
        if word == "split":
            if shape[0] % len(branches) != 0:
                raise Refused("channels do not split evenly")
            entering = (shape[0] // len(branches),) + shape[1:]
        outs = [self.series(items, entering, scope.entered_by(entering), True) for items in branches]

        if word == "add":
            if any(out != outs[0] for out in outs):
                raise Refused("add needs equal shapes")
            result = outs[0]
        elif word == "mul":
            result = outs[0]
            for out in outs[1:]:
                result = broadcast(result, out)
        else:
            if any(len(out) != len(outs[0]) or out[1:] != outs[0][1:] for out in outs):
                raise Refused(word + " wants one height and width")
            result = (fits(sum(out[0] for out in outs)),) + outs[0][1:]
        return self.row(word, shape, result)

    # --- layers ---

    def layer(self, item, shape, scope):
        _, word, size, label, channels, attributes = item
        if size is not None:
            decimal = word in ("dropout", "droppath")
            size = [evaluate(number, scope) if decimal else whole(number, scope) for number in size]
        if channels is not None:
            channels = at_least(1, whole(channels, scope), "channels")
        attributes = {name: value if value is True else [whole(number, scope) for number in value]
                      for name, value in attributes.items()}

        if word in ("conv", "dwconv", "deconv", "sepconv", "deformconv"):
            return self.convolution(word, shape, size, channels, attributes)
        if word in ("maxpool", "avgpool", "maxunpool"):
            return self.pool(word, shape, size, attributes)
        if word == "FC":
            inputs, bias = volume(shape), bias_of(attributes)
            return self.row(word, shape, (channels,), fits(inputs * channels), channels * bias,
                            macs=fits(inputs * channels))
        if word == "linear":
            last, bias = shape[-1], bias_of(attributes)
            rows = math.prod(shape[:-1])
            return self.row(word, shape, (*shape[:-1], channels), fits(last * channels),
                            channels * bias, macs=fits(rows * last * channels))
        if word == "se":
            return self.squeeze(shape, channels, attributes)
        if word in ("bn", "ln", "gn", "in"):
            groups = size[0] if size else 32
            if word == "gn" and shape[0] % at_least(1, groups, "groups") != 0:
                raise Refused("groups do not divide the channels")
            learned = attributes.get("a", [0 if word == "in" else 1])[0]
            if learned not in (0, 1):
                raise Refused("a is 0 or 1")
            each = shape[0]
            if word == "ln" and size:
                if "all" in attributes or not 1 <= size[0] <= len(shape):
                    raise Refused("a norm over other axes than there are")
                each = volume(shape[-size[0]:])
            each = learned * (volume(shape) if "all" in attributes else each)
            return self.row(word, shape, shape, each, each,
                            statistics=2 * shape[0] if word == "bn" else 0)
        if word == "scale":
            return self.row(word, shape, shape, weights=shape[0])
        if word == "bias":
            return self.row(word, shape, shape, biases=shape[0])
        if word == "prelu":
            slopes = size[0] if size else shape[0]
            if "all" in attributes:
                if size:
                    raise Refused("two numbers of slopes")
                return self.row(word, shape, shape, weights=volume(shape))
            if slopes not in (1, shape[0]):
                raise Refused("prelu has one slope, or one per channel")
            return self.row(word, shape, shape, weights=slopes)
        if word == "LRN":
            at_least(1, size[0] if size else 5, "LRN's size")
            return self.row(word, shape, shape)
        if word in ("dropout", "droppath"):
            if size and not 0 <= size[0] <= 1:
                raise Refused("a probability is at most 1")
            return self.row(word, shape, shape)
        if word in ACTIVATIONS:
            return self.row(word, shape, shape)
        if word == "flatten":
            return self.row(word, shape, (volume(shape),))
        if word == "reshape":
            if len(size) not in (2, 3):
                raise Refused("reshape wants CxHxW, or CxL")
            after = tuple(at_least(1, n, "size") for n in size)
            if volume(after) != volume(shape):
                raise Refused("reshape to another number of values")
            return self.row(word, shape, after)
        if word == "permute":
            if sorted(size) != list(range(1, len(shape) + 1)) or len(size) < 2:
                raise Refused("permute names each axis once")
            return self.row(word, shape, tuple(shape[axis - 1] for axis in size))
        return self.spatial(word, shape, size, label, channels, scope)

    def spatial(self, word, shape, size, label, channels, scope):
        """Layers without parameters; but for those that only touch channels they want a map."""
        if word == "chpad":
            if channels < shape[0]:
                raise Refused("chpad to fewer channels")
            return self.row(word, shape, (channels,) + tuple(shape[1:]))
        if word in ("chmean", "chmax"):
            return self.row(word, shape, (1,) + tuple(shape[1:]))
        if word == "chcrop":
            left = shape[0] - sum(ends_of(size[0]))
            return self.row(word, shape, (at_least(1, left, "channels"),) + tuple(shape[1:]))
        if word == "shuffle":
            if shape[0] % at_least(1, size[0], "groups") != 0:
                raise Refused("groups do not divide the channels")
            return self.row(word, shape, shape)
        c, *sides = need_map(word, shape)
        axes = len(sides)
        if word in ("gap", "gmp"):
            return self.row(word, shape, (c, *(1 for _ in sides)))
        if word in ("aap", "amp"):
            return self.row(word, shape, (c, *each_axis(size or [1], axes, 1, "size")))
        if word in ("resize", "crop"):
            if label is not None:
                target = need_map(word, self.labelled(label, scope))[1:]
            else:
                target = each_axis(size, axes, 1, "size")
            if any(isinstance(side, Ends) for side in target):
                return self.row(word, shape, (c, *(at_least(1, n - sum(ends_of(cut)), "output size")
                                                   for n, cut in zip(sides, target))))
            if word == "crop" and any(after > before for after, before in zip(target, sides)):
                raise Refused("crop to more than there is")
            return self.row(word, shape, (c, *target))
        if word == "upsample":
            factors = each_axis(size, axes, 1, "factor")
            return self.row(word, shape, (c, *(n * f for n, f in zip(sides, factors))))
        if word == "pad":
            padding = each_axis(size, axes, 0, "padding")
            return self.row(word, shape, (c, *(n + sum(ends_of(p)) for n, p in zip(sides, padding))))
        r = at_least(1, size[0], "factor")
        if word == "pixunshuf":
            if any(n % r for n in sides):
                raise Refused("sides are no multiple of the factor")
            return self.row(word, shape, (c * r ** axes, *(n // r for n in sides)))
        assert word == "pixshuf"
        if c % (r * r) != 0:
            raise Refused("channels are no multiple of the factor squared")
        return self.row(word, shape, (c // (r * r), *(n * r for n in sides)))

    def convolution(self, word, shape, size, n, attributes):
        # k kernel, s stride, p padding, d dilation, g groups, b bias, op output padding
        c, *hw = need_map(word, shape)
        axes = len(hw)
        k = each_axis(size, axes, 1, "kernel")
        s = each_axis(attributes.get("s", [1]), axes, 1, "stride")
        d = each_axis(attributes.get("d", [1]), axes, 1, "dilation")
        op = each_axis(attributes.get("op", [0]), axes, 0, "output padding")
        p = padding_of(attributes, axes)
        b = bias_of(attributes)
        if word == "deformconv" and axes != 2:
            raise Refused("deformconv has height and width")
        if word == "dwconv":
            g = c
            n = c if n is None else n
        else:
            g = at_least(1, attributes.get("g", [1])[0], "groups")
        if c % g != 0 or n % g != 0:
            raise Refused("groups do not divide the channels")

        out = []
        for i in range(axes):
            if word == "deconv" and p is None:
                if op[i] != 0:
                    raise Refused("output padding needs an explicit padding")
                out.append(fits(hw[i] * s[i]))
            elif word == "deconv":
                if op[i] >= max(s[i], d[i]):
                    raise Refused("output padding must be less than stride or dilation")
                ke = fits(d[i] * (k[i] - 1) + 1)
                grown = fits(fits((hw[i] - 1) * s[i]) - fits(sum(ends_of(p[i]))) + ke + op[i])
                out.append(at_least(1, grown, "output size"))
            elif p is None:
                out.append(same_size(hw[i], s[i]))
            else:
                out.append(window_size(hw[i], k[i], s[i], p[i], d[i]))

        taps = math.prod(k)
        if word in ("sepconv", "deformconv"):
            offsets = 2 * taps              # biases of the convolution that makes them
            weights = fits(c * taps + c * n if word == "sepconv" else c * taps * (n + offsets))
            return self.row(word, shape, (n, *out), weights,
                            n * b + (offsets if word == "deformconv" else 0),
                            macs=fits(weights * math.prod(out)))
        weights = fits(taps * (c // g) * n)
        # a weight of a convolution is used once per output place, one of a transposed
        # convolution once per input place
        places = hw if word == "deconv" else out
        macs = fits(weights * math.prod(places))
        return self.row(word, shape, (n, *out), weights, n * b, macs=macs)

    def pool(self, word, shape, size, attributes):
        c, *hw = need_map(word, shape)
        axes = len(hw)
        k = each_axis(size or [2], axes, 1, "window")
        s = each_axis(attributes["s"], axes, 1, "stride") if "s" in attributes else k
        d = each_axis(attributes.get("d", [1]), axes, 1, "dilation")
        same = "same" in attributes
        p = padding_of(attributes, axes) or (0,) * axes
        if word == "maxunpool":
            out = [at_least(1, fits((n - 1) * s[i]) - fits(sum(ends_of(p[i]))) + k[i], "output size")
                   for i, n in enumerate(hw)]
            return self.row(word, shape, (c, *out))
        out = []
        for i in range(axes):
            if isinstance(p[i], Ends) and max(p[i]) > d[i] * (k[i] - 1):
                raise Refused("a window lies in the padding")
            if not isinstance(p[i], Ends) and p[i] > k[i] // 2:
                raise Refused("padding is more than half the window")
            if same:
                out.append(same_size(hw[i], s[i]))
            else:
                out.append(window_size(hw[i], k[i], s[i], p[i], d[i], "ceil" in attributes))
        return self.row(word, shape, (c, *out))

    def squeeze(self, shape, n, attributes):
        """se-N is mul(id | gap, conv1-N, relu, conv1-C, sigmoid)."""
        def conv1(channels):
            return ("layer", "conv", [1], None, channels, attributes)

        def plain(word):
            return ("layer", word, None, None, None, {})

        branches = [[plain("id")],
                    [plain("gap"), conv1(n), plain("relu"), conv1(shape[0]), plain("sigmoid")]]
        return self.join("mul", branches, shape, Scope({}, {}, shape))


def need_map(word, shape):
    if len(shape) < 2:
        raise Refused(word + " wants a map, not a vector")
    return shape


def each_axis(numbers, axes, least, what):
    """One number means all axes."""
    if len(numbers) not in (1, axes):
        raise Refused("one number is wanted for each axis: " + what)
    numbers = list(numbers) * (axes if len(numbers) == 1 else 1)
    if any(isinstance(number, Ends) for number in numbers):
        return tuple(Ends(*(at_least(0, end, what) for end in ends_of(number))) for number in numbers)
    return tuple(at_least(least, number, what) for number in numbers)


def ends_of(number):
    return number if isinstance(number, Ends) else Ends(number, number)


def padding_of(attributes, axes):
    """The explicit padding, one number or two ends for each axis, or None."""
    if "valid" in attributes:
        return (0,) * axes
    if "p" in attributes:
        return each_axis(attributes["p"], axes, 0, "padding")
    return None


def bias_of(attributes):
    bias = attributes.get("b", [1])[0]
    if bias not in (0, 1):
        raise Refused("bias is 0 or 1")
    return bias


def broadcast(a, b):
    axes = max(len(a), len(b))      # a vector is stretched over a map
    if len(a) not in (1, axes) or len(b) not in (1, axes):
        raise Refused("mul of maps with other axes")
    pairs = list(zip(a + (1,) * (axes - len(a)), b + (1,) * (axes - len(b))))
    if any(x != y and 1 not in (x, y) for x, y in pairs):
        raise Refused("mul of shapes that do not broadcast")
    return tuple(max(x, y) for x, y in pairs)


# ---------------------------------------------------------------------------------------------
# The whole calculation, and the command line
# ---------------------------------------------------------------------------------------------

def parse_dims(text):
    parser = Parser(text)
    shape = parser.dims()
    if parser.peek():
        raise Refused("cannot read the input dimensions")
    return shape


def calculate(spec, dims=None):
    """The numbers of the list `spec`, as a dictionary; dims (text) overrides the list's input."""
    try:
        parser = Parser(spec)
        parser.given = parse_dims(dims) if dims else None
        items = parser.program()
        shape = parser.given or parser.input or (3, 224, 224)
        network = Network(shape)
        output = network.series(items, shape, Scope({}, {}, shape), False)
    except RecursionError:
        raise Refused("nested too deeply") from None

    rows = network.rows
    main = [row for row in rows if not row["aux"]]
    totals = {"output": list(output)}
    for key in ("params", "weights", "biases", "statistics"):
        totals[key] = fits(sum(row[key] for row in rows))
    for key in ("params", "statistics"):
        totals[key + "_without_aux"] = sum(row[key] for row in main)
    totals["macs"] = sum(row["macs"] for row in main)
    fits(2 * totals["macs"])
    return {"input": list(shape), "layers": rows, "totals": totals}


def lines():
    for line in sys.stdin:
        dims, _, spec = line.rstrip("\n").partition("\t")
        try:
            totals = calculate(spec, dims)["totals"]
            print("x".join(map(str, totals["output"])), totals["params"], totals["macs"], sep="\t")
        except Refused:
            print("error", "-", "-", sep="\t")


def main(arguments):
    dims, specs, files = None, [], []
    while arguments:
        argument = arguments.pop(0)
        if argument == "--lines":
            return lines()
        if argument in ("-i", "-l") and arguments:
            if argument == "-i":
                dims = arguments.pop(0)
            else:
                specs.append(arguments.pop(0))
        elif argument == "-" or not argument.startswith("-"):
            files.append(argument)
        else:
            raise Refused("usage: naive.py [-i DIMS] (-l SPEC | FILE | -), or naive.py --lines")
    if bool(specs) == bool(files) or len(files) > 1:
        raise Refused("exactly one list is wanted")
    if specs:
        text = ",".join(specs)
    elif files[0] == "-":
        text = sys.stdin.read()
    else:
        with open(files[0], encoding="utf-8") as file:
            text = file.read()
    print(json.dumps(calculate(text, dims)))


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    try:
        main(sys.argv[1:])
    except (Refused, OSError, UnicodeError) as error:
        print("naive.py: %s" % error, file=sys.stderr)
        sys.exit(2)
