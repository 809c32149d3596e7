"""Provisions lines: a signaling channel and a video stream each, written down with their endpoints.

`python -m infra.provision_lines COUNT` in the environment of the app. Safe to repeat: what is there stays.
"""

import sys
from typing import Any

import boto3

from chalicelib.adapters import lines
from chalicelib.domain.lines import Line
from chalicelib.settings import settings

KEPT_HOURS = 24
"""How long Kinesis Video keeps a stream; the originals are in the evidence bucket for good."""

OFFERS_KEPT_SECONDS = 60


def provide_lines(count: int) -> list[Line]:
    """Have `count` lines ready to lease; returns them."""
    video = boto3.client("kinesisvideo")
    provided = [_line(video, f"instant110-{settings().stage}-{number:02d}") for number in range(1, count + 1)]
    for line in provided:
        lines.provide(line)
    return provided


def _line(video: Any, name: str) -> Line:
    channel_arn = _channel(video, name)
    master, viewer = (_endpoints(video, channel_arn, role) for role in ("MASTER", "VIEWER"))
    _stream(video, name)
    put_media = video.get_data_endpoint(StreamName=name, APIName="PUT_MEDIA")["DataEndpoint"]
    return Line(
        id=name,
        region=video.meta.region_name,
        channel_arn=channel_arn,
        master_url=master["WSS"],
        viewer_url=viewer["WSS"],
        signaling_endpoint=viewer["HTTPS"],
        stream_name=name,
        data_endpoint=put_media,
    )


def _channel(video: Any, name: str) -> str:
    try:
        found = video.describe_signaling_channel(ChannelName=name)["ChannelInfo"]["ChannelARN"]
    except video.exceptions.ResourceNotFoundException:
        found = video.create_signaling_channel(
            ChannelName=name,
            ChannelType="SINGLE_MASTER",
            SingleMasterConfiguration={"MessageTtlSeconds": OFFERS_KEPT_SECONDS},
        )["ChannelARN"]
    return str(found)


def _stream(video: Any, name: str) -> None:
    try:
        video.describe_stream(StreamName=name)
    except video.exceptions.ResourceNotFoundException:
        video.create_stream(StreamName=name, DataRetentionInHours=KEPT_HOURS)


def _endpoints(video: Any, channel_arn: str, role: str) -> dict[str, str]:
    answer = video.get_signaling_channel_endpoint(
        ChannelARN=channel_arn,
        SingleMasterChannelEndpointConfiguration={"Protocols": ["WSS", "HTTPS"], "Role": role},
    )
    return {one["Protocol"]: one["ResourceEndpoint"] for one in answer["ResourceEndpointList"]}


if __name__ == "__main__":
    for provided in provide_lines(int(sys.argv[1])):
        print(provided.id, provided.channel_arn)
