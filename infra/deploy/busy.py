"""What AWS is still busy with takes no further change: it is asked again until it does, and not for ever."""

import time
from collections.abc import Callable

from botocore.exceptions import ClientError

from infra.deploy.stage import DeployRefused

BUSY = ("ResourceInUseException", "ResourceConflictException")
"""What Lambda says of a mapping that is being made, changed or removed. botocore asks again for neither."""

PAUSE_SECONDS = 2
TRIES = 60
"""Two minutes; Lambda takes seconds, and rarely a minute."""


def once_free(
    what: str, change: Callable[[], object], *, pause: Callable[[float], None] = time.sleep
) -> None:
    """Make a change as soon as AWS takes it; raises `DeployRefused` when it has not within two minutes."""
    for _ in range(TRIES):
        try:
            change()
        except ClientError as fault:
            said = fault.response["Error"]["Code"]
            if said not in BUSY:
                raise
            pause(PAUSE_SECONDS)
        else:
            return
    waited = TRIES * PAUSE_SECONDS
    raise DeployRefused(f"{what}: AWS was busy with it still after {waited} s ({said}); run the same again")
