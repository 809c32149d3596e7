"""The faults of Kinesis Video, by the names and statuses that its API reference gives them."""

from http import HTTPStatus


class KvsFault(Exception):
    """A refused call: the service's error code, its HTTP status and a sentence for the developer."""

    def __init__(self, code: str, status: HTTPStatus, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.status = status
        self.message = message


def invalid_argument(message: str) -> KvsFault:
    """A parameter that is missing, out of its range or not supported."""
    return KvsFault("InvalidArgumentException", HTTPStatus.BAD_REQUEST, message)


def not_found(what: str) -> KvsFault:
    """A channel, stream or fragment that does not exist."""
    return KvsFault(
        "ResourceNotFoundException", HTTPStatus.NOT_FOUND, f"The requested {what} is not found or not active."
    )


def in_use(what: str) -> KvsFault:
    """A name that is taken."""
    return KvsFault("ResourceInUseException", HTTPStatus.BAD_REQUEST, f"The {what} already exists.")


def version_mismatch() -> KvsFault:
    """A change that was meant for another version of the resource."""
    return KvsFault(
        "VersionMismatchException",
        HTTPStatus.BAD_REQUEST,
        "The stream version that you specified is not the latest version.",
    )


def limit_exceeded(message: str) -> KvsFault:
    """Too many calls, or too many viewers."""
    return KvsFault("ClientLimitExceededException", HTTPStatus.BAD_REQUEST, message)


def connection_limit_exceeded() -> KvsFault:
    """A second PutMedia connection to one stream."""
    return KvsFault(
        "ConnectionLimitExceededException",
        HTTPStatus.BAD_REQUEST,
        "Kinesis Video Streams has throttled the request: one PutMedia connection a stream.",
    )


def forbidden(code: str, message: str) -> KvsFault:
    """A signature or credential that is not accepted."""
    return KvsFault(code, HTTPStatus.FORBIDDEN, message)
