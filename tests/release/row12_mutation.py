#!/usr/bin/env python3
"""Row 12: mutation, as SQLite does it. Each conditional jump of the core, compiled with gcc -O1 -S,
is turned into an unconditional one and into none; the tests have to notice.

    row12_mutation.py                 a sample of 300 mutants, always the same
    row12_mutation.py --seed 7        another sample
    row12_mutation.py --full          all of them, hours
    row12_mutation.py --minutes 20    those for which the time is enough
    row12_mutation.py src/lang/eval.c all of these files

Survivors are named by the source line that their jump belongs to. Those that
tests/mutation-survivors.md explains, by file and text of the line, count as explained.
"""
import argparse
import concurrent.futures
import glob
import os
import queue
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

from common import Check, ROOT, need

need("gcc", "pkg-config", "cmake")
CORE = ("base", "ops", "net", "lang", "report")
SLOW = {"test_claims", "test_gradient_claims", "test_solve", "test_gradient", "test_mistakes",
        "test_elementary", "test_branches_solve", "test_homework_limits",
        "test_memory_limits_gradient"}
LANGUAGE = ["-std=c11", "-O1", "-g1", "-fPIC", "-Iinclude", "-Isrc"]
JUMP = re.compile(r"^\tj(?!mp)[a-z]+\t(\.L\w+)$")


def command(*words):
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}\n{done.stdout}")


def assembly(source, folder):
    """The lines of a source's assembly."""
    path = os.path.join(folder, "out.s")
    command("gcc", *LANGUAGE, "-S", source, "-o", path)
    with open(path, encoding="utf-8") as file:
        return file.read().split("\n")


def mutants(source, lines):
    """(source, line of assembly, what it becomes, line of source) for each jump, twice."""
    files, at = {}, 0
    for number, line in enumerate(lines):
        match = re.match(r'\t\.file (\d+) "([^"]*)"(?: "([^"]*)")?', line)
        if match:
            files[match[1]] = match[3] or match[2]
        match = re.match(r"\t\.loc (\d+) (\d+)", line)
        if match:
            at = (files.get(match[1], source), int(match[2]))
        match = JUMP.match(line)
        if match:
            yield source, number, f"\tjmp\t{match[1]}", at
            yield source, number, "\tnop", at


def limits(seconds):
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Bench:
    """A folder with the objects, the tests and the program, where one object changes."""

    def __init__(self, folder):
        self.folder = folder
        self.sources = sorted(os.path.relpath(path, ROOT)
                              for path in glob.glob(ROOT + "/src/*/*.c")
                              if "/cli/" not in path)
        self.tests = sorted(os.path.basename(path)[:-2]
                            for path in glob.glob(ROOT + "/tests/test_*.c")
                            if os.path.basename(path)[:-2] not in SLOW)
        program = os.path.join(folder, "bin", "cnncalc")
        self.commands = [[os.path.join(folder, name)] for name in self.tests]
        self.commands += [[sys.executable, "tests/run_session.py", "--program", program, path]
                          for path in sorted(glob.glob(ROOT + "/tests/cli/*.console") +
                                             glob.glob(ROOT + "/docs/*.md"))]
        self.commands += [
            [sys.executable, "tests/check_pictures.py", "--program", program, "--examples",
             "examples", "--golden", "docs/vgg16.svg"],
            [sys.executable, "tests/eval_working.py", "--program", program, "--examples",
             "examples", "--sizes", "tests/data/sizes.tsv"],
            [sys.executable, "tests/differential.py", "--driver", os.path.join(folder, "driver"),
             "--count", "3000"]]
        self.seconds = [30] * len(self.commands)
        self.order = {}  # of the commands, by source: what killed the last mutants comes first

    def object_of(self, source):
        return os.path.join(self.folder, source.replace("/", "_")[:-2] + ".o")

    def link(self):
        command("gcc", "-shared", "-o", os.path.join(self.folder, "libcore.so"),
                *(self.object_of(source) for source in self.sources), "-lm")

    def make(self):
        for source in self.sources:
            command("gcc", *LANGUAGE, "-c", source, "-o", self.object_of(source))
        self.link()
        core = ["-L" + self.folder, "-lcore", "-lm"]
        for name in [*self.tests, "driver"]:
            command("gcc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O1", "-Iinclude", "-Isrc",
                    "-Itests", f'-DTEST_DATA="{ROOT}/tests/data"',
                    f'-DEXAMPLES="{ROOT}/examples"', f"tests/{name}.c", "-o",
                    os.path.join(self.folder, name), "-lcmocka", *core)
        builtins = os.path.join(self.folder, "builtins.c")
        command("cmake", f"-DEXAMPLES={ROOT}/examples", f"-DOUT={builtins}", "-P",
                "cmake/builtins.cmake")
        program = os.path.join(self.folder, "bin")
        os.makedirs(program, exist_ok=True)
        command("gcc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O1", "-Iinclude", "-Isrc/cli",
                *glob.glob(ROOT + "/src/cli/*.c"), builtins, "-o",
                os.path.join(program, "cnncalc"), "-pthread", *core)

    def passes(self, i):
        env = dict(os.environ, LD_LIBRARY_PATH=self.folder, LC_ALL="C")
        seconds = self.seconds[i]
        try:
            done = subprocess.run(self.commands[i], cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  preexec_fn=lambda: limits(seconds), timeout=300, check=False)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def measure(self):
        """All tests have to pass; then each gets ten times the time that it took."""
        took = []
        for i, words in enumerate(self.commands):
            start = time.monotonic()
            if not self.passes(i):
                sys.exit(f"{' '.join(words)} fails without a mutation")
            took.append(time.monotonic() - start)
        self.seconds = [int(10 * seconds) + 2 for seconds in took]
        self.first = sorted(range(len(took)), key=took.__getitem__)

    def survives(self, source):
        order = self.order.setdefault(source, list(self.first))
        for place, i in enumerate(order):
            if not self.passes(i):
                order.insert(0, order.pop(place))
                return False
        return True

    def try_mutant(self, source, lines, number, becomes):
        path = os.path.join(self.folder, "mutant.s")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines[:number] + [becomes] + lines[number + 1:]))
        kept = self.object_of(source) + ".kept"
        os.rename(self.object_of(source), kept)
        command("gcc", "-c", path, "-o", self.object_of(source))
        self.link()
        survived = self.survives(source)
        os.rename(kept, self.object_of(source))
        return survived


