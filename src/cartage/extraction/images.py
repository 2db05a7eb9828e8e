"""Image addresses: absolute, of the picture itself, and one per picture in its largest form."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import unescape
from urllib.parse import urljoin, urlsplit

from cartage.model.product import Image

NOT_PICTURES = re.compile(
    r"place-?holder|no[-_]?(?:image|photo|img|pic(?:ture)?)(?![a-z])|image[-_]?(?:coming|not[-_]?(?:found|available)|missing)|coming[-_]?soon|default[-_]?image|sprite|favicon"
    r"|/(?:missing|blank|spacer|pixel|1x1|transparent|loading|loader|lazy|grey|gray|dummy|empty|trans|clear|x)\.(?:gif|png|jpe?g|webp)$",
    re.IGNORECASE,
)
SIZES = (
    re.compile(r"[-_.,](?:mini|thumb(?:nail)?|small|medium|large|big|xl|zoom|original)(?=\.\w{3,4}$)", re.IGNORECASE),
    re.compile(
        r"_(?:\d{2,4}x\d{0,4}|x\d{2,4}|pico|icon|thumb|small|compact|medium|large|grande|master)(?:_crop_\w+)?(?:@\dx)?(?=\.\w{3,4}$)"
    ),
    re.compile(r"-\d{2,4}x\d{2,4}(?=\.\w{3,4}$)"),
    re.compile(r"\._[A-Z0-9,_]+_(?=\.\w{3,4}$)"),
    re.compile(r"/(?:w|h|c|q|f|t|g|e)_[^/]+(?=/)"),
    re.compile(r"/cache/[0-9a-f]{32}(?=/)"),
    re.compile(r"/s-l\d+(?=\.\w+$)"),
    re.compile(r"\.\d{2,4}\.\d{2,4}(?=\.\w{3,4}$)"),
    re.compile(r"/v1/(?:fill|fit|crop)/[^/]+/[^/]+$"),
    re.compile(r"(?<=/)(?:\d{2,4}x\d{2,4})(?=/)"),
)
WIDTH = re.compile(
    r"(?:^|[?&_/,\-])(?:w|wid|width|sw|imwidth|s-l|sl)[=_]?(\d{2,4})(?!\d)|[_\-/](\d{2,4})x(\d{0,4})|\.(\d{2,4})\.\d{2,4}\.\w{3,4}(?:$|\?)",
    re.IGNORECASE,
)


WIDTHS = {
    "mini": 60,
    "thumb": 100,
    "thumbnail": 100,
    "small": 240,
    "medium": 480,
    "large": 1000,
    "big": 1000,
    "xl": 1400,
    "zoom": 2000,
    "original": 3000,
}
NAMED_WIDTH = re.compile(rf"[-_.,]({'|'.join(WIDTHS)})\.\w{{3,4}}(?:$|\?)", re.IGNORECASE)


def image_url(href: str, base_url: str) -> str | None:
    """Give a picture's absolute http(s) address; None for placeholders, sprites, vector icons and inline data."""
    address = unescape(href).strip()
    if (
        not address
        or address.startswith(("data:", "blob:", "javascript:", "#", "{"))
        or address in {"None", "null", "undefined", "false"}
    ):
        return None
    try:
        absolute = urljoin(base_url, address.replace(" ", "%20"))
        path = urlsplit(absolute).path
    except ValueError:
        return None
    if not absolute.startswith(("http://", "https://")) or path.lower().endswith((".svg", ".ico")):
        return None
    return None if NOT_PICTURES.search(path) else absolute


def distinct(images: Sequence[Image]) -> tuple[Image, ...]:
    """Keep one form of each picture, the largest, in the order of first mention."""
    best: dict[str, Image] = {}
    for image in images:
        key = picture_key(image.url)
        kept = best.get(key)
        if kept is None:
            best[key] = image
        elif _width(image) > _width(kept) > 0:
            best[key] = image.model_copy(update={"alt": image.alt or kept.alt})
        elif not kept.alt and image.alt:
            best[key] = kept.model_copy(update={"alt": image.alt})
    return tuple(best.values())


@lru_cache(maxsize=4096)
def picture_key(url: str) -> str:
    """Reduce an address to what names the picture, without sizes and query."""
    parts = urlsplit(url)
    path = parts.path
    for size in SIZES:
        path = size.sub("", path)
    query = parts.query if re.search(r"\.(?:jpe?g|png|webp|gif|avif|bmp)$", path, re.IGNORECASE) is None else ""
    identity = "&".join(
        part
        for part in query.split("&")
        if not re.match(r"(?:w|h|wid|hei|width|height|q|quality|fmt|sw|sh|\$.*)(?:=|$)", part)
    )
    return f"{parts.netloc.lower()}{path}?{identity}" if len(path) < 12 or identity else path.rsplit("/", 1)[-1] + path


def largest_of_srcset(srcset: str, base_url: str) -> str | None:
    """Choose the widest candidate of a `srcset` attribute."""
    best, best_size = None, -1.0
    for candidate in re.split(r",\s+|,(?=https?:|//)", srcset):
        parts = candidate.split()
        if not parts:
            continue
        size = re.match(r"([\d.]+)[wx]$", parts[1]) if len(parts) > 1 else None
        value = float(size[1]) if size and size[1].count(".") < 2 else 1.0
        address = image_url(parts[0].rstrip(","), base_url)
        if address and value > best_size:
            best, best_size = address, value
    return best


def _width(image: Image) -> int:
    if image.width:
        return image.width
    if found := list(WIDTH.finditer(image.url)):
        match = found[-1]
        return int(match[1] or match[2] or match[4])
    named = NAMED_WIDTH.search(image.url)
    return WIDTHS[named[1].lower()] if named else 10_000
