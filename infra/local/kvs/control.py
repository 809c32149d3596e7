"""The control API of Kinesis Video and its ICE servers, as boto3 calls them.

Source: the API reference of Kinesis Video Streams, and the models that boto3 ships.
"""

from collections.abc import Callable
from typing import Any

from infra.local.kvs.channels import Channel, Channels
from infra.local.kvs.faults import invalid_argument
from infra.local.kvs.forms import (
    ChannelEndpoint,
    CreateChannel,
    CreateStream,
    DataEndpoint,
    IceServers,
    ListChannels,
    WhichChannel,
    WhichStream,
    read,
)
from infra.local.kvs.fragments import Fragments
from infra.local.kvs.rates import Rates
from infra.local.kvs.streams import Stream, Streams

Answer = tuple[str, dict[str, Any] | bytes]
ICE_SERVER_TTL_SECONDS = 300


class Control:
    """Answers each call with the resource it was about and the document."""

    def __init__(
        self, channels: Channels, streams: Streams, fragments: Fragments, rates: Rates, *, url: str
    ) -> None:
        self._channels = channels
        self._streams = streams
        self._fragments = fragments
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
        asked = read(body, CreateChannel)
        ttl = asked.single_master_configuration.message_ttl_seconds
        if not 5 <= ttl <= 120:
            raise invalid_argument("MessageTtlSeconds is from 5 to 120.")
        self._rates.take("CreateSignalingChannel")
        made = self._channels.create(name=asked.channel_name, message_ttl_seconds=ttl)
        return made.arn, {"ChannelARN": made.arn}

    def _describe_channel(self, body: bytes) -> Answer:
        channel = self._channel(read(body, WhichChannel))
        self._rates.take("DescribeSignalingChannel", channel.arn)
        return channel.arn, {"ChannelInfo": channel.info()}

    def _list_channels(self, body: bytes) -> Answer:
        """A page by name; the token is the last name of the page before."""
        asked = read(body, ListChannels)
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
        asked = read(body, ChannelEndpoint)
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
        asked = read(body, WhichChannel)
        channel = self._channel(asked)
        self._rates.take("DeleteSignalingChannel", channel.arn)
        self._channels.delete(channel, current_version=asked.current_version)
        return channel.arn, {}

    def _ice_servers(self, body: bytes) -> Answer:
        """One relay of the right form that nobody can reach: calls on loopback need none."""
        asked = read(body, IceServers)
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
        asked = read(body, CreateStream)
        self._rates.take("CreateStream")
        made = self._streams.create(
            name=asked.stream_name,
            media_type=asked.media_type,
            data_retention_hours=asked.data_retention_in_hours,
        )
        return made.arn, {"StreamARN": made.arn}

    def _describe_stream(self, body: bytes) -> Answer:
        stream = self._stream(read(body, WhichStream))
        self._rates.take("DescribeStream", stream.arn)
        return stream.arn, {"StreamInfo": stream.info()}

    def _list_streams(self, body: bytes) -> Answer:
        del body  # Paging asks for more streams than one machine has.
        self._rates.take("ListStreams")
        return "", {"StreamInfoList": [one.info() for one in self._streams.all()]}

    def _data_endpoint(self, body: bytes) -> Answer:
        stream = self._stream(read(body, DataEndpoint))
        self._rates.take("GetDataEndpoint", stream.arn)
        return stream.arn, {"DataEndpoint": self._url}

    def _delete_stream(self, body: bytes) -> Answer:
        asked = read(body, WhichStream)
        stream = self._stream(asked)
        self._rates.take("DeleteStream", stream.arn)
        self._streams.delete(stream, current_version=asked.current_version)
        self._fragments.drop(stream)
        return stream.arn, {}

    def _channel(self, asked: WhichChannel) -> Channel:
        return self._channels.find(arn=asked.channel_arn, name=asked.channel_name)

    def _stream(self, asked: WhichStream) -> Stream:
        return self._streams.find(arn=asked.stream_arn, name=asked.stream_name)
