"""The boto3 clients, one of each kind a process, made when first needed."""

import threading
from functools import cache
from typing import Any

_clients: dict[str, Any] = {}
_making = threading.Lock()


def client(service: str) -> Any:
    """The client of one AWS service; boto3's default session is not safe to make clients from in parallel."""
    if service not in _clients:
        with _making:
            if service not in _clients:
                _clients[service] = _made(service)
    return _clients[service]


@cache
def role() -> Any:
    """This function's own credentials, its session token included; None where it has none.

    Kept, because to find them costs a new session 20 ms and more; botocore renews those that can end.
    """
    import boto3

    return boto3.Session().get_credentials()


def _made(service: str) -> Any:
    import boto3
    from botocore.config import Config

    patience = Config(
        connect_timeout=1,
        read_timeout=10,
        retries={"total_max_attempts": 3, "mode": "standard"},
        signature_version="s3v4" if service == "s3" else None,
        max_pool_connections=32,
    )
    return boto3.client(service, config=patience)  # type: ignore[call-overload]
