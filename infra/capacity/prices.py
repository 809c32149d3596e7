"""What amounts cost by the price table beside this file: data with its region and date, never a quotation."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

TABLE = Path(__file__).with_name("prices.json")


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """US dollars for so many of a unit of a service."""

    usd: float
    per: int
    unit: str
    of: str


class Prices(msgspec.Struct, frozen=True, kw_only=True):
    """The prices of a region as they were gathered on a day."""

    region: str
    currency: str
    gathered: str
    note: str
    prices: dict[str, Price]

    def dollars(self, amounts: Mapping[str, float]) -> dict[str, float]:
        """What each amount costs; raises `KeyError` for one that has no price."""
        known = {name: (amount, self.prices[name]) for name, amount in amounts.items()}
        return {name: amount * price.usd / price.per for name, (amount, price) in known.items()}


def read_prices() -> Prices:
    """The table as it stands."""
    return msgspec.json.decode(TABLE.read_bytes(), type=Prices)
