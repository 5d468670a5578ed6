#!/usr/bin/env python3
"""The sliding window in a browser, on a page with nothing else.

    tests/web/browser_window.py [AXE.JS]

Skipped (status 77) where Chromium or its driver is not installed.
"""

import pathlib
import sys
import tempfile
import unittest

import webdriver

WEB = pathlib.Path(__file__).resolve().parents[2] / "web"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The window</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root { color-scheme: light dark; } body { font: 16px system-ui; } %s</style></head>
<body><main><h1>The window</h1><div id="window"></div></main>
<script>%s</script></body></html>
"""


def facts(kind, sides, out, k, s=1, d=1, low=0, high=None):
    return {"kind": kind, "in": [3, *sides], "out": [8, *out], "kernel": [k] * len(sides),
            "stride": [s] * len(sides), "dilation": [d] * len(sides), "low": [low] * len(sides),
            "high": [low if high is None else high] * len(sides)}


STRIDED = facts("conv", [7, 7], [4, 4], 3, s=2, low=1)


def step(number, count, sentence):
    return f"Step {number} of {count}. {sentence}"


class Window(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        page = pathlib.Path(cls.folder.name, "window.html")
        read = lambda name: (WEB / name).read_text(encoding="utf-8")
        scripts = "".join(map(read, ("dom.js", "geometry.js", "window.js")))
        page.write_text(PAGE % (read("window.css"), scripts), encoding="utf-8")
        cls.address = page.as_uri()
        cls.browser = webdriver.Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.folder.cleanup()

    def setUp(self):
        self.browser.messages()
        self.browser.requests()
        self.browser.emulate(1280, 900)
        self.browser.open(self.address)

    def tearDown(self):
        self.assertEqual(self.browser.messages(), [])
        self.assertEqual(self.browser.requests(), [self.address])

    def show(self, row):
        return self.browser.run("return slidingWindow(document.querySelector('#window'),"
                                " arguments[0])", row)

    def sentence(self):
        return self.browser.text(".slide-step")

    def squares(self, selector):
        """How many cells a path draws."""
        return self.browser.run("return (document.querySelector(arguments[0])?.getAttribute('d')"
                                " ?? '').split('M').length - 1", selector)

    def settle(self):
        """Two frames: in the first one the change of a size is seen, in the second it is drawn."""
        self.browser.run("return new Promise((done) => requestAnimationFrame(() =>"
                         " requestAnimationFrame(done)))")

    def test_keys(self):
        self.assertTrue(self.show(STRIDED))
        self.browser.keys("Tab")
        for keys, wanted in [
                (["Right"], step(2, 16, "Output row 1, column 2 reads input rows 1 to 2 (and 1 "
                                        "row of padding before), columns 2 to 4.")),
                (["Down"], step(6, 16, "Output row 2, column 2 reads input rows 2 to 4, columns "
                                       "2 to 4.")),
                (["Left", "Left"], step(4, 16, "Output row 1, column 4 reads input rows 1 to 2 "
                                               "(and 1 row of padding before), columns 6 to 7 "
                                               "(and 1 column of padding after).")),
                (["Home", "Right", "Down", "Down", "Up"], step(
                    6, 16, "Output row 2, column 2 reads input rows 2 to 4, columns 2 to 4.")),
                (["End", "Down", "Right"], step(
                    16, 16, "Output row 4, column 4 reads input rows 6 to 7 (and 1 row of padding "
                            "after), columns 6 to 7 (and 1 column of padding after)."))]:
            self.browser.keys(*keys)
            self.assertEqual(self.sentence(), wanted)

    def test_buttons(self):
        self.show(STRIDED)
        button = ".slide-buttons button:nth-child(%d)"
        disabled = lambda: self.browser.run(
            "return [...document.querySelectorAll('.slide-buttons button')]"
            ".map((b) => b.ariaDisabled)")
        self.assertEqual(disabled(), ["true", "true", None, "false", "false"])
        for number, wanted in [(2, 1), (4, 2), (4, 3), (2, 2), (5, 16), (4, 16), (1, 1)]:
            self.browser.click(button % number)
            self.assertTrue(self.sentence().startswith(f"Step {wanted} of 16."), self.sentence())
        self.browser.click(button % 5)
        self.assertEqual(disabled(), ["false", "false", None, "true", "true"])

    def test_click(self):
        self.show(STRIDED)
        self.browser.run("const box = document.querySelector('.slide-steps svg path')"
                         ".getBoundingClientRect(); document.querySelector('.slide-steps svg')"
                         ".dispatchEvent(new MouseEvent('click', {bubbles: true,"
                         " clientX: box.left + box.width * 0.6, clientY: box.top + 3}))")
        self.assertTrue(self.sentence().startswith("Step 3 of 16."), self.sentence())

    def test_play(self):
        self.show(facts("conv", [3], [3], 1))
        state = ("[document.querySelector('.slide-buttons button:nth-child(3)').textContent,"
                 " document.querySelector('.slide-step').ariaLive].join()")
        self.assertEqual(self.browser.run(f"return {state}"), "Play,polite")
        self.browser.click(".slide-buttons button:nth-child(3)")
        self.browser.wait(f"{state} === 'Pause,off'")
        self.browser.wait(f"{state} === 'Play,polite'")
        self.assertTrue(self.sentence().startswith("Step 3 of 3."), self.sentence())
        self.browser.run("document.querySelector('.slide-maps').focus()")
        self.browser.keys(" ")
        self.browser.wait(f"{state} === 'Pause,off'")
        self.browser.keys(" ")
        self.assertEqual(self.browser.run(f"return {state}"), "Play,polite")

    def test_cells(self):
        """Counted by hand: taps in the map, taps beside it, cells never reached, cells beside."""
        for row, last, wanted in [
                (STRIDED, False, (4, 5, 0, 32)),
                (facts("maxpool", [7, 7], [3, 3], 2, s=2), True, (4, 0, 13, 0)),
                (facts("maxpool", [8, 8], [4, 4], 3, s=2), True, (4, 5, 0, 0)),
                (facts("conv", [9, 9], [5, 5], 3, d=2), False, (9, 0, 0, 0)),
                (facts("conv", [8, 8], [3, 3], 2, s=3), False, (4, 0, 28, 0)),
                (facts("deconv", [4, 4], [8, 8], 4, s=2, low=1), False, (9, 7, 0, 36)),
                (facts("deconv", [2, 2], [5, 5], 2, s=2), True, (4, 0, 9, 0)),
                (facts("gap", [7, 7], [1, 1], 0), False, (49, 0, 0, 0)),
                (facts("conv", [9], [9], 3, low=2, high=0), False, (1, 2, 0, 2))]:
            with self.subTest(row):
                self.show(row)
                if last:
                    self.browser.click(".slide-buttons button:nth-child(5)")
                self.assertEqual(tuple(self.squares(f".slide-{name}") for name in (
                    "tap", "tap-outside", "unread", "outside")), wanted)
                self.assertEqual(self.squares(".slide-lit"), 1)

    def test_large(self):
        self.show(facts("conv", [230, 230], [230, 230], 3, low=1))
        self.browser.run("document.querySelector('.slide-maps').focus()")
        self.browser.keys("End")
        self.assertEqual(self.sentence(), step(
            52900, 52900, "Output row 230, column 230 reads input rows 229 to 230 (and 1 row of "
                          "padding after), columns 229 to 230 (and 1 column of padding after)."))
        self.assertIn("Drawn: input rows 208 to 230 of 230, columns 208 to 230 of 230. The part "
                      "follows the window.", self.browser.text(".slide-notes"))
        self.assertEqual(self.squares(".slide-tap"), 4)

    def test_axes(self):
        """Of three axes two are drawn, which a list chooses."""
        self.show(facts("conv", [6, 7, 8], [6, 7, 8], 3, low=1))
        self.assertEqual(self.browser.text(".slide-window figcaption"), "Input 7 × 8")
        self.browser.type(".slide-pair select", "slices and rows")
        self.assertEqual(self.browser.text(".slide-window figcaption"), "Input 6 × 7")
        self.assertTrue(self.sentence().startswith("Step 1 of 42."), self.sentence())

    def test_rows(self):
        """A row shown again keeps its step; another one starts anew; some have no window."""
        self.show(STRIDED)
        self.browser.click(".slide-buttons button:nth-child(5)")
        self.assertTrue(self.show(STRIDED))
        self.assertTrue(self.sentence().startswith("Step 16 of 16."), self.sentence())
        self.assertTrue(self.show(facts("avgpool", [4, 4], [2, 2], 2, s=2)))
        self.assertTrue(self.sentence().startswith("Step 1 of 4."), self.sentence())
        self.assertIn("The sum is divided by 4.", self.browser.text(".slide-notes"))
        for none in (facts("relu", [7, 7], [7, 7], 1), None):
            self.assertFalse(self.show(none))
            self.assertTrue(self.browser.run("return document.querySelector('#window').hidden"))
        self.assertTrue(self.show(STRIDED))
        self.assertFalse(self.browser.run("return document.querySelector('#window').hidden"))

    def test_width(self):
        """Nothing scrolls sideways, not even within the view, and cells stay legible."""
        for width in (1280, 390, 320):
            self.browser.emulate(width, 800)
            for row in (facts("conv", [230, 230], [115, 115], 7, s=2, low=3),
                        facts("conv", [33, 33], [33, 33], 3, d=18, low=18), STRIDED):
                self.show(row)
                self.settle()
                self.assertEqual(self.browser.run(
                    "const view = document.querySelector('.slide-maps');"
                    "return [document.documentElement.clientWidth,"
                    " document.documentElement.scrollWidth, view.scrollWidth - view.clientWidth]"),
                    [width, width, 0])
                cell = self.browser.run(
                    "return document.querySelector('.slide-tap').getBoundingClientRect().width")
                self.assertGreaterEqual(cell, 9)

    def test_sight(self):
        """Both maps are seen at once: side by side, or one under the other on a phone."""
        boxes = ("return [...document.querySelectorAll('.slide figure')]"
                 ".map((figure) => figure.getBoundingClientRect()).map((box) => [box.x, box.y,"
                 " box.bottom])")
        large = facts("conv", [230, 230], [230, 230], 3, low=1)
        for width, beside in ((1280, True), (520, True), (390, False), (320, False)):
            self.browser.emulate(width, 800)
            self.show(large)
            self.settle()
            (left, top, bottom), (x, y, end) = self.browser.run(boxes)
            self.assertEqual((left == x, top == y), (not beside, beside), width)
            self.assertLess(max(bottom, end) - top, 600, width)

    def test_accessible(self):
        if len(sys.argv) < 2 or not pathlib.Path(sys.argv[1]).exists():
            self.skipTest("there is no axe-core")
        axe = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
        for dark in (False, True):
            self.browser.emulate(1280, 900, dark=dark)
            self.show(facts("conv", [6, 7, 8], [3, 4, 4], 3, s=2, low=1))
            self.assertEqual(self.browser.findings(axe), [])


if __name__ == "__main__":
    if webdriver.missing():
        print(f"skipped: there is no {webdriver.missing()}")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=1)
