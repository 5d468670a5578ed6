#!/usr/bin/env python3
"""Row 12: mutation, as SQLite does it. Each conditional jump of the core, compiled with gcc -O1, is
turned into an unconditional one and into none; the tests have to notice.

    row12_mutation.py                 a sample of 300 mutants, always the same
    row12_mutation.py --seed 7        another sample
    row12_mutation.py --full          all of them, an hour
    row12_mutation.py --minutes 20    those for which the time is enough
    row12_mutation.py --longest 0.5   without the tests that take more seconds
    row12_mutation.py src/lang/eval.c all of these files

Survivors are named by the source line that their jump belongs to. Those that
tests/mutation-survivors.md explains, by file and text of the line, count as explained; where an
entry says "never", only those whose way no test goes.

Nothing is compiled for a mutant: its bytes in the shared library are written over. Nor do all tests
run: a run before says which ways each test goes at each jump, and only those that go the way that
a mutant blocks can notice it. Of these, cheap ones run first and those that have killed mutants of
the same source.
"""
import argparse
import collections
import concurrent.futures
import glob
import os
import platform
import queue
import random
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from common import Check, ROOT, SKIPPED, need
from jumps import LANGUAGE, command, link_twice, places, turned

need("gcc", "cmake", "nm", "objdump")
if platform.machine() != "x86_64":
    print("skipped: only jumps of x86-64 are known")
    sys.exit(SKIPPED)
sys.path[:0] = [ROOT + "/tests", ROOT + "/tests/naive"]
import differential  # noqa: E402
import random_lists  # noqa: E402
import run_session  # noqa: E402

CORE = ("base", "ops", "net", "measure", "lang", "report")
OTHERS = ("files", "paste", "batch", "explain", "compare", "check", "solve", "gradient", "help")
MAKER = "src/lang/make_words.c"
RANDOM_LISTS = 20000
LARGEST_OUTPUT = 64 << 20
LARGEST_MEMORY = 4 << 30

# A jump that becomes "jmp", always taken, or "nop", never.
Mutant = collections.namedtuple("Mutant", "jump becomes")

# A command, the file that it reads, and whether exit status, output and messages are right.
Test = collections.namedtuple("Test", "name words stdin passed")


# ---- tests ----

def succeeds(status, _out, _err):
    return status == 0


def session_tests():
    """Each command of each session is a test."""
    for path in sorted(glob.glob(ROOT + "/tests/cli/*.console") + glob.glob(ROOT + "/docs/*.md")):
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        for first, last in run_session.blocks(path, lines):
            for at, begin, end in run_session.sessions(lines, first, last):
                command = run_session.command_of(lines, at, begin)
                yield Test(f"{os.path.basename(path)}:{at + 1}", ["bash", "-c", command],
                           os.devnull,
                           lambda status, out, err, expected=lines[begin:end]: run_session.matches(
                               expected, run_session.printed_lines(out, err, status)))


def differential_test(folder):
    """Random lists, whose answers according to the naive reading are computed only once."""
    maker = random_lists.Maker(random.Random(1))
    lines = [maker.line(mutate=i % 3 == 2) for i in range(RANDOM_LISTS)]
    path = os.path.join(folder, "lists")
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))
    expected = "".join(differential.expected(line) + "\n" for line in lines).encode()
    return Test("differential", ["driver"], path,
                lambda status, out, err: status == 0 and out == expected)


def program_tests(folder):
    """The test programs and the scripts that run the program."""
    for path in sorted(glob.glob(ROOT + "/tests/*/test_*.c")):
        name = os.path.basename(path)[:-2]
        yield Test(name, [name], os.devnull, succeeds)
    program = ["--program", os.path.join(folder, "cnncalc")]
    examples = [*program, "--examples", "examples"]
    for name, words in (
            ("layout", ["tests/report/check_layout.py", *program]),
            ("pictures", ["tests/report/check_pictures.py", *examples, "--golden", "docs/vgg16.svg"]),
            ("working", ["tests/explain/eval_working.py", *examples])):
        yield Test(name, [sys.executable, *words], os.devnull, succeeds)


# ---- where they run ----

