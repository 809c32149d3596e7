"""One contender in a process of its own: files reports on command and says what each took.

`python contender.py MODULE HANDLER EVENT`. It needs Python alone, so that it runs in anybody's environment.
Commands come by line and are answered by a line of JSON: `answer`, `requests`, `wall N`, `instructions N`,
`calls N`, `profile N`.
"""

import copy
import cProfile
import ctypes
import gc
import importlib
import json
import mmap
import os
import platform
import sys
import time
import uuid
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

START, STOP = 4, 5
HTTP_SESSION = "botocore/httpsession.py"
SEARCH_AFTER = 100_000
"""With LEAN in its environment a contender looks for garbage as seldom as the service does."""

# valgrind.h's special sequence for x86-64: four rotations that add up to nothing, and a register exchanged
# with itself. Outside valgrind it does nothing.
REQUEST = bytes.fromhex("4889f8 31d2 48c1c703 48c1c70d 48c1c73d 48c1c733 4887db 4889d0 c3")


class Callgrind:
    """Tells the valgrind that this process runs under to count, and to stop counting."""

    def __init__(self) -> None:
        if platform.machine() != "x86_64":
            raise NotImplementedError("only the x86-64 sequence is known here")
        self._page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        self._page.write(REQUEST)
        at = ctypes.addressof(ctypes.c_char.from_buffer(self._page))
        self._ask = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p)(at)

    def ask(self, request: int) -> None:
        """Send one of callgrind's client requests."""
        arguments = (ctypes.c_uint64 * 6)((ord("C") << 24 | ord("T") << 16) + request, 0, 0, 0, 0, 0)
        self._ask(ctypes.addressof(arguments))


class Contender:
    """A handler and the event it is given, under another key each time."""

    def __init__(self, module: str, handler: str, event: dict[str, Any]) -> None:
        began = time.process_time()
        if os.environ.get("LEAN"):
            gc.set_threshold(SEARCH_AFTER)
        self._handler = getattr(importlib.import_module(module), handler)
        if os.environ.get("LEAN"):
            gc.freeze()
        self._import_ms = (time.process_time() - began) * 1000
        self._event = event

    def first(self, _count: int) -> tuple[float, float]:
        """Milliseconds of processor time of the import and of this report, asked of a new process."""
        ((_, nanoseconds),) = self.wall(1)
        return self._import_ms, nanoseconds / 1e6

    def _new(self) -> dict[str, Any]:
        event, key = copy.deepcopy(self._event), uuid.uuid4().hex
        event["headers"]["Idempotency-Key"] = key
        event["multiValueHeaders"]["Idempotency-Key"] = [key]
        return event

    def _do(self, event: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self._handler(event, None)
        if answer["statusCode"] != 201:
            raise RuntimeError(answer)
        return answer

    def answer(self, _count: int) -> Any:
        """What is answered, and that the same key is answered the same and another body refused."""
        event = self._new()
        first, again = self._do(event), self._do(event)
        other = {**event, "body": event["body"].replace("需要", "不需要")}
        refused = self._handler(other, None)["statusCode"]
        return {"body": json.loads(first["body"]), "again": json.loads(again["body"]), "refused": refused}

    def wall(self, count: int) -> list[tuple[int, int]]:
        """Nanoseconds of each of so many reports: of the clock, and of this process's processor time."""
        times = []
        for event in [self._new() for _ in range(count)]:
            wall, cpu = time.perf_counter_ns(), time.process_time_ns()
            self._do(event)
            times.append((time.perf_counter_ns() - wall, time.process_time_ns() - cpu))
        return times

    def instructions(self, count: int) -> int:
        """Have callgrind count so many reports; it writes its total as the process ends."""
        events, callgrind = [self._new() for _ in range(count)], Callgrind()
        callgrind.ask(START)
        for event in events:
            self._do(event)
        callgrind.ask(STOP)
        return count

    def calls(self, count: int) -> float:
        """How many functions, of Python and of C, one report calls."""
        events, seen = [self._new() for _ in range(count)], 0

        def count_one(_frame: object, what: str, _argument: object) -> None:
            nonlocal seen
            seen += what in ("call", "c_call")

        sys.setprofile(count_one)
        for event in events:
            self._do(event)
        sys.setprofile(None)
        return seen / count

    def requests(self, _count: int) -> tuple[int, int]:
        """How many requests botocore sends for a report, and for the same one again."""
        event = self._new()
        return self._sent(event), self._sent(event)

    def _sent(self, event: dict[str, Any]) -> int:
        sent = 0

        def count_one(frame: FrameType, what: str, _argument: object) -> None:
            nonlocal sent
            code = frame.f_code
            sent += what == "call" and code.co_name == "send" and code.co_filename.endswith(HTTP_SESSION)

        sys.setprofile(count_one)
        self._do(event)
        sys.setprofile(None)
        return sent

    def profile(self, count: int) -> dict[str, float]:
        """Milliseconds of one report by the package that spends them."""
        events, profiler = [self._new() for _ in range(count)], cProfile.Profile()
        profiler.enable()
        for event in events:
            self._do(event)
        profiler.disable()
        spent: Counter[str] = Counter()
        for entry in profiler.getstats():
            spent[_package(entry.code)] += entry.inlinetime
        return {name: seconds * 1000 / count for name, seconds in spent.items()}


def _package(code: Any) -> str:
    """Whose a function is: `code` is a code object, or the name of a function of C."""
    if isinstance(code, str):
        return "sockets" if "_socket" in code else "functions of C"
    *_, installed = code.co_filename.split("site-packages/")
    if installed != code.co_filename:
        return installed.partition("/")[0].removesuffix(".py")
    *_, own = code.co_filename.partition("/chalicelib/")
    return f"chalicelib.{own.partition('/')[0].removesuffix('.py')}" if own else "Python's library"


def main() -> None:
    """Answer commands until there are no more."""
    answers, sys.stdout = sys.stdout, sys.stderr
    module, handler, event = sys.argv[1:]
    contender = Contender(module, handler, json.loads(Path(event).read_text("utf-8")))
    for line in sys.stdin:
        command, _, count = line.strip().partition(" ")
        print(json.dumps(getattr(contender, command)(int(count or 1))), file=answers, flush=True)


if __name__ == "__main__":
    main()
