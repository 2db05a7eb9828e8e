"""The process in which strangers' images are decoded: it can write no file, and may be killed at any moment.

It is run by its path, so that it loads Pillow and nothing of ours, and speaks over its standard streams: first a line
of JSON with the bounds, then for each image its length in eight bytes and the image; the answer is a line of JSON with
either `refused`, one word, or the original's `width` and `height` and the lengths of the two forms, which follow.
"""

import contextlib
import io
import json
import struct
import sys
import warnings
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import AvifImagePlugin, Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")
ORIENTATION = 0x0112
LIES_ON_ITS_SIDE = {5, 6, 7, 8}
LARGEST_PROFILE = 4 * 1024 * 1024
OPAQUE = (255, 255)
CMS: Any = ImageCms  # partly without types


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bound the work: pixels of an image, sides of the two forms, memory in bytes, and the process's whole CPU time."""

    pixels: int
    full_side: int
    small_side: int
    memory: int
    cpu_seconds: int


class Refused(Exception):
    """The image cannot be made into a picture, for a reason in one word."""


def confine(bounds: Bounds) -> None:
    """Take from this process what it does not need."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_seconds, bounds.cpu_seconds))


def develop(content: bytes, bounds: Bounds) -> tuple[dict[str, Any], bytes, bytes]:
    """Make both forms of an image's first frame; raises `Refused`."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            return _develop(opened, bounds)
    except Refused:
        raise
    except UnidentifiedImageError:
        raise Refused("unknown") from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        raise Refused("large") from None
    except OSError as error:
        raise Refused("truncated" if "truncated" in str(error) else "broken") from None
    except Exception:  # noqa: BLE001 - decoders raise anything
        raise Refused("broken") from None


def _develop(opened: Image.Image, bounds: Bounds) -> tuple[dict[str, Any], bytes, bytes]:
    width, height = opened.size
    if width * height > bounds.pixels:
        raise Refused("large")
    profile = opened.info.get("icc_profile") or b""
    opened.draft(None, (2 * bounds.full_side, 2 * bounds.full_side))
    opened.load()
    sideways = opened.getexif().get(ORIENTATION) in LIES_ON_ITS_SIDE
    image = _resizable(opened)
    image.thumbnail((bounds.full_side, bounds.full_side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    image = _coloured(ImageOps.exif_transpose(image), profile)
    full = _written(image)
    image.thumbnail((bounds.small_side, bounds.small_side), Image.Resampling.LANCZOS)
    measures = {"width": height, "height": width} if sideways else {"width": width, "height": height}
    return measures, full, _written(image)


def _resizable(image: Image.Image) -> Image.Image:
    if image.mode in {"P", "PA", "LA", "La", "RGBa"} or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith("I;16"):
        whole: Any = image.convert("I")  # `point` comes partly without types
        return whole.point([value // 256 for value in range(65536)], "L")
    return image.convert("L") if image.mode in {"1", "I", "F"} else image


def _coloured(image: Image.Image, profile: bytes) -> Image.Image:
    """Give an image in sRGB, which is what it is taken for once its profile is gone."""
    wanted = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile and len(profile) <= LARGEST_PROFILE:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            own = CMS.ImageCmsProfile(io.BytesIO(profile))
            image = CMS.profileToProfile(image, own, CMS.createProfile("sRGB"), outputMode=wanted)
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == OPAQUE:
        wanted = "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def _written(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "WEBP", quality=86, method=4, exif=b"", xmp=b"", icc_profile=None)
    return written.getvalue()


def serve(images: BinaryIO, answers: BinaryIO) -> None:
    """Develop one image after another, until there is no more."""
    bounds = Bounds(**json.loads(images.readline()))
    Image.MAX_IMAGE_PIXELS = bounds.pixels
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.init()
    confine(bounds)
    while len(length := images.read(8)) == 8:  # noqa: PLR2004 - as the module says
        content = images.read(struct.unpack(">Q", length)[0])
        answers.write(_answer(content, bounds))
        answers.flush()


def _answer(content: bytes, bounds: Bounds) -> bytes:
    try:
        told, full, small = develop(content, bounds)
    except Refused as refused:
        return json.dumps({"refused": str(refused)}).encode() + b"\n"
    return json.dumps({**told, "full": len(full), "small": len(small)}).encode() + b"\n" + full + small


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
