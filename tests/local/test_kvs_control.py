"""The control API, as boto3 calls it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.kvs import client_of, counts, line_of, started, together


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    running = started(tmp_path)
    yield running.url
    running.stop()


@pytest.fixture
def video(url: str) -> Any:
    return client_of("kinesisvideo", url)


def test_a_channel_is_made_described_listed_and_deleted(video: Any) -> None:
    arn = video.create_signaling_channel(ChannelName="line-1")["ChannelARN"]
    info = video.describe_signaling_channel(ChannelName="line-1")["ChannelInfo"]
    assert (info["ChannelARN"], info["ChannelStatus"]) == (arn, "ACTIVE")
    assert info["SingleMasterConfiguration"] == {"MessageTtlSeconds": 60}
    assert video.list_signaling_channels()["ChannelInfoList"] == [info]
    video.delete_signaling_channel(ChannelARN=arn, CurrentVersion=info["Version"])
    assert _code(lambda: video.describe_signaling_channel(ChannelARN=arn)) == "ResourceNotFoundException"


def test_channels_are_listed_by_the_page_and_by_the_beginning_of_their_names(video: Any) -> None:
    for name in ("line-3", "line-1", "other", "line-2"):
        video.create_signaling_channel(ChannelName=name)
    condition = {"ComparisonOperator": "BEGINS_WITH", "ComparisonValue": "line-"}
    first = video.list_signaling_channels(MaxResults=2, ChannelNameCondition=condition)
    rest = video.list_signaling_channels(NextToken=first["NextToken"], ChannelNameCondition=condition)
    assert _names(first) + _names(rest) == ["line-1", "line-2", "line-3"]
    assert "NextToken" not in rest


def test_a_channel_is_kept_from_run_to_run(tmp_path: Path) -> None:
    running = started(tmp_path)
    line = line_of(running.url)
    running.stop()
    again = started(tmp_path)
    info = client_of("kinesisvideo", again.url).describe_signaling_channel(ChannelName="line-1")
    assert info["ChannelInfo"]["ChannelARN"] == line.arn
    again.stop()


def test_each_role_has_an_endpoint_of_its_own(url: str) -> None:
    endpoints = line_of(url).endpoints
    assert endpoints["MASTER"] != endpoints["VIEWER"]
    assert all(one.startswith("ws://127.0.0.1:") for one in endpoints.values())


def test_ice_servers_have_the_form_and_the_life_that_the_service_gives(url: str) -> None:
    line = line_of(url)
    signaling = client_of("kinesis-video-signaling", url)
    (relay,) = signaling.get_ice_server_config(ChannelARN=line.arn, ClientId="citizen")["IceServerList"]
    assert relay.keys() == {"Uris", "Username", "Password", "Ttl"}
    assert relay["Ttl"] == 300


def test_a_stream_is_made_described_and_deleted(video: Any, url: str) -> None:
    arn = video.create_stream(StreamName="line-1", DataRetentionInHours=24)["StreamARN"]
    info = video.describe_stream(StreamName="line-1")["StreamInfo"]
    assert (info["StreamARN"], info["Status"], info["DataRetentionInHours"]) == (arn, "ACTIVE", 24)
    assert video.get_data_endpoint(StreamARN=arn, APIName="PUT_MEDIA")["DataEndpoint"] == url
    video.delete_stream(StreamARN=arn, CurrentVersion=info["Version"])
    assert _code(lambda: video.describe_stream(StreamARN=arn)) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda one: one.create_signaling_channel(ChannelName="taken"), "ResourceInUseException"),
        (lambda one: one.create_stream(StreamName="taken"), "ResourceInUseException"),
        (lambda one: one.create_signaling_channel(ChannelName="with space"), "InvalidArgumentException"),
        (
            lambda one: one.create_signaling_channel(
                ChannelName="a", SingleMasterConfiguration={"MessageTtlSeconds": 121}
            ),
            "InvalidArgumentException",
        ),
        (lambda one: one.describe_signaling_channel(ChannelName="no"), "ResourceNotFoundException"),
        (lambda one: one.describe_signaling_channel(), "InvalidArgumentException"),
        (
            lambda one: one.get_data_endpoint(StreamName="no", APIName="PUT_MEDIA"),
            "ResourceNotFoundException",
        ),
        (
            lambda one: one.get_data_endpoint(StreamName="taken", APIName="GET_CLIP"),
            "InvalidArgumentException",
        ),
        (
            lambda one: one.delete_signaling_channel(
                ChannelARN=one.describe_signaling_channel(ChannelName="taken")["ChannelInfo"]["ChannelARN"],
                CurrentVersion="older",
            ),
            "VersionMismatchException",
        ),
        (
            lambda one: one.get_signaling_channel_endpoint(
                ChannelARN="arn:aws:kinesisvideo:ap-southeast-1:000000000000:channel/no/1",
                SingleMasterChannelEndpointConfiguration={"Protocols": ["WSS"], "Role": "VIEWER"},
            ),
            "ResourceNotFoundException",
        ),
    ],
)
def test_what_the_service_refuses_is_refused(video: Any, call: Callable[[Any], Any], code: str) -> None:
    video.create_signaling_channel(ChannelName="taken")
    video.create_stream(StreamName="taken")
    assert _code(lambda: call(video)) == code


def test_ice_servers_are_asked_for_five_times_a_second_a_channel(url: str) -> None:
    line, other = line_of(url), line_of(url, "line-2")
    signaling = client_of("kinesis-video-signaling", url)
    codes = together(20, lambda: _code_or_ok(lambda: signaling.get_ice_server_config(ChannelARN=line.arn)))
    assert set(codes) == {"ok", "ClientLimitExceededException"}
    signaling.get_ice_server_config(ChannelARN=other.arn)


def test_every_call_is_counted_refused_ones_too(video: Any, url: str) -> None:
    video.create_stream(StreamName="line-1")
    _code(lambda: video.create_stream(StreamName="line-1"))
    assert counts(url) == {"CreateStream": 2}


def _code(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    code: str = refused.value.response["Error"]["Code"]
    return code


def _code_or_ok(call: Callable[[], Any]) -> str:
    try:
        call()
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return "ok"


def _names(page: dict[str, Any]) -> list[str]:
    return [one["ChannelName"] for one in page["ChannelInfoList"]]
