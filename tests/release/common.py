"""What the release checks share: building variants of the program, running it, reporting."""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED = 77
os.environ.update(LC_ALL="C", CI="true")


def need(*tools):
    """Ends the check as skipped when a tool is missing."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed")
        sys.exit(SKIPPED)


def build(name, flags="", targets=("cnncalc",), compiler="gcc", kind="Release", tests=False,
          link="", fresh=False):
    """Builds a variant in build-check-NAME and returns that folder."""
    folder = os.path.join(ROOT, "build-check-" + name)
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    configure = ["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", f"-DCMAKE_BUILD_TYPE={kind}",
                 f"-DCMAKE_C_COMPILER={compiler}", f"-DCMAKE_C_FLAGS={flags}",
                 f"-DCMAKE_EXE_LINKER_FLAGS={link}", f"-DCNNCALC_TESTS={'ON' if tests else 'OFF'}"]
    for command in (configure, ["cmake", "--build", folder, "--target", *targets]):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        if done.returncode != 0:
            print(done.stdout)
            sys.exit(f"building {name} failed")
    return folder


class Result:
    """What a run of the program left: exit status (negative: a signal), output, time, memory."""

    def __init__(self, status, out, err, seconds, kilobytes):
        self.status, self.out, self.err = status, out, err
        self.seconds, self.kilobytes = seconds, kilobytes


def run(command, stdin=b"", env=None, timeout=60):
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=timeout, cwd=ROOT,
                          env=None if env is None else dict(os.environ, **env), check=False)
    return Result(done.returncode, done.stdout, done.stderr, 0.0, 0)


def measure(command, output=False, timeout=120):
    """Runs a command and says how much processor time and memory it took."""
    with tempfile.TemporaryDirectory() as folder:
        tool, report = os.path.join(folder, "measure"), os.path.join(folder, "report")
        subprocess.run(["gcc", "-o", tool, os.path.join(ROOT, "tests/release/measure.c")],
                       check=True)
        done = subprocess.run([tool, report, *command], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE if output else subprocess.DEVNULL,
                              stderr=subprocess.PIPE, cwd=ROOT, timeout=timeout, check=True)
        with open(report, encoding="ascii") as file:
            status, seconds, kilobytes = file.read().split()
    return Result(int(status), done.stdout or b"", done.stderr, float(seconds), int(kilobytes))


class Check:
    """Counts what held and what did not; the first failures are shown."""

    def __init__(self, shown=20):
        self.count = self.failed = 0
        self.shown = shown

    def expect(self, holds, message):
        self.count += 1
        if not holds:
            self.failed += 1
            if self.failed <= self.shown:
                print("  " + message)
        return holds

    def end(self, figure):
        """Prints the figure reached and ends the check."""
        print(f"{figure}; {self.count} checks, {self.failed} failed")
        sys.exit(1 if self.failed else 0)