class Bench:
    """A folder with the library, the test programs and the program; the library changes."""

    def __init__(self, folder, shared):
        self.folder = folder
        self.shared = shared
        self.tests = [*shared, *program_tests(folder)]
        self.path = folder + os.pathsep + os.environ["PATH"]

    def make(self, core):
        """Compiles everything; returns the jumps."""
        others = [path for part in OTHERS for path in sources_of(part)]
        builtins = os.path.join(self.folder, "builtins.c")
        command("cmake", f"-DEXAMPLES={ROOT}/examples", f"-DOUT={builtins}", "-P",
                "cmake/builtins.cmake")
        maker, words = (os.path.join(self.folder, name) for name in ("make_words", "words_data.c"))
        command("gcc", *LANGUAGE, MAKER, *sources_of("base"), *sources_of("ops"), "-o", maker)
        with open(words, "w", encoding="utf-8") as file:
            file.write(command(maker))
        jumps = link_twice(self.folder, core, [*others, builtins, words])
        link = ["-L" + self.folder, "-Wl,-rpath,$ORIGIN", "-lcore", "-lm"]
        for name in [test.name for test in self.tests if test.name.startswith("test_")] + ["driver"]:
            command("gcc", *LANGUAGE, "-Itests", f'-DTEST_DATA="{ROOT}/tests/data"',
                    f'-DEXAMPLES="{ROOT}/examples"', *glob.glob(f"{ROOT}/tests/*/{name}.c"), "-o",
                    os.path.join(self.folder, name), "-lcmocka", *link)
        commit = os.path.join(self.folder, "commit.c")
        command("cmake", f"-DSOURCE={ROOT}", f"-DOUT={commit}", "-P", "cmake/commit.cmake")
        command("gcc", *LANGUAGE, "-Isrc/cli", *sources_of("cli"), commit, "-o",
                os.path.join(self.folder, "cnncalc"), "-pthread", *link)
        return jumps

    def passes(self, test, seconds, library_folder=""):
        env = dict(os.environ, LC_ALL="C", PATH=self.path, LD_LIBRARY_PATH=library_folder)
        with open(os.path.join(self.folder, "out"), "w+b") as out, \
                open(os.path.join(self.folder, "err"), "w+b") as err, \
                open(test.stdin, "rb") as stdin, \
                subprocess.Popen(test.words, cwd=ROOT, env=env, stdin=stdin, stdout=out, stderr=err,
                                 start_new_session=True) as process:
            end = os.pidfd_open(process.pid)
            in_time = select.select([end], [], [], seconds)[0]
            os.close(end)
            if not in_time:
                os.killpg(process.pid, signal.SIGKILL)
            status = process.wait()
            out.seek(0)
            err.seek(0)
            return bool(in_time) and test.passed(status, out.read(), err.read())

    def copy(self, folder):
        """A second bench, for another thread."""
        os.makedirs(folder)
        for name in os.listdir(self.folder):
            path = os.path.join(self.folder, name)
            if os.path.isfile(path) and not name.endswith((".o", ".s")):
                shutil.copy2(path, folder)
        return Bench(folder, self.shared)

    def measure(self, test):
        """Seconds that a test takes, which has to pass, and the ways that it takes, as bytes."""
        start = time.monotonic()
        if not self.passes(test, 600):
            sys.exit(f"{test.name} fails without a mutation")
        seconds = time.monotonic() - start
        record = os.path.join(self.folder, "taken")
        with open(record, "r+b") as file:
            file.write(bytes(os.path.getsize(record)))
        self.passes(test, 600, os.path.join(self.folder, "noting"))
        with open(record, "rb") as file:
            return seconds, file.read()

    def killer(self, place, becomes, trials):
        """The first of (test, seconds allowed) that notices a mutant, or None."""
        with open(os.path.join(self.folder, "libcore.so"), "r+b", buffering=0) as library:
            library.seek(place)
            kept = library.read(6)
            library.seek(place)
            library.write(turned(kept, becomes))
            try:
                return next((test for test, seconds in trials if not self.passes(test, seconds)),
                            None)
            finally:
                library.seek(place)
                library.write(kept)


