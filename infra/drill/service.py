"""The service as the drill's people ask it: over HTTP, and again when it does not answer."""

import threading
import time
import uuid
from collections.abc import Callable
from itertools import chain, repeat
from typing import Any

import requests

JSON = dict[str, Any]
TIMEOUT_SECONDS = 30
PATIENCE_SECONDS = 120
PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Before each further try, the last for all that follow: to ask at once makes a bad minute worse."""


class Declined(Exception):
    """The service said no: the status and the problem's type."""

    def __init__(self, status: int, slug: str) -> None:
        super().__init__(f"{status} {slug}")
        self.status = status
        self.slug = slug


class Unanswered(Exception):
    """The service gave no answer worth the name for as long as anybody would try."""


class Tally:
    """What the drill's people met, counted by name."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def add(self, name: str, count: int = 1) -> None:
        with self._lock:
            self._counts[name] = self._counts.get(name, 0) + count

    def counts(self) -> dict[str, int]:
        """All of them, by name."""
        with self._lock:
            return dict(sorted(self._counts.items()))


class Service:
    """One person's connection. `renew` gives fresh headers when the service knows the old ones no more."""

    def __init__(
        self, url: str, tally: Tally, *, renew: Callable[["Service"], dict[str, str]] | None = None
    ) -> None:
        self.url = url.rstrip("/")
        self.tally = tally
        self._session = requests.Session()
        self._session.trust_env = False
        self._headers: dict[str, str] = {}
        self._renew: Callable[[Service], dict[str, str]] | None = None
        if renew:
            self._headers = renew(self)
        # Set last, so that a refused sign-in is not answered with a sign-in.
        self._renew = renew

    def carry(self, headers: dict[str, str]) -> None:
        """Send these headers from now on."""
        self._headers = {**self._headers, **headers}

    def get(self, path: str, **params: Any) -> Any:
        """What stands there."""
        return self._ask("GET", path, params={k: v for k, v in params.items() if v is not None})

    def post(self, path: str, body: Any = None, *, keyed: bool = False) -> Any:
        """Do it; `keyed` sends an `Idempotency-Key`, so that a retry does it once."""
        return self._ask("POST", path, json=body or {}, key=uuid.uuid4().hex if keyed else None)

    def put(self, path: str, body: Any = None) -> Any:
        """Say it."""
        return self._ask("PUT", path, json=body or {})

    def delete(self, path: str) -> Any:
        """Take it away."""
        return self._ask("DELETE", path)

    def _ask(self, method: str, path: str, *, key: str | None = None, **options: Any) -> Any:
        """Ask until there is an answer; raises `Declined`, `Unanswered`."""
        deadline, renewed = time.monotonic() + PATIENCE_SECONDS, False
        pauses = chain(PAUSES_SECONDS, repeat(PAUSES_SECONDS[-1]))
        while time.monotonic() < deadline:
            answer = self._once(method, path, {"Idempotency-Key": key} if key else {}, options)
            if answer is not None and answer.status_code == 401 and self._renew and not renewed:
                self._sign_in_again(self._renew)
                renewed = True
            elif answer is not None and answer.status_code < 500 and answer.status_code != 429:
                return _content(answer)
            else:
                self.tally.add("asked again")
                time.sleep(next(pauses))
        raise Unanswered(f"{method} {path}")

    def _sign_in_again(self, renew: Callable[["Service"], dict[str, str]]) -> None:
        self._renew = None
        self._headers = renew(self)
        self._renew = renew

    def _once(
        self, method: str, path: str, headers: dict[str, str], options: dict[str, Any]
    ) -> requests.Response | None:
        self.tally.add("requests")
        try:
            return self._session.request(
                method,
                self.url + path,
                headers={**self._headers, **headers},
                timeout=TIMEOUT_SECONDS,
                **options,
            )
        except requests.RequestException as fault:
            self.tally.add(f"no answer: {type(fault).__name__}")
            return None


def sign_in_staff(account: JSON) -> Callable[[Service], dict[str, str]]:
    """How a member of staff gets her headers, now and when her token has ended."""
    credentials = {name: account[name] for name in ("username", "password")}

    def renew(service: Service) -> dict[str, str]:
        return {"Authorization": str(service.post("/console/session", credentials)["id_token"])}

    return renew


def _content(answer: requests.Response) -> Any:
    if answer.ok:
        return answer.json() if answer.content else None
    try:
        slug = str(answer.json().get("type", "?"))
    except ValueError:
        slug = "?"
    raise Declined(answer.status_code, slug)
