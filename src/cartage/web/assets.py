"""Static files: read once, named by what they contain, served from memory."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import HTTPException, Request, Response

FOLDER = Path(__file__).parent / "static"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOREVER = "public, max-age=31536000, immutable"
CHECK_FIRST = "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """Hold one file's bytes, plain and packed, and the hash that names this version of it."""

    content: bytes
    packed: bytes
    version: str
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """Read every static file, once."""
    paths = (path for path in sorted(FOLDER.rglob("*")) if path.suffix in MEDIA_TYPES)
    return {path.relative_to(FOLDER).as_posix(): _read(path) for path in paths}


def asset_url(name: str) -> str:
    """Give a file's address, which changes whenever the file does."""
    return f"/static/{name}?v={assets()[name].version}"


def serve_asset(request: Request, name: str) -> Response:
    """Answer with a static file: kept forever under its present version, asked for again otherwise."""
    asset = assets().get(name)
    if asset is None:
        raise HTTPException(404, "There is no such file.")
    headers = {
        "Cache-Control": FOREVER if request.query_params.get("v") == asset.version else CHECK_FIRST,
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(asset.content, headers=headers, media_type=asset.media_type)
    headers["Content-Encoding"] = "gzip"
    return Response(asset.packed, headers=headers, media_type=asset.media_type)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(
        content=content,
        packed=gzip.compress(content, mtime=0),
        version=hashlib.sha256(content).hexdigest()[:12],
        media_type=MEDIA_TYPES[path.suffix],
    )
