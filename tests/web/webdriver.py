"""A browser driven by WebDriver (W3C Recommendation of 2018) with the standard library alone."""

import base64
import http.client
import json
import re
import shutil
import subprocess
import time

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
DRIVER = ("chromedriver", "chromium.chromedriver")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of elements in the protocol

# Keys of the protocol.
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Control": "\ue009",
        "Escape": "\ue00c", " ": " ", "End": "\ue010", "Home": "\ue011", "Left": "\ue012",
        "Up": "\ue013", "Right": "\ue014", "Down": "\ue015"}


class DriverError(Exception):
    """What the driver answers when it cannot do something."""


def find(names):
    """The path of the first program that is there, or None."""
    return next((path for path in map(shutil.which, names) if path), None)


def missing():
    """What has to be installed, or None."""
    return next((names[0] for names in (CHROMIUM, DRIVER) if not find(names)), None)


class Browser:
    """One window; a context manager, at whose end the browser is gone."""

    def __init__(self, *arguments, seconds=60):
        self.process = subprocess.Popen([find(DRIVER), "--port=0"], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.session = None
        self.seconds = seconds
        try:
            self.port = self._read_port()
            options = {"binary": find(CHROMIUM), "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-quic", "--hide-scrollbars", *arguments]}
            answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
                "browserName": "chrome", "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
            self.session = answer["sessionId"]
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            if self.session is not None:
                self._call("DELETE", f"/session/{self.session}")
        except (DriverError, OSError, http.client.HTTPException):
            pass
        self.session = None
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def _read_port(self):
        for line in self.process.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return int(found[1])
        raise DriverError("the driver did not start")

    def _call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        try:
            connection.request(method, path, None if body is None else json.dumps(body),
                               {"Content-Type": "application/json"})
            value = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise DriverError(f"{value['error']}: {value['message'].splitlines()[0]}")
        return value

    def _do(self, path, body=None, method="POST"):
        return self._call(method, f"/session/{self.session}{path}",
                          {} if body is None and method == "POST" else body)

    def open(self, address):
        self._do("/url", {"url": address})

    def reload(self):
        self._do("/refresh")

    def run(self, script, *arguments):
        """What the body of a function returns."""
        return self._do("/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, expression, *arguments):
        """The expression's value as soon as it is true; an expression, because times differ."""
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            value = self.run(f"return ({expression})", *arguments)
            if value:
                return value
            time.sleep(0.02)
        raise DriverError(f"never true: {expression} {arguments}")

    def element(self, selector):
        return self._do("/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self._do(f"/element/{self.element(selector)}/click")

    def text(self, selector):
        return self._do(f"/element/{self.element(selector)}/text", method="GET")

    def name(self, selector):
        """The name that assistive technology is given."""
        return self._do(f"/element/{self.element(selector)}/computedlabel", method="GET")

    def type(self, selector, text):
        """Types at the end of a field, as a user would after a click."""
        self._do(f"/element/{self.element(selector)}/value", {"text": text})

    def fill(self, selector, text):
        """The same in place of what the field holds."""
        self._do(f"/element/{self.element(selector)}/clear")
        self.type(selector, text)

    def keys(self, *names, hold=()):
        """Presses keys, wherever the focus is."""
        down = [{"type": "keyDown", "value": KEYS[name]} for name in hold]
        up = [{"type": "keyUp", "value": KEYS[name]} for name in hold]
        pressed = [{"type": kind, "value": KEYS.get(name, name)} for name in names
                   for kind in ("keyDown", "keyUp")]
        self._do("/actions", {"actions": [{"type": "key", "id": "keyboard",
                                           "actions": down + pressed + up}]})

    def command(self, name, **parameters):
        """A command of the DevTools protocol, for what WebDriver has not."""
        return self._do("/goog/cdp/execute", {"cmd": name, "params": parameters})

    def emulate(self, width, height, dark=False, reduced=False):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=width < 500)
        self.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if reduced else "no-preference"}])

    def messages(self):
        """What the console got since the last call."""
        return [entry["message"] for entry in self._do("/se/log", {"type": "browser"})]

    def requests(self):
        """The addresses that were asked for since the last call, whatever came of it."""
        events = [json.loads(entry["message"])["message"]
                  for entry in self._do("/se/log", {"type": "performance"})]
        return [event["params"]["request"]["url"] for event in events
                if event["method"] == "Network.requestWillBeSent"]

    def picture(self, path):
        """The whole page as a PNG."""
        size = self.run("return [document.documentElement.clientWidth,"
                        " Math.min(document.documentElement.scrollHeight, 8000)]")
        data = self.command("Page.captureScreenshot", captureBeyondViewport=True, clip={
            "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1})["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def findings(self, axe):
        """What axe-core, of which `axe` is the text, finds on the page: rule and place."""
        self.run(axe + "\n;window.axe = axe;")
        found = self._do("/execute/async", {"args": [], "script": """
            const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ["violations"]}).then(
                (result) => done(result.violations.flatMap((rule) => rule.nodes.map((node) =>
                    `${rule.id}: ${node.html.slice(0, 120)}: ${node.failureSummary}`))),
                (error) => done([String(error)]));"""})
        return found
