"""What may stand between a page and the service: somebody who answers in its stead, or a slow road."""

import re
from typing import Any

from playwright.sync_api import Page, Route

from tests.machine import eventually

NOT_ALLOWED: dict[str, Any] = {
    "status": 403,
    "content_type": "application/problem+json",
    "body": '{"type": "forbidden", "title": "Not allowed", "status": 403}',
}
"""What the gateway says for itself when the firewall before it lets nothing through."""

BLOCKED: dict[str, Any] = {
    "status": 403,
    "content_type": "text/html",
    "body": "<html><body>Request blocked</body></html>",
}
"""What a firewall says that was told nothing else."""


def turned_away(page: Page, pattern: str, answer: dict[str, Any], *, times: int = 2) -> None:
    """Have the first requests to each such address answered in the service's stead."""
    seen: list[str] = []

    def answered(route: Route) -> None:
        seen.append(route.request.url)
        if seen.count(route.request.url) <= times:
            route.fulfill(**answer)
        else:
            route.continue_()

    page.route(re.compile(pattern), answered)


class SlowRoad:
    """Keeps the requests to such an address on their way until they are let go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._page = page
        self._pattern = re.compile(pattern)
        self._held: list[Route] = []
        page.route(self._pattern, self._keep)

    def holds(self) -> None:
        """Wait until a request is on its way."""
        eventually(self._is_held)

    def lets_go(self) -> None:
        """Let the request that is on its way arrive."""
        self._held.pop().continue_()

    def ends(self) -> None:
        """Hold nothing any more."""
        self._page.unroute(self._pattern)

    def _is_held(self) -> bool:
        # What the browser tells is heard only while the page is asked something.
        self._page.wait_for_timeout(50)
        return bool(self._held)

    def _keep(self, route: Route) -> None:
        self._held.append(route)
