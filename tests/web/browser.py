#!/usr/bin/env python3
"""The page in a browser, from a file and from a server of this machine.

    tests/web/browser.py CNNCALC.HTML [AXE.JS [FOLDER]]

Pictures of the page go to the folder, to be looked at. Skipped (status 77) where Chromium or its
driver is not installed.
"""

import functools
import http.server
import pathlib
import sys
import tempfile
import threading
import time
import unittest
import xml.etree.ElementTree

import webdriver

LIST, INPUT, ERROR, CLAIMS = "#list", "#input", "#error", "#claims"
ROWS = "[...document.querySelectorAll('#table tr[data-row]')]"
ANSWERS = "params=20714\nconv1.params=216\nnonsense=3"
NET = "conv3-8, maxpool2, flatten, FC-10"


def read_axe(test):
    if len(sys.argv) < 3 or not pathlib.Path(sys.argv[2]).exists():
        test.skipTest("there is no axe-core")
    return pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Page(unittest.TestCase):
    """Each test begins with the page opened anew, and ends with an empty console and no request but
    that for the page."""

    @classmethod
    def setUpClass(cls):
        cls.path = pathlib.Path(sys.argv[1]).resolve()
        cls.address = cls.path.as_uri()
        cls.browser = webdriver.Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def setUp(self):
        self.browser.messages()
        self.browser.requests()
        self.browser.emulate(1280, 900)
        self.load()

    def tearDown(self):
        self.assertEqual(self.browser.messages(), [])
        other = [to for to in self.browser.requests()
                 if to.split("#")[0] != self.address and not to.startswith(("data:", "blob:"))]
        self.assertEqual(other, [])

    def load(self, fragment=""):
        """Opens the page as a new one: a change of the fragment alone would not load it again."""
        self.browser.open("about:blank")
        self.browser.open(self.address + fragment)
        self.browser.wait("document.documentElement.dataset.ready !== undefined")

    def write(self, text, shape="3x32x32"):
        self.browser.fill(INPUT, shape)
        self.browser.fill(LIST, text)

    def paste(self, text):
        """All at once: while it is typed, shorter lists are right."""
        self.browser.run("const list = document.querySelector(arguments[0]);"
                         "list.value = arguments[1]; list.dispatchEvent(new Event('input'));",
                         LIST, text)

    def wait_rows(self, count):
        self.browser.wait(f"{ROWS}.length === {count}")

    def rows(self):
        """The words of each row."""
        return self.browser.run(f"return {ROWS}.map((row) => row.innerText.trim().split(/\\s+/))")

    def picture(self, name, width, dark):
        if len(sys.argv) > 3:
            file = f"{name}-{width}-{'dark' if dark else 'light'}.png"
            self.browser.picture(pathlib.Path(sys.argv[3], file))

    def shown(self, selector):
        return self.browser.run("const it = document.querySelector(arguments[0]);"
                                "return it !== null && it.checkVisibility() ? it.innerText : ''",
                                selector)


