"""The bounds of one fetch: how long, how much, how far."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bound a fetch; times are seconds, sizes are bytes, `largest_body` counts after decompression.

    A body that unpacks to more than `largest_ratio` times its size is refused once `ratio_from` is reached.
    """

    deadline_seconds: float = 60.0
    headers_seconds: float = 15.0
    connect_seconds: float = 10.0
    resolve_seconds: float = 5.0
    glimpse_seconds: float = 5.0
    image_seconds: float = 20.0
    keep_alive_seconds: float = 5.0
    redirects: int = 5
    addresses: int = 4
    headers: int = 200
    header_bytes: int = 64 * 1024
    largest_body: int = 10 * MEBIBYTE
    largest_glimpse: int = 128 * 1024
    largest_ratio: int = 200
    ratio_from: int = MEBIBYTE