def explained():
    """(file, text of the line) of the survivors that have an explanation."""
    with open(os.path.join(ROOT, "tests/mutation-survivors.md"), encoding="utf-8") as file:
        return set(re.findall(r"^- `(\S+)` `(.*?)`:", file.read(), re.M))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=240)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    chosen = options.files or sorted(
        os.path.relpath(path, ROOT) for part in CORE for path in glob.glob(f"{ROOT}/src/{part}/*.c"))
    workers = options.jobs
    with tempfile.TemporaryDirectory() as folder:
        first = Bench(os.path.join(folder, "0"))
        os.makedirs(first.folder)
        first.make()
        first.measure()
        benches = queue.Queue()
        benches.put(first)
        for i in range(1, workers):
            shutil.copytree(first.folder, os.path.join(folder, str(i)))
            bench = Bench(os.path.join(folder, str(i)))
            bench.seconds, bench.first = first.seconds, first.first
            benches.put(bench)
        text = {source: assembly(source, folder) for source in chosen}
        every = [mutant for source in chosen for mutant in mutants(source, text[source])]
        sample = every
        if not options.full and not options.files and len(every) > options.count:
            sample = random.Random(options.seed).sample(every, options.count)
        end = time.monotonic() + 60 * options.minutes

        def attempt(mutant):
            source, number, becomes, at = mutant
            if time.monotonic() > end:
                return None
            bench = benches.get()
            try:
                survived = bench.try_mutant(source, text[source], number, becomes)
                if survived:  # at once, because the whole takes long
                    print(f"{source}: {at[0]}:{at[1]} {becomes.split()[0]}", file=sys.stderr, flush=True)
                return mutant, survived
            finally:
                benches.put(bench)

        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            results = [result for result in pool.map(attempt, sample) if result is not None]
    reasons = explained()
    check = Check(shown=1000)
    killed = known = 0
    for (source, _, becomes, (path, line)), survived in results:
        killed += not survived
        if survived:
            path = os.path.relpath(os.path.join(ROOT, path), ROOT)
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                shown = file.read().split("\n")[line - 1].strip()
            known += (path, shown) in reasons
            check.expect((path, shown) in reasons,
                         f"{path}:{line} {becomes.split()[0]} `{shown}` survives")
    share = 100 * killed / len(results)
    real = 100 * (killed + known) / len(results)
    print(f"{len(results)} of {len(every)} mutants, {killed} killed ({share:.1f} %), {known} "
          f"explained: {real:.1f} % accounted for")
    sys.exit(0 if real >= 97 else 1)


main()
