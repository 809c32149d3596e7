"""The local gateway by itself, without triggers: `python -m tests.bench.gateway_alone PORT`."""

import os
import signal
import sys

from app import app
from infra.local.cognito import StaffTokens
from infra.local.gateway import handler_of
from infra.local.serving import LocalServer


def main() -> None:
    """Serve until SIGTERM."""
    tokens = StaffTokens(
        endpoint=os.environ["AWS_ENDPOINT_URL"], pool_id=os.environ["STAFF_POOL_ID"], client_id="nobody"
    )
    LocalServer(int(sys.argv[1])).start("gateway", handler_of(app, tokens))
    signal.pause()


if __name__ == "__main__":
    main()
