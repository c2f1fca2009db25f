"""A browser without a window, driven over a pipe by Chromium's own protocol: clicks, keys, pictures.

Only the standard library is used. Every name but this machine's is unknown to it, and what a page
asks for and complains of is written down.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
#: the protocol wants descriptors 3 and 4, which Popen cannot give
_LAUNCH = """
import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(fd), fcntl.F_DUPFD, 10) for fd in sys.argv[1:3])
os.dup2(reads, 3)
os.dup2(writes, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
KEYS = {
    "Enter": ("Enter", 13, "\r"), "Tab": ("Tab", 9, ""), "Escape": ("Escape", 27, ""),
    " ": ("Space", 32, " "), "ArrowLeft": ("ArrowLeft", 37, ""), "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowRight": ("ArrowRight", 39, ""), "ArrowDown": ("ArrowDown", 40, ""),
    "Home": ("Home", 36, ""), "End": ("End", 35, ""), "PageDown": ("PageDown", 34, ""),
}  # fmt: skip


def find_browser() -> str | None:
    """Return the path of a Chromium, or None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One page in a browser of its own.

    Parameters
    ----------
    path
        Of the program.

    Attributes
    ----------
    said : list of str
        Errors and warnings of the console, and exceptions nobody caught.
    asked : list of str
        Every address the page asked for.
    """

    def __init__(self, path: str) -> None:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        child_reads, self._write = os.pipe()
        self._read, child_writes = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603 - a fixed program with fixed arguments
            [sys.executable, "-c", _LAUNCH, str(child_reads), str(child_writes), path, *QUIET,
             f"--user-data-dir={self._profile.name}"],
            pass_fds=(child_reads, child_writes),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(child_reads)
        os.close(child_writes)
        self._waiting = b""
        self._number = 0
        self._session: str | None = None
        self.said: list[str] = []
        self.asked: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        os.close(self._read)
        self._profile.cleanup()

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Call one method of the protocol, and return its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next(60.0)
            if answer.get("id") == self._number:
                if "error" in answer:
                    msg = f"{method}: {answer['error']['message']}"
                    raise RuntimeError(msg)
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self, timeout: float) -> dict[str, Any]:
        end = time.monotonic() + timeout
        while b"\0" not in self._waiting:
            ready, _, _ = select.select([self._read], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise TimeoutError
            part = os.read(self._read, 1 << 20)
            if not part:
                msg = "the browser ended"
                raise RuntimeError(msg)
            self._waiting += part
        text, _, self._waiting = self._waiting.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        self._note(message)
        return message

    def _note(self, message: dict[str, Any]) -> None:
        known = message.get("params", {})
        match message.get("method"):
            case "Runtime.consoleAPICalled" if known["type"] in ("error", "warning", "assert"):
                texts = [str(x.get("value", x.get("description", ""))) for x in known["args"]]
                self.said.append(" ".join(texts))
            case "Runtime.exceptionThrown":
                details = known["exceptionDetails"]
                self.said.append(details.get("exception", {}).get("description", details["text"]))
            case "Log.entryAdded" if known["entry"]["level"] in ("error", "warning"):
                entry = known["entry"]
                self.said.append(f"{entry['text']} {entry.get('url', '')}".strip())
            case "Network.requestWillBeSent":
                # data: is part of the page itself, and long
                address = known["request"]["url"]
                if not address.startswith(("data:", "blob:")):
                    self.asked.append(address)

    def open(self, address: str) -> None:
        """Go to an address."""
        self.call("Page.navigate", url=address)

    def run(self, script: str) -> Any:  # noqa: ANN401 - whatever the page answers
        """Return what an expression of the page comes to; promises are waited for."""
        answer = self.call(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def wait(self, condition: str, timeout: float = 20.0) -> None:
        """Wait until an expression of the page is true."""
        end = time.monotonic() + timeout
        while True:
            try:
                if self.run(f"(async () => Boolean(await ({condition})))()"):
                    return
            except RuntimeError:
                pass
            if time.monotonic() > end:
                shown = self.run("document.body.innerText.slice(0, 600)")
                msg = f"waited {timeout:g} s for {condition}; said {self.said}; shown: {shown}"
                raise TimeoutError(msg)
            time.sleep(0.05)

    def click(self, selector: str, timeout: float = 10.0) -> None:
        """Click the middle of the first element that a selector finds, as a mouse does.

        A page that is being laid out can move the element from under the mouse. The element is
        asked whether it was clicked, and clicked again where it was not.

        Raises
        ------
        LookupError
            When there is no such element.
        TimeoutError
            When something else lies over it.
        """
        end = time.monotonic() + timeout
        while True:
            at = self._aim(selector)
            where = {"x": at[0], "y": at[1], "button": "left", "clickCount": 1}
            self.call("Input.dispatchMouseEvent", type="mousePressed", **where)
            self.call("Input.dispatchMouseEvent", type="mouseReleased", **where)
            # another page knows nothing of it: the click led there
            if self.run("window.__heard ?? true"):
                return
            if time.monotonic() > end:
                above = self.run(
                    f"document.elementFromPoint({at[0]}, {at[1]})?.outerHTML.slice(0, 200)"
                )
                msg = f"{selector} cannot be clicked: {above} lies over it"
                raise TimeoutError(msg)

    def _aim(self, selector: str) -> list[float]:
        """Wait until an element lies still, have it note a click, and return where its middle is."""
        at: list[float] | None = self.run(
            f"""(async () => {{
                const node = document.querySelector({json.dumps(selector)});
                if (!node) return null;
                window.__heard = false;
                node.addEventListener("click", () => {{ window.__heard = true; }}, {{ capture: true, once: true }});
                const frame = () => new Promise((done) => requestAnimationFrame(done));
                let before = "";
                for (let still = 0; still < 3;) {{
                    node.scrollIntoView({{ block: "center", inline: "center", behavior: "instant" }});
                    await frame();
                    const box = node.getBoundingClientRect();
                    const now = `${{box.x}} ${{box.y}} ${{box.width}} ${{box.height}}`;
                    still = now === before ? still + 1 : 0;
                    before = now;
                }}
                const box = node.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"""
        )
        if at is None:
            msg = f"there is no {selector}"
            raise LookupError(msg)
        return at

    def press(self, key: str) -> None:
        """Press and release a key."""
        code, number, text = KEYS[key] if key in KEYS else (key, ord(key.upper()), key)
        known = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **known)
        self.call("Input.dispatchKeyEvent", type="keyUp", **known)

    def fill(self, selector: str, text: str) -> None:
        """Put a text into a field, as typing does."""
        self.run(
            f"""(() => {{
                const node = document.querySelector({json.dumps(selector)});
                node.focus();
                if (node.select) node.select();
            }})()"""
        )
        self.call("Input.insertText", text=text)

    def choose(self, selector: str, value: str) -> None:
        """Choose an option of a list by its value."""
        self.run(
            f"""(() => {{
                const node = document.querySelector({json.dumps(selector)});
                node.value = {json.dumps(value)};
                node.dispatchEvent(new Event("input", {{ bubbles: true }}));
                node.dispatchEvent(new Event("change", {{ bubbles: true }}));
            }})()"""
        )

    def size(self, width: int, height: int, *, phone: bool = False, dark: bool = False) -> None:
        """Make the page as large as a screen, light or dark."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        scheme = "dark" if dark else "light"
        self.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """Take a picture of the page, of what is seen or of all of it."""
        found = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        if whole:
            box = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": box["width"], "height": box["height"], "scale": 1}
            found = self.call(
                "Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip
            )
        path.write_bytes(base64.b64decode(found["data"]))
