"""The control API of Kinesis Video and its ICE servers, as boto3 calls them.

Source: the API reference of Kinesis Video Streams, and the models that boto3 ships.
"""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, UnsetType, field

from infra.local.kvs.channels import Channel, Channels
from infra.local.kvs.faults import invalid_argument
from infra.local.kvs.joining import Role
from infra.local.kvs.rates import Rates
from infra.local.kvs.streams import Stream, Streams

Body = TypeVar("Body")
Answer = tuple[str, dict[str, Any]]
ICE_SERVER_TTL_SECONDS = 300


class _Body(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    pass


class _SingleMaster(_Body):
    message_ttl_seconds: int = 60


class _CreateChannel(_Body):
    channel_name: str
    channel_type: Literal["SINGLE_MASTER"] = "SINGLE_MASTER"
    single_master_configuration: _SingleMaster = _SingleMaster()


class _WhichChannel(_Body):
    channel_name: str = ""
    channel_arn: str = field(name="ChannelARN", default="")
    current_version: str = ""


class _NameCondition(_Body):
    comparison_operator: Literal["BEGINS_WITH"] = "BEGINS_WITH"
    comparison_value: str = ""


class _ListChannels(_Body):
    max_results: int = 10_000
    next_token: str = ""
    channel_name_condition: _NameCondition = _NameCondition()


class _EndpointConfiguration(_Body):
    protocols: list[Literal["WSS", "HTTPS", "WEBRTC"]]
    role: Role


class _ChannelEndpoint(_Body):
    channel_arn: str = field(name="ChannelARN")
    single_master_channel_endpoint_configuration: _EndpointConfiguration


class _IceServers(_Body):
    channel_arn: str = field(name="ChannelARN")
    client_id: str = ""
    service: Literal["TURN"] = "TURN"
    username: str = ""


class _CreateStream(_Body):
    stream_name: str
    media_type: str = ""
    data_retention_in_hours: int = 0


class _WhichStream(_Body):
    stream_name: str = ""
    stream_arn: str = field(name="StreamARN", default="")
    current_version: str = ""


class _DataEndpoint(_WhichStream):
    api_name: Literal[
        "PUT_MEDIA",
        "GET_MEDIA",
        "LIST_FRAGMENTS",
        "GET_MEDIA_FOR_FRAGMENT_LIST",
        "GET_HLS_STREAMING_SESSION_URL",
    ] = field(name="APIName")


class _ListStreams(_Body):
    max_results: int | UnsetType = UNSET


class Control:
    """Answers each call with the resource it was about and the document."""

    def __init__(self, channels: Channels, streams: Streams, rates: Rates, *, url: str) -> None:
        self._channels = channels
        self._streams = streams
        self._rates = rates
        self._url = url
        self.operations: dict[str, Callable[[bytes], Answer]] = {
            "CreateSignalingChannel": self._create_channel,
            "DescribeSignalingChannel": self._describe_channel,
            "ListSignalingChannels": self._list_channels,
            "GetSignalingChannelEndpoint": self._channel_endpoint,
            "DeleteSignalingChannel": self._delete_channel,
            "GetIceServerConfig": self._ice_servers,
            "CreateStream": self._create_stream,
            "DescribeStream": self._describe_stream,
            "ListStreams": self._list_streams,
            "GetDataEndpoint": self._data_endpoint,
            "DeleteStream": self._delete_stream,
        }

    def _create_channel(self, body: bytes) -> Answer:
        asked = read(body, _CreateChannel)
        ttl = asked.single_master_configuration.message_ttl_seconds
        if not 5 <= ttl <= 120:
            raise invalid_argument("MessageTtlSeconds is from 5 to 120.")
        self._rates.take("CreateSignalingChannel")
        made = self._channels.create(name=asked.channel_name, message_ttl_seconds=ttl)
        return made.arn, {"ChannelARN": made.arn}

    def _describe_channel(self, body: bytes) -> Answer:
        channel = self._channel(read(body, _WhichChannel))
        self._rates.take("DescribeSignalingChannel", channel.arn)
        return channel.arn, {"ChannelInfo": channel.info()}

    def _list_channels(self, body: bytes) -> Answer:
        """A page by name; the token is the last name of the page before."""
        asked = read(body, _ListChannels)
        self._rates.take("ListSignalingChannels")
        begin = asked.channel_name_condition.comparison_value
        found = [one for one in self._channels.all() if one.name.startswith(begin)]
        rest = [one for one in found if one.name > asked.next_token]
        page = rest[: asked.max_results]
        document: dict[str, Any] = {"ChannelInfoList": [one.info() for one in page]}
        if len(rest) > len(page):
            document["NextToken"] = page[-1].name
        return "", document

    def _channel_endpoint(self, body: bytes) -> Answer:
        asked = read(body, _ChannelEndpoint)
        channel = self._channels.find(arn=asked.channel_arn)
        self._rates.take("GetSignalingChannelEndpoint", channel.arn)
        wanted = asked.single_master_channel_endpoint_configuration
        sockets = f"{self._url.replace('http', 'ws', 1)}{wanted.role.path}"
        return channel.arn, {
            "ResourceEndpointList": [
                {"Protocol": one, "ResourceEndpoint": sockets if one == "WSS" else self._url}
                for one in wanted.protocols
            ]
        }

    def _delete_channel(self, body: bytes) -> Answer:
        asked = read(body, _WhichChannel)
        channel = self._channel(asked)
        self._rates.take("DeleteSignalingChannel", channel.arn)
        self._channels.delete(channel, current_version=asked.current_version)
        return channel.arn, {}

    def _ice_servers(self, body: bytes) -> Answer:
        """One relay of the right form that nobody can reach: calls on loopback need none."""
        asked = read(body, _IceServers)
        channel = self._channels.find(arn=asked.channel_arn)
        self._rates.take("GetIceServerConfig", channel.arn)
        relay = {
            "Uris": ["turn:127.0.0.1:9?transport=udp"],
            "Username": f"standin:{asked.client_id or 'master'}",
            "Password": "nobody-relays-here",
            "Ttl": ICE_SERVER_TTL_SECONDS,
        }
        return channel.arn, {"IceServerList": [relay]}

    def _create_stream(self, body: bytes) -> Answer:
        asked = read(body, _CreateStream)
        self._rates.take("CreateStream")
        made = self._streams.create(
            name=asked.stream_name,
            media_type=asked.media_type,
            data_retention_hours=asked.data_retention_in_hours,
        )
        return made.arn, {"StreamARN": made.arn}

    def _describe_stream(self, body: bytes) -> Answer:
        stream = self._stream(read(body, _WhichStream))
        self._rates.take("DescribeStream", stream.arn)
        return stream.arn, {"StreamInfo": stream.info()}

    def _list_streams(self, body: bytes) -> Answer:
        read(body, _ListStreams)
        self._rates.take("ListStreams")
        return "", {"StreamInfoList": [one.info() for one in self._streams.all()]}

    def _data_endpoint(self, body: bytes) -> Answer:
        stream = self._stream(read(body, _DataEndpoint))
        self._rates.take("GetDataEndpoint", stream.arn)
        return stream.arn, {"DataEndpoint": self._url}

    def _delete_stream(self, body: bytes) -> Answer:
        asked = read(body, _WhichStream)
        stream = self._stream(asked)
        self._rates.take("DeleteStream", stream.arn)
        self._streams.delete(stream, current_version=asked.current_version)
        return stream.arn, {}

    def _channel(self, asked: _WhichChannel) -> Channel:
        return self._channels.find(arn=asked.channel_arn, name=asked.channel_name)

    def _stream(self, asked: _WhichStream) -> Stream:
        return self._streams.find(arn=asked.stream_arn, name=asked.stream_name)


def read(body: bytes, form: type[Body]) -> Body:
    """The call's body in that form; raises `InvalidArgumentException`."""
    try:
        return msgspec.json.decode(body or b"{}", type=form)
    except msgspec.MsgspecError as error:
        raise invalid_argument(str(error)) from error
