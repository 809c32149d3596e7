"""Makes the real files that tests send, and sends them as a page does."""

import base64
import functools
import hashlib
import io
import random
from collections.abc import Mapping
from typing import Any, NamedTuple

import av
import pillow_heif
import requests
from PIL import Image

from tests.machine import HttpClient, done

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}
CONTAINERS = {"mp4": "video/mp4", "mov": "video/quicktime"}


class File(NamedTuple):
    """A file with what a citizen says of it."""

    content: bytes
    content_type: str

    @property
    def kind(self) -> str:
        return self.content_type.partition("/")[0].replace("image", "photo")

    @property
    def announced(self) -> dict[str, Any]:
        """The body that asks for its upload."""
        return {
            "kind": self.kind,
            "content_type": self.content_type,
            "size_bytes": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }


@functools.cache
def picture(file_format: str = "JPEG", *, seed: int = 0, size: tuple[int, int] = (64, 48)) -> File:
    """A real picture, the same for the same seed; formats are Pillow's names."""
    pillow_heif.register_heif_opener()
    content = io.BytesIO()
    pixels = random.Random(seed).randbytes(size[0] * size[1] * 3)
    Image.frombytes("RGB", size, pixels).save(content, file_format)
    return File(content.getvalue(), TYPES.get(file_format, f"image/{file_format.lower()}"))


@functools.cache
def video(container: str = "mp4", *, seed: int = 0) -> File:
    """A real video of one second."""
    content = io.BytesIO()
    with av.open(content, "w", format=container) as output:
        stream = output.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(5):
            frame, pixels = av.VideoFrame(64, 48, "yuv420p"), random.Random(seed * 5 + number)
            for plane in frame.planes:
                plane.update(pixels.randbytes(plane.buffer_size))
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return File(content.getvalue(), CONTAINERS[container])


def ask_upload(citizen: HttpClient, incident_id: str, file: File, *, key: str | None = None) -> Any:
    """Ask to send a file that must be taken; the answer."""
    return done(citizen.post(f"/reports/{incident_id}/media", file.announced, key=key))


def send(upload: Any, content: bytes, changed: Mapping[str, str | None] | None = None) -> requests.Response:
    """Post to the store what the upload's form says, with fields changed or (None) left out."""
    fields = {**upload["fields"], **(changed or {})}
    parts = [(name, (None, value)) for name, value in fields.items() if value is not None]
    with requests.Session() as session:
        session.trust_env = False
        return session.post(upload["url"], files=[*parts, ("file", ("file", content))], timeout=30)


def checksum(content: bytes) -> str:
    """A SHA-256 as S3 writes it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def send_still(citizen: HttpClient, incident_id: str, seed: int) -> None:
    """Send one still of a live report, as its page does; which one, the seed says."""
    file = picture(seed=100 + seed)
    asked = done(citizen.post(f"/reports/{incident_id}/media", {**file.announced, "kind": "still"}))
    assert send(asked, file.content).status_code == 201
