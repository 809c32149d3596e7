"""The app's own routes, as whoever attacks them walks through them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from chalicelib.routes.contract import Contract

STAFF = ("call_taker", "commander", "specialist", "admin")


class Route(NamedTuple):
    """One method of one path, with what its contract says."""

    method: str
    path: str
    terms: Contract
    is_citizens: bool

    @property
    def name(self) -> str:
        """As `POST /reports/photo-text`."""
        return f"{self.method} {self.path}"

    @property
    def variables(self) -> list[str]:
        """The names in its path."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def fields(self) -> list[str]:
        """The names of its body, as they are sent."""
        return (
            [one.encode_name for one in msgspec.structs.fields(self.terms.takes)] if self.terms.takes else []
        )

    @property
    def queries(self) -> list[str]:
        """The names of its query, as they are sent."""
        return (
            [one.encode_name for one in msgspec.structs.fields(self.terms.query)] if self.terms.query else []
        )

    @property
    def caller(self) -> str:
        """One of those it is for: `nobody` where no account is asked for."""
        if self.terms.groups:
            return str(next((one for one in STAFF if one in self.terms.groups), self.terms.groups[0]))
        return "citizen" if self.is_citizens else "nobody"

    def address(self, values: Mapping[str, str] | None = None) -> str:
        """The path with its variables filled in; with nothing given, by ids of nothing."""
        values = values or dict.fromkeys(self.variables, "a" * 26)
        return self.path.format(**{name: values[name] for name in self.variables})


def routes_of(app: Any) -> Iterator[Route]:
    """Every route of the app: a new one is attacked too, without being named here."""
    for path, methods in app.routes.items():
        for method, entry in methods.items():
            terms = entry.view_function.contract
            yield Route(method, path, terms, entry.authorizer is not None and not terms.groups)