class Trials:
    """Which tests can notice a mutant: those that go the way that it blocks."""

    def __init__(self, bench, longest):
        self.longest = longest
        measured = {test.name: bench.measure(test) for test in bench.tests}
        self.seconds = {name: seconds for name, (seconds, _) in measured.items()}
        self.ways = {name: ways for name, (_, ways) in measured.items()}
        self.kills = collections.Counter()

    def able(self, mutant, tests):
        blocked = 2 * mutant.jump.number + (mutant.becomes == "nop")
        return [test for test in tests if self.ways[test.name][blocked]]

    def of(self, mutant, tests):
        """(test, seconds allowed), the most promising first, without those that take too long."""
        source = mutant.jump.source
        chosen = [test for test in self.able(mutant, tests)
                  if self.seconds[test.name] <= self.longest]
        chosen.sort(key=lambda test: self.seconds[test.name] / (1 + self.kills[source, test.name]))
        return [(test, 1 + 5 * self.seconds[test.name]) for test in chosen]


# ---- all mutants ----

def sources_of(part):
    return sorted(os.path.relpath(path, ROOT) for path in glob.glob(f"{ROOT}/src/{part}/*.c"))


def explained():
    """("never " or "", file, the only source that it is compiled into or "", text of the line) of
    the survivors that have an explanation."""
    with open(os.path.join(ROOT, "tests/mutation-survivors.md"), encoding="utf-8") as file:
        return set(re.findall(r"^- (never |)`(\S+)`(?: in `(\S+)`)? `(.*?)`:", file.read(), re.M))


def has_reason(reasons, jump, able):
    """Whether the survivor at a jump, whose way so many tests go, is explained."""
    path, _, text = line_of(jump)
    return any((kind, path, source, text) in reasons
               for kind in (["", "never "] if able == 0 else [""]) for source in ("", jump.source))


def line_of(jump):
    """(file, number, text) of a jump's line."""
    path = os.path.relpath(os.path.join(ROOT, jump.at[0]), ROOT)
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return path, jump.at[1], file.read().split("\n")[jump.at[1] - 1].strip()


def run(mutants, at, trials, benches, minutes):
    """(mutant, how many tests go its way, the one that killed it or None) for each mutant that the
    time is enough for."""
    end = time.monotonic() + 60 * minutes

    def attempt(mutant):
        if time.monotonic() > end:
            return None
        bench = benches.get()
        try:
            killer = bench.killer(at[mutant.jump.number], mutant.becomes,
                                  trials.of(mutant, bench.tests))
            able = len(trials.able(mutant, bench.tests))
        finally:
            benches.put(bench)
        if killer is None:  # shown at once, because the whole takes long
            path, line, text = line_of(mutant.jump)
            print(f"{mutant.jump.source} {path}:{line} {mutant.becomes} `{text}` survives "
                  f"{able} tests", file=sys.stderr, flush=True)
        else:
            trials.kills[mutant.jump.source, killer.name] += 1
        return mutant, able, killer

    with concurrent.futures.ThreadPoolExecutor(benches.qsize()) as pool:
        return [result for result in pool.map(attempt, mutants) if result is not None]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=240)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--longest", type=float, default=60)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    core = [path for part in CORE for path in sources_of(part) if path != MAKER]
    with tempfile.TemporaryDirectory() as folder:
        first = Bench(os.path.join(folder, "0"), [*session_tests(), differential_test(folder)])
        jumps = first.make(core)
        trials = Trials(first, options.longest)
        benches = queue.Queue()
        benches.put(first)
        for i in range(1, options.jobs):
            benches.put(first.copy(os.path.join(folder, str(i))))
        every = [Mutant(jump, becomes) for jump in jumps for becomes in ("jmp", "nop")
                 if not options.files or jump.source in options.files]
        mutants = every
        if not options.full and not options.files and len(every) > options.count:
            mutants = random.Random(options.seed).sample(every, options.count)
        at = places(os.path.join(first.folder, "libcore.so"))
        results = run(mutants, at, trials, benches, options.minutes)
    reasons = explained()
    check = Check(shown=1000)
    killed = known = 0
    for mutant, able, killer in results:
        killed += killer is not None
        if killer is None:
            path, line, text = line_of(mutant.jump)
            reason = has_reason(reasons, mutant.jump, able)
            known += reason
            check.expect(reason, f"{path}:{line} {mutant.becomes} `{text}` survives {able} tests")
    share = 100 * killed / len(results)
    real = 100 * (killed + known) / len(results)
    print(f"{len(results)} of {len(every)} mutants, {killed} killed ({share:.1f} %), {known} "
          f"explained: {real:.1f} % accounted for")
    sys.exit(0 if real >= 97 else 1)


main()
