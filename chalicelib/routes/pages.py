"""The pages themselves, their assets, the county's public data, and the description of this interface."""

from typing import Any

import msgspec
from chalice.app import Blueprint, Response

from chalicelib.adapters import county as bureau
from chalicelib.adapters import pages as files
from chalicelib.domain.position import Point
from chalicelib.domain.refusals import PageNotFound
from chalicelib.routes.contract import Call, contract
from chalicelib.routes.views import View
from chalicelib.settings import settings

pages = Blueprint(__name__)

PLACES_SHOWN = 300
"""As many names as a map can carry."""

YEAR = "public, max-age=31536000, immutable"


class Tiles(View, frozen=True, kw_only=True):
    """Where map tiles come from, when a deployment has a source."""

    url: str
    attribution: str


class PlaceName(View, frozen=True, kw_only=True):
    """A name on the map."""

    name: str
    lat: float
    lng: float


class CountyView(View, frozen=True, kw_only=True):
    """The bureau's name and numbers, and the outline that the map draws with no internet."""

    name: str
    name_en: str
    adcode: str
    emergency_number: str
    text_number: str
    timezone: str
    centre: Point
    outline: dict[str, Any]
    places: list[PlaceName]
    margin_m: float
    tiles: Tiles | None
    demonstration: bool


@pages.route("/", methods=["GET"])
@contract(pages)
def citizen_page(call: Call[None]) -> Response:
    """The citizen's page."""
    return _page("citizen")


@pages.route("/console", methods=["GET"])
@contract(pages)
def console_page(call: Call[None]) -> Response:
    """The call-taker's page."""
    return _page("console")


@pages.route("/officer", methods=["GET"])
@contract(pages)
def officer_page(call: Call[None]) -> Response:
    """The officer's page; the token stands in the fragment and never comes here."""
    return _page("officer")


@pages.route("/ack", methods=["GET"])
@contract(pages)
def ack_page(call: Call[None]) -> Response:
    """The commander's page; the token stands in the fragment and never comes here."""
    return _page("ack")


@pages.route("/assets/{name}", methods=["GET"])
@contract(pages, refuses=(PageNotFound,))
def asset(call: Call[None], name: str) -> Response:
    """One file of a page, named by its content."""
    found = files.asset(name)
    if found is None:
        raise PageNotFound("no such asset")
    headers: dict[str, str | list[str]] = {
        "Content-Type": found.content_type,
        "Cache-Control": YEAR,
    }
    return Response(body=found.text, headers=headers)


@pages.route("/county", methods=["GET"])
@contract(pages, gives=CountyView)
def county(call: Call[None]) -> CountyView:
    """What every page needs to know of the bureau."""
    chosen, here = settings(), bureau.county()
    tiles = Tiles(url=chosen.tiles_url, attribution=chosen.tiles_attribution) if chosen.tiles_url else None
    return CountyView(
        **msgspec.structs.asdict(here),
        outline=bureau.outline(),
        places=_place_names(),
        tiles=tiles,
        demonstration=chosen.demonstration,
    )


def serve_verification(name: str, content: str) -> None:
    """Serve the file by which WeChat sees whose domain this is: at the root, under the name WeChat chose."""

    @pages.route(f"/{name}", methods=["GET"])
    @contract(pages)
    def wechat_verification(call: Call[None]) -> Response:
        """The file by which WeChat sees whose domain this is."""
        return Response(body=content, headers={"Content-Type": "text/plain; charset=utf-8"})


if settings().wechat_verification:
    # `NAME.txt=content`: a literal path, because API Gateway would take no `/{name}` beside the pages.
    serve_verification(*settings().wechat_verification.split("=", 1))


def _place_names() -> list[PlaceName]:
    named = bureau.gazetteer().places[:PLACES_SHOWN]
    return [PlaceName(name=one.name, lat=one.point.lat, lng=one.point.lng) for one in named]


def _page(name: str) -> Response:
    return Response(
        body=files.page(name),
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "no-cache",
            "Content-Security-Policy": content_policy(),
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "X-Frame-Options": "DENY",
            "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(self)",
        },
    )


def content_policy() -> str:
    """What a page may load: its own files, and pictures from the store (and the tiles', where set)."""
    chosen = settings()
    storage = chosen.storage_origin or "https://*.amazonaws.com"
    signaling = chosen.signaling_origin or "wss://*.amazonaws.com"
    tiles = _origin(chosen.tiles_url)
    rules = {
        "default-src": "'self'",
        "img-src": f"'self' blob: data: {storage} {tiles}",
        "media-src": f"'self' blob: {storage}",
        "connect-src": f"'self' {storage} {signaling}",
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources.strip()}" for name, sources in rules.items())


def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0].replace('{s}', '*')}" if rest else ""
