"""The bodies of the control API's calls, in the form that boto3 sends them."""

from typing import Literal, TypeVar

import msgspec
from msgspec import field

from infra.local.kvs.faults import invalid_argument
from infra.local.kvs.joining import Role

Form = TypeVar("Form")


def read(body: bytes, form: type[Form]) -> Form:
    """The call's body in that form; raises `InvalidArgumentException`."""
    try:
        return msgspec.json.decode(body or b"{}", type=form)
    except msgspec.MsgspecError as error:
        raise invalid_argument(str(error)) from error


class Body(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """A body with the service's spelling of names; what is unknown is ignored."""


class SingleMaster(Body, frozen=True, kw_only=True):
    message_ttl_seconds: int = 60


class CreateChannel(Body, frozen=True, kw_only=True):
    channel_name: str
    channel_type: Literal["SINGLE_MASTER"] = "SINGLE_MASTER"
    single_master_configuration: SingleMaster = SingleMaster()


class WhichChannel(Body, frozen=True, kw_only=True):
    channel_name: str = ""
    channel_arn: str = field(name="ChannelARN", default="")
    current_version: str = ""


class NameCondition(Body, frozen=True, kw_only=True):
    comparison_operator: Literal["BEGINS_WITH"] = "BEGINS_WITH"
    comparison_value: str = ""


class ListChannels(Body, frozen=True, kw_only=True):
    max_results: int = 10_000
    next_token: str = ""
    channel_name_condition: NameCondition = NameCondition()


class EndpointConfiguration(Body, frozen=True, kw_only=True):
    protocols: list[Literal["WSS", "HTTPS", "WEBRTC"]]
    role: Role


class ChannelEndpoint(Body, frozen=True, kw_only=True):
    channel_arn: str = field(name="ChannelARN")
    single_master_channel_endpoint_configuration: EndpointConfiguration


class IceServers(Body, frozen=True, kw_only=True):
    channel_arn: str = field(name="ChannelARN")
    client_id: str = ""
    service: Literal["TURN"] = "TURN"
    username: str = ""


class CreateStream(Body, frozen=True, kw_only=True):
    stream_name: str
    media_type: str = ""
    data_retention_in_hours: int = 0


class WhichStream(Body, frozen=True, kw_only=True):
    stream_name: str = ""
    stream_arn: str = field(name="StreamARN", default="")
    current_version: str = ""


class DataEndpoint(WhichStream, frozen=True, kw_only=True):
    api_name: Literal[
        "PUT_MEDIA",
        "GET_MEDIA",
        "LIST_FRAGMENTS",
        "GET_MEDIA_FOR_FRAGMENT_LIST",
        "GET_HLS_STREAMING_SESSION_URL",
    ] = field(name="APIName")
