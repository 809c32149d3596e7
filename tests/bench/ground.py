"""The ground all contenders stand on: a local AWS with the stack and nothing that works in its background."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalicelib.settings import settings
from infra.local import wechat
from infra.local.aws import start_aws
from infra.local.environment import app_environment, aws_environment, enter
from infra.local.stack import provide_stack
from infra.local.state import State
from infra.local.vault import provide_secrets
from tests.machine import ROOT

NOWHERE = "http://127.0.0.1:9"


@contextmanager
def bare_aws() -> Iterator[dict[str, str]]:
    """The stack's outputs; this process, and those it starts, are set up as one of the app's functions.

    No trigger runs: what follows from a report would take its turns in the middle of a measurement.
    """
    with tempfile.TemporaryDirectory() as directory:
        state = State(directory=Path(directory))
        with state.held() as lock:
            aws = start_aws(state, root=ROOT, lock=lock)
            try:
                enter(aws_environment(aws.endpoint))
                outputs = provide_stack(
                    state, template=ROOT / "infra" / "resources.yaml", endpoint=aws.endpoint
                )
                provide_secrets(endpoint=aws.endpoint)
                enter(
                    app_environment(
                        outputs,
                        root=ROOT,
                        url=NOWHERE,
                        wechat_endpoint=NOWHERE,
                        wechat_app_id=wechat.APP_ID,
                        kvs_endpoint=NOWHERE,
                    )
                )
                settings.cache_clear()
                yield outputs
            finally:
                aws.stop(within_seconds=3)
