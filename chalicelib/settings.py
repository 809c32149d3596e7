"""The environment, read once and typed; every name and number a deployment may change stands here."""

import os
from functools import cache
from pathlib import Path

import msgspec

UNSET_ARN = "arn:aws:service:region:000000000000:unset"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One field for each environment variable of the same name in capitals.

    The defaults let the app be imported with no environment at all, which is what packaging and the
    checks do; a deployment sets every name that the stack puts out (`infra/resources.yaml`).
    """

    stage: str = "unset"
    public_url: str = "http://127.0.0.1:8000"
    county_dir: str = str(Path(__file__).parent / "county")
    demonstration: bool = False

    incidents_table: str = "unset"
    incidents_stream_arn: str = f"{UNSET_ARN}/stream/unset"
    feed_table: str = "unset"
    citizens_table: str = "unset"
    desk_table: str = "unset"
    watch_table: str = "unset"
    figures_table: str = "unset"
    intake_bucket: str = "unset"
    evidence_bucket: str = "unset"
    stored_objects_queue_arn: str = UNSET_ARN
    timers_queue_arn: str = UNSET_ARN
    timers_queue_url: str = ""
    set_aside_queue_url: str = ""
    staff_pool_id: str = "unset"
    staff_pool_arn: str = UNSET_ARN
    staff_client_id: str = "unset"

    wechat_endpoint: str = "https://api.weixin.qq.com"
    wechat_app_id: str = "unset"
    wechat_verification: str = ""
    storage_origin: str = ""
    signaling_origin: str = ""
    tiles_url: str = ""
    tiles_attribution: str = ""

    token_life_seconds: int = 30 * 24 * 3600
    upload_life_seconds: int = 900
    view_life_seconds: int = 300
    feed_overlap_seconds: int = 10
    owner_silence_seconds: int = 20
    link_tries: int = 5
    links_in_texts: bool = False
    alert_live_seconds: int = 15
    alert_pictures_seconds: int = 180
    alert_undispatched_seconds: int = 300
    alert_unopened_seconds: int = 180
    alert_pace_seconds: int = 60
    alert_budget_daily: int = 20
    alert_reports_of_one: int = 5
    lines_spared: int = 1
    recording_grace_seconds: int = 30
    track_life_days: int = 180
    media_life_days: int = 1095
    recording_life_days: int = 1095
    personal_life_days: int = 3650
    card_moves_seconds: int = 5
    rules_again_after_m: int = 200
    repeat_count: int = 2
    repeat_window_minutes: int = 30
    repeat_place_people: int = 3
    repeat_place_window_minutes: int = 10
    repeat_place_radius_m: int = 300
    cluster_window_minutes: int = 60
    cluster_radius_m: int = 500
    standing_days: int = 90
    figures_published: bool = False

    @property
    def citizen_secret_parameter(self) -> str:
        """The SSM name of the secret that signs citizen tokens."""
        return f"/instant110/{self.stage}/citizen-secret"

    @property
    def wechat_secret_parameter(self) -> str:
        """The SSM name of the mini-program's app secret."""
        return f"/instant110/{self.stage}/wechat-app-secret"


@cache
def settings() -> Settings:
    """The settings of this process; a wrong value stops the start, not the first request."""
    named = {
        name: os.environ[name.upper()] for name in Settings.__struct_fields__ if name.upper() in os.environ
    }
    return msgspec.convert(named, Settings, strict=False)
