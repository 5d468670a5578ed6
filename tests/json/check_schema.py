#!/usr/bin/env python3
"""Validates what the program writes as JSON by docs/schema/cnncalc.schema.json.

    check_schema.py --program build/cnncalc --errors build/tests/print_error --schema FILE

Every built-in network in every task, and command lines that reach the keys these leave out. Each
output must be of the kind that is expected, and of no other; no object may have a key that the schema
does not know; and each key that the schema knows must have been seen. Needs python3-jsonschema.
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
from fractions import Fraction

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is missing")
    sys.exit(77)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../explain"))
from eval_working import value  # noqa: E402  an evaluator that knows nothing of the program

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

COUNTS = ("params trained frozen weights biases statistics macs flops activations memory flash file backward"
          " recompute kept").split()
PAIRS = ["rf", "jump", "start"]
COLUMNS = ",".join("index layer path kind window input output aux span share".split() + COUNTS + PAIRS
                   + [name + "%" for name in COUNTS])
ALL_TOTALS = COUNTS + PAIRS + ("layers params_without_aux statistics_without_aux params_memory peak peak_memory"
                               " ram ram_bound train_params gradients optimizer train train_peak").split()
BATCH = "line,error,input,output," + ",".join(ALL_TOTALS)
BRANCHED = ("a: conv3-8 p0, 2*(conv3-8, bn), cat(@a | conv1-4, conv3-4), aux(gap, FC-3), frozen(conv3-4), relu,"
            " gap, FC-10")
CHAIN = ["-i", "vector3", "-l", "FC-4,sigmoid,FC-2,sigmoid"]
WRONG_CODE = b"""import torch.nn as nn
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(4, 8, 3), nn.Flatten(), nn.Linear(100, 10))
"""
SHEET = (b"layer\tparams\toutput\nconv5-6\t60\t6x29x29\nmaxpool\t0\t6x14x14\nnothing\t5\t\nconv5-16\t2400\t16x9x9\n"
         b"total\t2460\t\n")

# (kind, arguments, standard input)
COMMANDS = [
    ("report", ["-l", "relu"], b""),
    ("report", ["-l", "conv3-8", "-c", "params%"], b""),
    ("report", ["-", "-i", "3x32x32"], WRONG_CODE.replace(b"100", b"3136")),
    ("report", ["-i", "8", "-l", BRANCHED, "--train", "adam", "--checkpoint", "2", "-c", COLUMNS], b""),
    ("report", ["-i", "1d 4x10", "-l", "conv3-4 s2", "-c", "+rf"], b""),
    ("report", ["-i", "3d 4x9x9x9", "-l", "conv3-4 s2", "-c", "+rf,start"], b""),
    ("report", ["-i", "a=3x8x8", "-i", "b=1x8x8", "-l", "cat(id | @b), conv3-8"], b""),
    ("report", ["-i", "4x1000000000x1000000000", "-l", "relu"], b""),
    ("report", ["-", "-i", "3x32x32"], WRONG_CODE),
    ("report", ["-"], b"import torch.nn as nn\nnet = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())\n"),
    ("explanation", ["-e", "-i", "8x10", "-l", BRANCHED, "-c", "+rf,start,memory,kept,weights"], b""),
    ("explanation", ["-e", "-i", "3d 4x9x10x11", "-l", "conv3-4 s2", "-c", "+rf,jump"], b""),
    ("explanation", ["-e", "-i", "2x4x4", "-l", "deconv2-2 s3,conv3-2", "-c", "rf,jump,start"], b""),
    ("explanation", ["-e", "-i", "a=3x8x8", "-i", "b=1x8x8", "-l", "cat(id | @b), conv3-8"], b""),
    ("explanation", ["-e", "-", "-i", "3x32x32"], WRONG_CODE),
    ("check", ["-i", "32", "-l", "conv5-6 p0, maxpool, conv5-16 p0", "-k", "@-"], SHEET),
    ("check", ["-i", "32", "-l", "conv5-6 p0, maxpool, conv5-16 p0", "-k", "output=6x28x28,6x13x13,16x9x9",
               "-k", "params<2K", "-k", "rf=14", "-k", "1.5e3", "-k", "output=16x10", "-k", "macs>=3"], b""),
    ("check", ["-i", "63x63x16", "-l", "conv7-32 s2 p0", "-k", "29x29x32"], b""),
    ("check", ["-i", "12", "-l", "a: (conv3-4, conv3-4), FC-2", "-k", "a.params=1", "-k", "params%=3,5"], b""),
    ("check", ["-i", "16", "-l", "conv3-8/2, aap3, conv1-4", "-k", "jump=1", "-k", "rf=1/3"], b""),
    ("check", ["-i", "8", "-l", "conv3-8", "-k", "params=216,216", "-k", "16,85K"], b""),
    ("networks", ["resnet18", "vgg16", "-c", "params,rf,macs/first,input,output", "--train", "sgd"], b""),
    ("networks", ["resnet18", "vgg16", "-c", ",".join(ALL_TOTALS), "--train", "adam", "--checkpoint", "2"], b""),
    ("networks", ["-l", "conv3-8", "-i", "8", "-i", "9", "-c", "jump,start"], b""),
    ("networks", ["-", "vgg16"], b"input a 3x8x8\ninput b 1x8x8\ncat(@a | @b)\nconv3-8"),
    ("networks", ["-l", "relu", "-i", "8", "-i", "9", "-c", "params/first"], b""),
    ("row", ["-b", "-i", "8", "-c", BATCH, "--train", "adam", "--checkpoint", "1"],
     b"conv3-4,bn,relu\n\nconv3-\n input vector9; FC-4\nconv300-1 p0\nresnet18\n"),
    ("derivation", [*CHAIN, "-g"], b""),
    ("derivation", ["-i", "2x6x6", "-l", "conv3-2,relu,maxpool,flatten,FC-3", "-g", "--loss", "cross-entropy"], b""),
    ("derivation", ["-i", "3d 1x2x2x2", "-l", "conv2-2", "-g"], b""),
    ("gradients", [*CHAIN, "-g", "--random", "1"], b""),
    ("gradients", ["-i", "vector2", "-l", "FC-1", "-g", "--values", "-"], b"x=[1 2]\ny=5\nW1=[1 2]\nb1=3\n"),
    ("gradients", ["-i", "2x6x6", "-l", "conv3-2,relu,maxpool,flatten,FC-3", "-g", "--random", "7"], b""),
    ("gradient_check", [*CHAIN, "--check", "@examples/backprop.sheet"], b""),
    ("gradient_check", [*CHAIN, "--check", "dW2 = 2*dz2 * a1^T", "--check", "db1 = dz1",
                        "--check", "dz1 = W2 * dz2", "--check", "dl/dx = W1^T*(a1 .* (W2^T * dz2))"], b""),
    ("solutions", ["-i", "224", "-l", "conv7-64 s2 p?,maxpool", "--want", "56"], b""),
    ("solutions", ["-i", "28", "-l", "FC-? b0", "--want", "params<2352"], b""),
    ("solutions", ["-i", "28", "-l", "conv?-8 p?,maxpool", "--want", "params=5K"], b""),
    ("samples", ["resnet18", "--samples", "?", "--train", "adam", "--want", "train<=8GiB"], b""),
    ("samples", ["resnet18", "--samples", "?", "--train", "adam", "--want", "train<=1KiB"], b""),
    *(("like", ["-i", "32", "-l", "conv3-8, bn, relu, se-2, avgpool, gap, FC-10", "--like", tool], b"")
      for tool in "torchinfo thop ptflops fvcore darknet keras cs231n".split()),
    ("model", ["tests/data/models/digits.onnx"], b""),
    ("model", ["tests/data/models/found.onnx"], b""),
    ("model", ["tests/data/models/open.onnx", "-i", "x=1x3x64x64"], b""),
]

# Lists and inputs that are wrong, for the JSON of errors.
ERRORS = [("xconv3-64",), ("conv3-64 relu",), ("conv3-64,(relu",), ("conv300-1 p0",), ("f(n)=conv3-n p; f(3)",),
          ("f(n)=conv(n)-3 p0; f(300)",),
          ("FC-99999999999999999999",), ("",), ("conv3-8", "0x3"), ("conv3-8", "8x\"\x01"), ("n(x)=conv9-x p0,\n2*n(4)", "8"),
          ("relu))",), ("cnov3-64",)]


def network_jobs(program):
    listed = subprocess.run([program, "--list"], capture_output=True, text=True, check=True).stdout
    names = [line.split()[0] for line in listed.splitlines() if line[:1].strip()]
    for name in names:
        yield "report", [name, "-c", COLUMNS], b""
        yield "explanation", [name, "-e", "-c", "+rf"], b""
        yield "check", [name, "-k", "params=1000", "-k", "macs=2M", "-k", "7x7", "-k", "rf=3"], b""
        yield "like", [name, "--like", "ptflops"], b""
    yield "row", ["-b", "-c", "+rf,peak"], "\n".join(names).encode()
    yield "networks", names, b""


def refuse(constant):
    raise ValueError(f"{constant} is not JSON")


def seen_keys(schema, kind, value, seen):
    """Which properties of the schema the value has: (definition, key)."""
    while "$ref" in kind:
        kind = schema["$defs"][kind["$ref"].rsplit("/", 1)[1]]
    for option in kind.get("oneOf", []):
        if jsonschema.Draft202012Validator({**option, "$defs": schema["$defs"]}).is_valid(value):
            seen_keys(schema, option, value, seen)
    if isinstance(value, list) and "items" in kind:
        for item in value:
            seen_keys(schema, kind["items"], item, seen)
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in kind.get("properties", {}):
                seen.add((id(kind), key))
                seen_keys(schema, kind["properties"][key], inner, seen)


def all_keys(kind, place=""):
    """(definition, key) of all properties, with where it is."""
    if isinstance(kind, list):
        for item in kind:
            yield from all_keys(item, place)
    elif isinstance(kind, dict):
        for key, inner in kind.get("properties", {}).items():
            yield (id(kind), key), f"{place}.{key}"
        for key, inner in kind.items():
            if key in ("properties", "$defs"):
                for name, under in inner.items():
                    yield from all_keys(under, f"{place}.{name}")
            elif key not in ("enum", "required"):
                yield from all_keys(inner, place)


def misplaced(arguments, data, output):
    """Answers that are not at their spans, and workings of mistakes that do not give their results."""
    given = [arguments[i + 1].encode() for i, word in enumerate(arguments) if word == "-k"]
    for claim in json.loads(output)["claims"]:
        begin, end = claim["span"]
        text = data if given[claim["check"]] == b"@-" else given[claim["check"]]
        if text[begin:end].decode() != claim.get("text", text[begin:end].decode()) or not text[begin:end]:
            yield f"{claim['text']} is not at {claim['span']} of {text}"
        for mistake in (m for cause in claim.get("causes", []) for m in cause["mistakes"]):
            if mistake["working"] and value(mistake["working"]) != Fraction(str(mistake["result"])):
                yield f"{mistake['working']} is not {mistake['result']}"


class Checker:
    def __init__(self, schema, program):
        self.schema, self.program, self.seen = schema, program, set()
        self.outputs = [option["$ref"].rsplit("/", 1)[1] for option in schema["oneOf"]]
        self.kinds = {name: jsonschema.Draft202012Validator({"$ref": "#/$defs/" + name, "$defs": schema["$defs"]})
                      for name in schema["$defs"]}

    def may_be(self, kind, value):
        """A quick look, which spares most validations of large outputs."""
        its = self.schema["$defs"][kind]
        return set(its["required"]) <= value.keys() <= its["properties"].keys()

    def validate(self, kind, text, label):
        """What is wrong, as a list of sentences; the keys that were seen."""
        try:
            value = json.loads(text, parse_constant=refuse)
        except ValueError as error:
            return [f"{label}: {error}"], set()
        wrong = [f"{label}: at {list(e.absolute_path)}: {e.message[:300]}"
                 for e in list(self.kinds[kind].iter_errors(value))[:3]]
        if not wrong:
            fits = [other for other in self.outputs if self.may_be(other, value)
                    and (other == kind or self.kinds[other].is_valid(value))]
            wrong += [f"{label}: it fits {fits}"] if fits != [kind] else []
        seen = set()
        seen_keys(self.schema, {"$ref": "#/$defs/" + kind}, value, seen)
        return wrong, seen

    def run(self, job):
        kind, arguments, data = job
        label = f"{' '.join(arguments)[:150]} ({kind})"
        done = subprocess.run([self.program, *arguments, "-f", "json"], input=data, cwd=ROOT, capture_output=True,
                              check=False, timeout=100)
        if not done.stdout:
            return [f"{label}: status {done.returncode}, {done.stderr.decode()[:300]}"], set(), 0
        outputs = done.stdout.decode().splitlines() if kind == "row" else [done.stdout.decode()]
        wrong, seen = [], set()
        for output in outputs:
            found, keys = self.validate(kind, output, label)
            wrong += found
            seen |= keys
        if kind == "check":
            wrong += misplaced(arguments, data, done.stdout)
        return wrong, seen, len(outputs)


def must_fail(checker):
    """The schema is no sieve: outputs that are spoilt do not fit."""
    done = subprocess.run([checker.program, "-l", "conv3-8", "-k", "params=5", "-f", "json"], capture_output=True,
                          check=False)
    good = json.loads(done.stdout)
    spoilt = [lambda o: o.pop("schema"), lambda o: o.update(schema=2), lambda o: o.update(more=1),
              lambda o: o["claims"][0].update(more=1), lambda o: o["claims"][0].pop("sentence"),
              lambda o: o["claims"][0].update(layer="1"), lambda o: o["counts"].pop("wrong")]
    for number, spoil in enumerate(spoilt):
        output = json.loads(json.dumps(good))
        spoil(output)
        if not checker.validate("check", json.dumps(output), "")[0]:
            yield f"spoilt output {number} fits the schema"


def documented(errors):
    """The error that docs/json.md shows, which no command prints."""
    with open(os.path.join(ROOT, "docs/json.md"), encoding="utf-8") as page:
        shown = page.read().split("```json\n")[1].split("```")[0]
    printed = subprocess.run([errors, "cnov"], capture_output=True, text=True, check=False).stdout
    return [] if shown == printed else [f"docs/json.md shows {shown}, not {printed}"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--errors", required=True)
    parser.add_argument("--schema", required=True)
    options = parser.parse_args()
    with open(options.schema, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = Checker(schema, os.path.abspath(options.program))
    wrong, seen, count = [*must_fail(checker), *documented(options.errors)], set(), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found, keys, outputs in pool.map(checker.run, [*COMMANDS, *network_jobs(checker.program)]):
            wrong += found
            seen |= keys
            count += outputs
    for arguments in ERRORS:
        done = subprocess.run([options.errors, *arguments], capture_output=True, text=True, check=False)
        found, keys = checker.validate("error", done.stdout, f"error of {arguments}")
        wrong += found
        seen |= keys
        count += 1
    unseen = sorted({place for key, place in all_keys(schema) if key not in seen})
    wrong += [f"no output has {place}" for place in unseen]
    for line in wrong[:40]:
        print(line)
    print(f"{count} outputs, {len(wrong)} failures")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
