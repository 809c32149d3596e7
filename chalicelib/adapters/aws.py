"""The AWS clients, one of each kind a process, made when first needed and all of one session.

A session of its own for each would read botocore's own files again each time, on the way of the first report.
"""

import os
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple


class Patience(NamedTuple):
    """How long a client waits for a connection and for an answer, and how often it tries."""

    connect_seconds: float
    read_seconds: float
    tries: int


PATIENCE = Patience(connect_seconds=1, read_seconds=10, tries=3)

OF_ONE: Mapping[str, Patience] = {"sns": Patience(connect_seconds=1, read_seconds=5, tries=2)}
"""What a service has of its own. Who sends a text must hear of it while its function has time left, or nobody
knows what became of the text (docs/decisions/0017)."""

_clients: dict[str, Any] = {}
_at_endpoints: dict[tuple[str, str, str], Any] = {}
_of_tables: dict[tuple[float, float, int], Any] = {}
_making = threading.Lock()


def client(service: str) -> Any:
    """The client of one AWS service; boto3's default session is not safe to make clients from in parallel."""
    if service not in _clients:
        with _making:
            if service not in _clients:
                _clients[service] = _made(service)
    return _clients[service]


def client_at(service: str, *, endpoint: str, region: str) -> Any:
    """The client of a service that stands at an address of a line's own.

    Someone waits for each of its answers, so it gives up after 6 s at the latest: two tries of 1 s and 2 s.
    """
    key = (service, endpoint, region)
    if key not in _at_endpoints:
        with _making:
            if key not in _at_endpoints:
                _at_endpoints[key] = _made_at(service, endpoint, region)
    return _at_endpoints[key]


def tables_client(*, connect_seconds: float, read_seconds: float, tries: int) -> Any:
    """The DynamoDB client of all tables that wait equally long.

    Its user agent is short, because botocore puts the long one together twice for each request.
    """
    key = (connect_seconds, read_seconds, tries)
    if key not in _of_tables:
        with _making:
            if key not in _of_tables:
                _of_tables[key] = _made_for_tables(*key)
    return _of_tables[key]


@cache
def role() -> Any:
    """This function's own credentials, its session token included; None where it has none.

    Kept, because to find them costs a new session 20 ms and more; botocore renews those that can end.
    """
    import boto3

    return boto3.Session().get_credentials()


def _made(service: str) -> Any:
    from botocore.config import Config

    connect_seconds, read_seconds, tries = OF_ONE.get(service, PATIENCE)
    patience = Config(
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        retries={"total_max_attempts": tries, "mode": "standard"},
        max_pool_connections=32,
    )
    config = patience.merge(_of_buckets()) if service == "s3" else patience
    return _session().create_client(service, config=config)


def _of_buckets() -> Any:
    """What is signed names the bucket's host in its own region, where botocore names the global one.

    That one redirects, for hours after a bucket was made and in newer regions for good, and stands in no list
    of WeChat's. A store that was set in the place of AWS's has no host for each bucket.
    """
    from botocore.config import Config

    elsewhere = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    return Config(signature_version="s3v4", s3={"addressing_style": "path" if elsewhere else "virtual"})


def _made_at(service: str, endpoint: str, region: str) -> Any:
    from botocore.config import Config

    patience = Config(
        connect_timeout=1,
        read_timeout=2,
        retries={"total_max_attempts": 2, "mode": "standard"},
        max_pool_connections=32,
    )
    return _session().create_client(service, region_name=region, endpoint_url=endpoint, config=patience)


def _made_for_tables(connect_seconds: float, read_seconds: float, tries: int) -> Any:
    from botocore.config import Config

    patience = Config(
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        retries={"total_max_attempts": tries, "mode": "standard"},
        max_pool_connections=64,
        parameter_validation=False,
        user_agent="instant110",
    )
    return _session().create_client("dynamodb", config=patience)


@cache
def _session() -> Any:
    """The one session, whose making and use for clients `_making` guards."""
    from botocore.session import get_session

    return get_session()
