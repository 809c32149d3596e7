"""Pictures and a video such as a phone would make, drawn for the tests."""

import io
import math
from pathlib import Path

import av
from PIL import Image, ImageDraw, ImageFilter

SIZE = (1280, 960)


def picture(folder: Path, name: str, kind: str, *, hour: float) -> Path:
    """A street with two vehicles at an hour of the day, saved as JPEG, PNG or WEBP."""
    path = folder / name
    street(hour).save(path, kind)
    return path


def photo_bytes(kind: str = "JPEG", *, side: int = 320) -> bytes:
    """A small picture as bytes."""
    out = io.BytesIO()
    street(12).resize((side, side)).save(out, kind)
    return out.getvalue()


def video(folder: Path, name: str, *, seconds: int = 2) -> Path:
    """A short MP4 (H.264) of the same street in which the day goes by."""
    path = folder / name
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for number in range(seconds * 10):
            still = street(9 + number / 4).resize((640, 480))
            container.mux(stream.encode(av.VideoFrame.from_image(still)))  # type: ignore[no-untyped-call]
        container.mux(stream.encode())
    return path


def street(hour: float) -> Image.Image:
    """A road towards hills with a lorry and a van across it; the light is that of the hour."""
    light = max(0.25, math.sin((hour - 5) / 15 * math.pi))
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    for y in range(430):
        draw.line((0, y, SIZE[0], y), fill=_lit((120 + y // 6, 160 + y // 7, 205 + y // 20), light))
    for x, top, green in ((-200, 250, 108), (250, 300, 120), (720, 230, 100)):
        draw.ellipse((x, top, x + 820, top + 520), fill=_lit((78, green, 84), light))
    draw.rectangle((0, 430, *SIZE), fill=_lit((126, 138, 104), light))
    draw.polygon(((560, 430), (720, 430), (1240, 960), (40, 960)), fill=_lit((92, 94, 98), light))
    for y in range(450, 960, 70):
        width = (y - 400) // 40
        draw.rectangle((640 - width, y, 640 + width, y + 34), fill=_lit((232, 230, 220), light))
    _vehicle(draw, (330, 500), (196, 60, 48), light)
    _vehicle(draw, (690, 560), (70, 104, 158), light)
    return image.filter(ImageFilter.GaussianBlur(0.8))


def _vehicle(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], colour: tuple[int, int, int], light: float
) -> None:
    x, y = at
    draw.rounded_rectangle((x, y, x + 250, y + 130), 14, fill=_lit(colour, light))
    draw.rounded_rectangle((x + 180, y + 26, x + 318, y + 130), 18, fill=_lit(colour, light * 0.9))
    draw.rounded_rectangle((x + 222, y + 38, x + 302, y + 82), 8, fill=_lit((188, 210, 224), light))
    for wheel in (x + 44, x + 236):
        draw.ellipse((wheel - 30, y + 96, wheel + 30, y + 156), fill=_lit((30, 30, 34), light))
        draw.ellipse((wheel - 12, y + 114, wheel + 12, y + 138), fill=_lit((150, 150, 156), light))


def _lit(colour: tuple[int, int, int], light: float) -> tuple[int, int, int]:
    red, green, blue = (min(255, int(part * (0.35 + 0.65 * light))) for part in colour)
    return red, green, blue
