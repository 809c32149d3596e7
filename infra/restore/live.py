"""A stage's live tables, read by the service's own code in this process."""

import os
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.settings import settings
from infra.deploy.build import Where, environment_of
from infra.deploy.stage import ROOT, read_stage
from infra.deploy.steps import Deployment


def read_live(name: str, folder: Path) -> Where:
    """Set this process up as one of the stage's functions; raises `DeployRefused`."""
    stage = read_stage(name, folder=folder)
    where = Deployment(name, stage, folder=ROOT / "build" / "app").where
    os.environ.update(environment_of(where, stage, public_url=stage.own_url))
    settings.cache_clear()
    return where


def moment(text: str) -> datetime:
    """A moment as people write it; without a zone it is in UTC."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
