"""What is one deployment's own: the file `infra/stages/<stage>.json`, which holds no secret."""

import re
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[2]

_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")

_SIGNALING = """
us-east-1 us-east-2 us-west-2 af-south-1 ap-east-1 ap-south-1 ap-northeast-1 ap-northeast-2 ap-southeast-1
ap-southeast-2 ap-southeast-5 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-south-2 sa-east-1
me-south-1
"""
_SMS = """
us-east-1 us-east-2 us-west-1 us-west-2 af-south-1 ap-south-1 ap-south-2 ap-northeast-1 ap-northeast-3
ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ca-central-1 ca-west-1 eu-central-1 eu-central-2
eu-west-1 eu-west-2 eu-west-3 eu-south-1 eu-south-2 eu-north-1 il-central-1 me-south-1 me-central-1 sa-east-1
"""

SIGNALING_REGIONS = frozenset(_SIGNALING.split())
"""Where Kinesis Video Streams has WebRTC signaling: "Region availability" in its WebRTC developer guide."""

SMS_REGIONS = frozenset(_SMS.split())
"""Where SNS sends texts: "Supported countries and regions" in its developer guide."""


class DeployRefused(Exception):
    """Nothing was begun, or nothing more: the message says why and what to do."""


class Stage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One deployment. `environment` are settings by their variables (`chalicelib/settings.py`).

    `domain` is the bureau's own, with `certificate_arn` of ACM in the same region. `restored_tables` are in
    service in the place of the stack's, by the stack's outputs (`infra/restore`).

    `requests_per_second` and `burst` are those of the whole stage. 2,000 pages that follow a report ask 1,400
    times a second, a quarter of them with stills 1,670; 40 seats with a panel open 120; ten more who open the
    page each second, of 85 files, 850. Lambda's quota of 1,000 carries 3,000 at a quarter of a second each.
    """

    region: str
    county: str = "infra/county"
    lines: int = 6
    evidence_retention_days: int = 180
    log_retention_days: int = 180
    public_url: str = ""
    domain: str = ""
    certificate_arn: str = ""
    restored_tables: dict[str, str] = {}
    alarm_email: str = ""
    alarm_text_spend_usd: float = 50
    requests_per_second: int = 3000
    burst: int = 5000
    environment: dict[str, str] = {}

    @property
    def own_url(self) -> str:
        """Under which address people know the service; empty where only API Gateway's own serves."""
        return self.public_url or (f"https://{self.domain}" if self.domain else "")


def read_stage(name: str, *, folder: Path = ROOT / "infra" / "stages") -> Stage:
    """The stage's file; raises `DeployRefused` for a wrong name, file or region."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,15}", name) or name == "local":
        raise DeployRefused(
            f"{name!r} is no name of a stage: up to 16 lower-case letters, digits and hyphens"
        )
    path = folder / f"{name}.json"
    if not path.exists():
        raise DeployRefused(f"{path} is missing; copy infra/stages/example.json")
    try:
        stage = msgspec.json.decode(path.read_bytes(), type=Stage)
    except msgspec.MsgspecError as fault:
        raise DeployRefused(f"{path}: {fault}") from fault
    refuse_region(stage.region)
    refuse_domain(stage)
    return stage


def refuse_domain(stage: Stage) -> None:
    """Raises `DeployRefused` for a domain that is no plain name, or comes without its certificate."""
    if stage.domain and not _DOMAIN.fullmatch(stage.domain):
        raise DeployRefused(f"domain: {stage.domain!r} is no name like 110.example.gov.cn")
    if bool(stage.domain) != bool(stage.certificate_arn):
        raise DeployRefused("domain and certificate_arn, of a certificate in ACM, go together")


def refuse_region(region: str) -> None:
    """Raises `DeployRefused` with the reason where live calls or texts cannot work."""
    if region.startswith("cn-"):
        raise DeployRefused(
            f"{region} is in AWS's China partition, which offers neither Kinesis Video WebRTC signaling nor "
            "texts by SNS: live calls and alarms by text could not work there"
        )
    missing = [
        name
        for name, regions in (
            ("Kinesis Video WebRTC signaling", SIGNALING_REGIONS),
            ("texts by SNS", SMS_REGIONS),
        )
        if region not in regions
    ]
    if missing:
        both = ", ".join(sorted(SIGNALING_REGIONS & SMS_REGIONS))
        raise DeployRefused(f"{region} does not offer {' nor '.join(missing)}; regions with both: {both}")