class FromFile(Page):
    # Parameters by hand: 3*3*3*8 + 8 = 224, and 8*16*16*10 + 10 = 20490; 20714 in all.

    def test_typing(self):
        """Every key counts: the rows are those of what is typed up to then."""
        self.browser.fill(INPUT, "3x32x32")
        self.browser.fill(LIST, "conv3-8")
        self.wait_rows(1)
        self.assertIn("224", self.rows()[0])
        self.browser.type(LIST, ", maxpool2, flatten, FC-10")
        self.wait_rows(4)
        self.assertIn("8x16x16", self.rows()[1])
        self.assertIn("20490", "".join(self.rows()[3]).replace(",", ""))
        self.browser.fill(INPUT, "3x64x64")
        self.browser.wait(f"{ROWS}[1].innerText.includes('8x32x32')")

    def test_error(self):
        """An error is underlined, told and repaired by one click; the last good rows stay."""
        self.write(NET)
        self.wait_rows(4)
        self.paste("conv3-8, maxpol2, flatten, FC-10")
        self.browser.wait(f"document.querySelector('{ERROR}').innerText.includes('maxpol')")
        self.assertEqual(self.browser.run(
            "return document.querySelector('#list').getAttribute('aria-invalid')"), "true")
        self.wait_rows(4)
        self.browser.click(f"{ERROR} button")
        self.browser.wait(f"document.querySelector('{LIST}').value === arguments[0]", NET)
        self.browser.wait(f"!document.querySelector('{ERROR}').innerText.trim()")
        self.assertEqual(self.browser.run(
            "return document.querySelector('#list').getAttribute('aria-invalid')"), "false")

    def test_input(self):
        """An error in the input is told at the input, and repaired by a right one."""
        self.write(NET)
        self.wait_rows(4)
        self.browser.fill(INPUT, "3x")
        self.browser.wait("document.querySelector('#input').ariaInvalid === 'true'")
        self.assertNotEqual(self.shown(ERROR).strip(), "")
        self.assertEqual(self.browser.run("return document.querySelector('#list').ariaInvalid"),
                         "false")
        self.browser.type(INPUT, "32x32")
        self.browser.wait("document.querySelector('#input').ariaInvalid === 'false'")
        self.assertEqual(self.shown(ERROR).strip(), "")

    def test_row(self):
        """A row shows its formula with the numbers put in, its text, its box and its window."""
        self.write(NET)
        self.wait_rows(4)
        self.browser.click("#table tr[data-row='1'] button")
        self.browser.wait("document.querySelector('#working').innerText.includes(arguments[0])",
                          "3*8*3*3 + 8")
        self.assertEqual(self.browser.run(
            "return document.querySelector('#picture [data-row=\"1\"]').classList.contains('chosen')"),
            True)
        self.assertIn("Step 1 of 1024.", self.shown("#window"))
        self.browser.click("#table tr[data-row='3'] button")
        self.browser.wait("document.querySelector('#working').innerText.includes('8*16*16')")
        self.assertEqual(self.shown("#window"), "")
        self.browser.run("document.querySelector('#picture [data-row=\"2\"] path')"
                         ".dispatchEvent(new MouseEvent('click', {bubbles: true}))")
        self.browser.wait("document.querySelector('#working').innerText.includes('floor')")

    def test_caret(self):
        """The row of the text at the caret is the chosen one."""
        self.write(NET)
        self.wait_rows(4)
        self.browser.run("const list = document.querySelector('#list'); list.focus();"
                         "list.setSelectionRange(12, 12);")
        self.browser.keys("Left")
        self.browser.wait("document.querySelector('#table tr.chosen')?.dataset.row === '2'")
        self.assertEqual(self.browser.run("return document.querySelector('mark.chosen').innerText"),
                         "maxpool2")

    def test_answers(self):
        """Right, wrong with the mistake's name, and unread, each on its own."""
        self.write(NET)
        self.wait_rows(4)
        self.browser.fill(CLAIMS, ANSWERS)
        self.browser.wait("document.querySelectorAll('#answers .right').length === 1 &&"
                          "document.querySelectorAll('#answers .wrong').length === 1 &&"
                          "document.querySelectorAll('#answers .unread').length === 1")
        self.assertIn("the biases are forgotten", self.shown("#answers .wrong"))

    def test_fragment(self):
        """The link holds the list, the input and the row, and brings them back."""
        self.write("conv3-8 # ü \U0001d11e <b>\nmaxpool2")
        self.wait_rows(2)
        self.browser.click("#table tr[data-row='2'] button")
        address = self.browser.wait("location.hash.includes('row=2') && location.href")
        self.load(address[len(self.address):])
        self.assertEqual(self.browser.run(f"return document.querySelector('{LIST}').value"),
                         "conv3-8 # ü \U0001d11e <b>\nmaxpool2")
        self.assertEqual(self.browser.run(f"return document.querySelector('{INPUT}').value"),
                         "3x32x32")
        self.browser.wait("document.querySelector('#working').innerText.includes('(32 - 2 + 2*0)')")

    def test_places(self):
        """Marks are at the right letters, whatever stands before them."""
        self.browser.fill(INPUT, "3x32x32")
        self.browser.fill(LIST, "# ü \U0001d11e\nconv3-8, nonsense")
        self.browser.wait("document.querySelector('mark.wrong')?.textContent === 'nonsense'")

    def test_hostile(self):
        """Nothing of a text becomes an element."""
        for text in ("<img src=x>", "conv3-8 # <img src=x>", "l<i: conv3-8", "'\"&lt;<script>",
                     "conv3-8 '<img src=x>'", "nn.Sequential(nn.Conv2d('<img src=x>', 3, 3))"):
            self.browser.fill(LIST, text)
            self.browser.fill(CLAIMS, text)
            self.assertEqual(self.browser.run(
                "return document.querySelectorAll('img, main script').length"), 0)

    def test_limits(self):
        """Lists at the limit of nesting work; of many rows a thousand are shown."""
        self.write("(" * 200 + "relu" + ")" * 200)
        self.wait_rows(1)
        self.write("1500x(relu, relu)", "8")
        self.wait_rows(1)
        self.paste("relu," * 6000 + "relu")
        self.wait_rows(1000)
        self.assertIn("5,001", self.shown("#more"))
        self.paste("999999x(relu)")
        self.wait_rows(1)
        self.browser.click("#table tr[data-row='1'] button")
        self.browser.wait("document.querySelector('#working').innerText.includes('too many')")
        self.paste(NET)
        self.wait_rows(4)

    def test_trap(self):
        """A trap ends an instance of the program, not the page."""
        self.write(NET)
        self.wait_rows(4)
        self.browser.run("page.core.instance = {exports: {room: () => 8, run: () => {"
                         "throw new WebAssembly.RuntimeError('unreachable')}}}")
        self.browser.type(LIST, ", relu")
        self.wait_rows(5)

    def test_solve(self):
        """Unknowns are sought in a worker, which can be ended."""
        self.write("conv3-?, gap, FC-10")
        self.browser.wait("document.querySelector('#wanted').checkVisibility()")
        self.browser.fill("#wanted", "params<=5K")
        self.browser.wait("[...document.querySelectorAll('#solutions button')]"
                          ".some((button) => button.textContent.includes('conv3-131'))")

    def test_stop(self):
        """Long work can be ended, and the page goes on."""
        terms = "+1*1" * 500  # take longer than they count, so the search longer than most
        self.write(f"f(n) = conv3-(n{terms})\nconv3-?, 20*f(1), conv3-?")
        self.browser.wait("document.querySelector('#wanted').checkVisibility()")
        self.browser.fill("#wanted", "rf=77777")
        self.browser.wait("((button) => button.checkVisibility() && (button.click(), true))"
                          "(document.querySelector('#stop'))")
        self.browser.wait("document.querySelector('#solutions').innerText.includes('Stopped')")
        self.write(NET)
        self.wait_rows(4)

    def test_words(self):
        """Words are completed by the keyboard alone, and Escape leaves what is typed."""
        self.browser.fill(LIST, "maxpo")
        self.browser.wait("document.querySelector('#words').checkVisibility()")
        self.browser.keys("Down", "Enter")
        self.assertEqual(self.browser.run(f"return document.querySelector('{LIST}').value"),
                         "maxpool")
        self.browser.fill(LIST, "co")
        self.browser.wait("document.querySelector('#words').checkVisibility()")
        self.browser.keys("Escape")
        self.assertEqual(self.shown("#words"), "")
        self.assertEqual(self.browser.run(f"return document.querySelector('{LIST}').value"), "co")

    def test_layers(self):
        """A group is one row, or each of its layers one."""
        self.write("2x(conv3-8, relu), gap")
        self.wait_rows(2)
        self.browser.click("#all")
        self.wait_rows(5)

    def test_copy(self):
        """What is copied is what the program writes."""
        self.browser.command("Browser.grantPermissions",
                             permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        self.write(NET)
        self.wait_rows(4)
        for name, wanted in (("markdown", "| conv3-8"), ("latex", "\\begin{tabular}"),
                             ("tsv", "conv3-8\t"), ("pytorch", "nn.Conv2d(3, 8, 3"),
                             ("keras", "layers.Conv2D(8"), ("layers", "conv3-8")):
            self.browser.run("document.querySelector('#format').value = arguments[0];"
                             "document.querySelector('#told').textContent = '';", name)
            self.browser.click("#copy")
            self.browser.wait("document.querySelector('#told').textContent.includes('copied')")
            self.assertIn(wanted, self.browser.run("return navigator.clipboard.readText()"))

    def test_save(self):
        """The picture as files that others can read."""
        with tempfile.TemporaryDirectory() as folder:
            self.browser.command("Browser.setDownloadBehavior", behavior="allow",
                                 downloadPath=folder)
            self.write(NET)
            self.wait_rows(4)
            for kind, begin in (("svg", b"<svg "), ("png", b"\x89PNG\r\n")):
                self.browser.click(f"#save-{kind}")
                file = pathlib.Path(folder, f"network.{kind}")
                self.wait_file(file)
                self.assertTrue(file.read_bytes().startswith(begin))
                if kind == "svg":
                    xml.etree.ElementTree.parse(file)

    def wait_file(self, file):
        end = time.monotonic() + 20
        while not file.exists():
            self.assertLess(time.monotonic(), end, f"no {file.name}")
            time.sleep(0.02)

    def test_pasted(self):
        """Numbers of pasted code that do not fit are marked and mended in place."""
        self.write("nn.Sequential(nn.Conv2d(3, 6, 5), nn.Flatten(), nn.Linear(100, 10))")
        self.browser.wait("document.querySelector('mark.wrong')?.textContent === '100'")
        self.browser.click(f"{ERROR} button")
        self.browser.wait(f"document.querySelector('{LIST}').value.includes('Linear(4704, 10)')")
        self.assertEqual(self.shown(ERROR).strip(), "")

    def test_exercise(self):
        """Results are hidden until they are given or asked for."""
        self.load("#list=conv3-8&input=3x32x32&exercise=1")
        self.wait_rows(1)
        text = self.browser.run("return document.body.innerText")
        self.assertNotIn("224", text)
        self.assertNotIn("8x32x32", text)
        params = "#table tr[data-row='1'] td.number input"
        self.browser.type(params, "216\n")
        self.browser.wait("document.body.innerText.includes('biases are forgotten')")
        self.assertNotIn("224", self.browser.run("return document.body.innerText"))
        self.browser.fill(params, "224\n")
        self.browser.wait(f"{ROWS}[0].innerText.includes('224')")

    def test_schemes(self):
        """Light and dark follow the system."""
        colours = set()
        for dark in (False, True):
            self.browser.emulate(1280, 900, dark=dark)
            colours.add(self.browser.run("return getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(len(colours), 2)

    def test_widths(self):
        """The page is as wide as the window, whatever is in it."""
        for width in (1280, 390, 320):
            self.browser.emulate(width, 844)
            for text in (NET, "averyveryverylongname: conv3-64 s2 p1, conv3-128 d2, " + NET,
                         "nonsense" * 5):
                self.write(text)
                self.browser.run("document.querySelector(\"tr[data-row='1'] button\")?.click();"
                                 "return new Promise(requestAnimationFrame)")
                self.assertEqual(self.browser.run(
                    "return [document.documentElement.clientWidth,"
                    " document.documentElement.scrollWidth, innerWidth]"), [width] * 3, text)

    def test_keyboard(self):
        """All of it without a pointer: type, go to a row, move its window."""
        self.write(NET)
        self.wait_rows(4)
        for _ in range(40):
            self.browser.keys("Tab")
            if self.browser.run("return document.activeElement.closest('tr')?.dataset.row") == "1":
                break
        self.browser.keys("Enter")
        self.browser.wait("document.querySelector('#working').innerText.includes('224')")
        for _ in range(40):
            self.browser.keys("Tab")
            if self.browser.run("return document.activeElement.closest('.slide-maps') !== null"):
                break
        self.browser.keys("Right")
        self.assertIn("Step 2 of 1024.", self.shown("#window"))

    def test_accessible(self):
        axe = read_axe(self)
        for dark in (False, True):
            for width in (1280, 390):
                self.browser.emulate(width, 900, dark=dark)
                self.write(NET)
                self.browser.fill(CLAIMS, ANSWERS)
                self.browser.click("#table tr[data-row='1'] button")
                self.assertEqual(self.browser.findings(axe), [])
                self.picture("row", width, dark)
                self.browser.fill(LIST, "conv3-8, maxpol2")
                self.assertEqual(self.browser.findings(axe), [])
                self.picture("error", width, dark)

    def test_speed(self):
        """Printed, not asserted: machines differ."""
        layers = ", ".join(["conv3-64, bn, relu"] * 6 + ["gap", "FC-10"])
        self.write(layers)
        self.wait_rows(20)
        times = self.browser.run("""
            const list = document.querySelector('#list'), bare = [], whole = [];
            for (let i = 0; i < 30; i++) {
                const start = performance.now();
                list.value += ' ';
                list.dispatchEvent(new Event('input'));
                bare.push(performance.now() - start);
                document.body.getBoundingClientRect();
                whole.push(performance.now() - start);
            }
            const middle = (times) => times.sort((a, b) => a - b)[15].toFixed(1);
            return [middle(bare), middle(whole)];""")
        ready = self.browser.run("""
            const start = performance.now();
            page.core.start();
            return [performance.now() - start,
                    performance.getEntriesByType('navigation')[0].domComplete];""")
        print(f"one redraw of 20 layers: {times[0]} ms, with layout {times[1]} ms; an instance "
              f"{ready[0]:.1f} ms; the document after {ready[1]:.0f} ms")


class FromServer(Page):
    """The same file from a server of this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        handler = functools.partial(Quiet, directory=str(cls.path.parent))
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.address = f"http://localhost:{cls.server.server_port}/{cls.path.name}"

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        super().tearDownClass()

    test_typing, test_fragment, test_solve, test_limits = (
        FromFile.test_typing, FromFile.test_fragment, FromFile.test_solve, FromFile.test_limits)


if __name__ == "__main__":
    if webdriver.missing():
        print(f"skipped: there is no {webdriver.missing()}")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=1)
