"""What the first page weighs, and that nothing of it comes from anybody else."""

import gzip
import re

from tests.web.conftest import Web

MOST_BYTES = 60 * 1024
LOADED = re.compile(r"""<(?:script|img|source|iframe|video|audio)\b[^>]*?\bsrc=["']([^"']+)""", re.IGNORECASE)
LINKED = re.compile(r"""<link\b(?=[^>]*rel=["'](?:stylesheet|icon|preload|modulepreload)["'])[^>]*?href=["']([^"']+)""")
IN_STYLES = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')]+)""")


async def test_the_import_page_is_light_and_all_our_own(web: Web) -> None:
    """At most 60 kB packed, with every script and style, each from this very server."""
    page = (await web.mine.get("/import")).text
    addresses = sorted(set(LOADED.findall(page) + LINKED.findall(page)))

    parts = {address: (await web.mine.get(address)).content for address in addresses if address.startswith("/")}

    foreign = [address for address in addresses if not address.startswith("/") or address.startswith("//")]
    packed = {address: len(gzip.compress(part)) for address, part in {"/import": page.encode(), **parts}.items()}
    assert foreign == []
    assert any(address.endswith(".js") or ".js?" in address for address in parts)
    assert not [address for address, part in parts.items() if IN_STYLES.search(part.decode("utf-8", "replace"))]
    assert sum(packed.values()) <= MOST_BYTES, packed
