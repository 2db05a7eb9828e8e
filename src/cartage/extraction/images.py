"""Image addresses: absolute, of the picture itself, and one per picture in its largest form."""

import re
from collections.abc import Sequence
from html import unescape
from urllib.parse import urljoin, urlsplit

from cartage.extraction.image_sizes import picture_key, whole_picture, width_of
from cartage.model.product import Image

NOT_PICTURES = re.compile(
    r"place-?holder|no[-_]?(?:image|photo|img|pic(?:ture)?)(?![a-z])|image[-_]?(?:coming|not[-_]?(?:found|available)|missing)|coming[-_]?soon|default[-_]?image|sprite|favicon|/out/[^/]+/img/basket\."
    r"|/(?:missing|blank|spacer|pixel|1x1|transparent|loading|loader|lazy|grey|gray|dummy|empty|trans|clear|x)\.(?:gif|png|jpe?g|webp)$",
    re.IGNORECASE,
)
TEMPLATE = re.compile(r"[{}]|%7B|%7D", re.IGNORECASE)


def image_url(href: str, base_url: str) -> str | None:
    """Give a picture's absolute http(s) address, in its whole size where the address's network is known to give it.

    None for placeholders, sprites, vector icons and inline data.
    """
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
    whole = whole_picture(absolute)
    return None if NOT_PICTURES.search(path) or TEMPLATE.search(whole) else whole


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
    return image.width or width_of(image.url)
