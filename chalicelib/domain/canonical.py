"""The one JSON text of a value, which hashes and digests are made of.

Equal values give equal bytes, also after they were stored as JSON and read again. For what the timeline
holds that comes to RFC 8785, but for the order of keys (by UTF-8 here) and the spelling of large floats.
"""

from typing import Any

import msgspec


def canonical(value: object) -> bytes:
    """The one JSON text of a value, in UTF-8: keys sorted, no spaces, times as RFC 3339.

    Raises ValueError for NaN and infinity, TypeError for what JSON cannot say.
    """
    return msgspec.json.encode(plain(value), order="sorted")


def plain(value: object) -> Any:
    """The plain JSON of a value, equal to itself after being stored and read again.

    Structs, enums and datetimes become what JSON has for them. Whole numbers become integers (a table's
    number type forgets that 1.0 was not 1). Half a character, which phones send when they cut a text inside
    an emoji, becomes U+FFFD. Raises ValueError for NaN and infinity.
    """
    return _settled(msgspec.to_builtins(value, str_keys=True))


def _settled(value: Any) -> Any:
    match value:
        case str():
            return _whole_characters(value)
        case float():
            return _settled_float(value)
        case list() | tuple():
            return [_settled(item) for item in value]
        case dict():
            return {_whole_characters(key): _settled(item) for key, item in value.items()}
        case _:
            return value


def _whole_characters(text: str) -> str:
    # Nearly all texts are keys and names of ours, in ASCII.
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _settled_float(value: float) -> int | float:
    if value - value != 0:
        raise ValueError("a number must be finite")
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
