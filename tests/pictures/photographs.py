"""Images as shops serve them, and as nobody should: made here, by Pillow and by hand."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageCms

CMS: Any = ImageCms  # partly without types
SIZE = (320, 200)
RED, GREEN = (200, 30, 40), (20, 160, 60)
SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><image href="http://127.0.0.1/"/></svg>'


def plain(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """Draw a picture whose left half is red and whose right half is green."""
    image = Image.new("RGB", size, RED)
    image.paste(GREEN, (size[0] // 2, 0, *size))
    return image.convert(mode)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    """Write an image."""
    written = io.BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """Write a chunk of PNG."""
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def wide_png(side: int) -> bytes:
    """Write a PNG that says it has so many pixels a side, and holds hardly a byte of them."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def wordy_png(mebibytes: int) -> bytes:
    """Write a PNG whose comment unpacks to so many mebibytes."""
    whole = encoded(plain(), "PNG")
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(mebibytes)) + packer.flush()
    return whole[:33] + chunk(b"zTXt", b"Comment\0\0" + packed) + whole[33:]


def talkative_jpeg() -> bytes:
    """Write a JPEG on its side that says where it was taken, and brings a large profile."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    profile = CMS.ImageCmsProfile(CMS.createProfile("sRGB")).tobytes()
    return encoded(plain(), "JPEG", exif=exif, icc_profile=profile + bytes(1_000_000), comment=b"secret")


def many_frames() -> bytes:
    """Write a GIF of two hundred frames, the first of which is red and green."""
    others = [plain("P").rotate(180) for _ in range(199)]
    return encoded(plain("P"), "GIF", save_all=True, append_images=others)


ORDINARY: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: encoded(plain(), "JPEG", quality=95),
    "JPEG in CMYK": lambda: encoded(plain("CMYK"), "JPEG", quality=95),
    "grey JPEG": lambda: encoded(plain("L"), "JPEG"),
    "PNG": lambda: encoded(plain(), "PNG"),
    "PNG with a palette": lambda: encoded(plain("P"), "PNG"),
    "PNG with alpha": lambda: encoded(plain("RGBA"), "PNG"),
    "deep grey PNG": lambda: encoded(Image.new("I;16", SIZE, 40_000), "PNG"),
    "WebP": lambda: encoded(plain(), "WEBP"),
    "AVIF": lambda: encoded(plain(), "AVIF"),
    "GIF": lambda: encoded(plain("P"), "GIF"),
    "GIF of many frames": many_frames,
}
# What is refused, by the reason; the ids are those of tests/cases/bad_pages.jsonl.
REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "page-111": ("unknown", lambda: b"<!doctype html><title>Not found</title>"),
    "page-112": ("large", lambda: wide_png(20_000)),
    "page-114": ("broken", lambda: wordy_png(64)),
    "page-115": ("unknown", lambda: SVG),
    "page-116 EPS": ("unknown", lambda: encoded(plain(), "EPS")),
    "page-116 ICNS": ("unknown", lambda: b"icns" + bytes(64)),
    "page-116 PSD": ("unknown", lambda: b"8BPS\x00\x01" + bytes(64)),
    "page-116 FITS": ("unknown", lambda: b"SIMPLE  =                    T" + bytes(64)),
    "page-121": ("truncated", lambda: encoded(plain(), "JPEG")[:-700]),
    "page-122 JXL": ("unknown", lambda: b"\x00\x00\x00\x0cJXL \r\n\x87\n" + bytes(64)),
    "page-122 HEIC": ("unknown", lambda: b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)),
    "nothing": ("unknown", lambda: b""),
    "damaged": ("broken", lambda: encoded(plain(), "PNG").replace(b"IDAT", b"IDAT" + b"\xff" * 20)),
}
# What is made into a picture, with nothing left of what came along.
POLYGLOTS: dict[str, Callable[[], bytes]] = {
    "page-113": many_frames,
    "page-117 GIF": lambda: encoded(plain("P"), "GIF", comment=SCRIPT) + SCRIPT,
    "page-117 JPEG": lambda: encoded(plain(), "JPEG", comment=SCRIPT) + b"<html>" + SCRIPT,
    "page-118": talkative_jpeg,
}
