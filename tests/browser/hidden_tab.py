"""A Chromium whose tabs can really be hidden.

Playwright keeps every page of its own visible, so what a browser does to a tab in the background cannot be
seen through it. This one is driven over Chromium's own pipe, with nothing switched off.
"""

import json
import os
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any

from tests.chromium import find_chromium

# Chromium reads commands from descriptor 3 and answers on 4.
_WIRED = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class RealBrowser:
    """A headless Chromium with a profile of its own in `directory`."""

    def __init__(self, directory: Path) -> None:
        commands, self._commands = os.pipe()
        self._answers, answers = os.pipe()
        arguments = ["--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--no-first-run"]
        arguments += ["--disable-background-networking", "--disable-component-update"]
        wired = [sys.executable, "-c", _WIRED, str(commands), str(answers), find_chromium()]
        self._process = subprocess.Popen(
            [*wired, *arguments, f"--user-data-dir={directory}", "about:blank"],
            pass_fds=[commands, answers],
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(answers)
        self._numbers = count(1)
        self._unread = b""

    def tab(self, url: str) -> "Tab":
        """Open a tab in front of the others."""
        target = self.ask("Target.createTarget", {"url": url})["targetId"]
        session = self.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        self.ask("Target.activateTarget", {"targetId": target})
        return Tab(self, session)

    def ask(self, method: str, params: dict[str, Any], session: str | None = None) -> Any:
        """Send one command of the DevTools protocol; answers its result."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": params}
        if session:
            command["sessionId"] = session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def close(self) -> None:
        """End the browser."""
        self.ask("Browser.close", {})
        self._process.wait(20)
        os.close(self._commands)
        os.close(self._answers)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            read = os.read(self._answers, 1 << 16)
            assert read, "the browser ended"
            self._unread += read
        message, self._unread = self._unread.split(b"\0", 1)
        answer: dict[str, Any] = json.loads(message)
        return answer


class Tab:
    """One tab."""

    def __init__(self, browser: RealBrowser, session: str) -> None:
        self._browser = browser
        self._session = session

    def run(self, script: str) -> Any:
        """Evaluate a script as if somebody had just clicked; answers its value."""
        params = {"expression": script, "awaitPromise": True, "returnByValue": True, "userGesture": True}
        result = self._browser.ask("Runtime.evaluate", params, self._session)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")
