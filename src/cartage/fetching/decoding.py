"""Bounded decompression: a body is unpacked piece by piece and never beyond its limits."""

import zlib
from collections.abc import Iterator

from cartage.fetching.limits import Limits
from cartage.model.errors import BadEncoding, BodyTruncated, DecompressionBomb, PageTooLarge, UnsupportedEncoding

PIECE = 64 * 1024
GZIP_MAGIC = b"\x1f\x8b"
GZIP_WINDOW = 16 + zlib.MAX_WBITS
ZLIB_METHOD = 8
ZLIB_CHECK = 31
CODINGS = {"": "identity", "identity": "identity", "gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


class Decoder:
    """Unpack one body of a single coding and count what goes in and comes out.

    `host` is for messages. Raises `UnsupportedEncoding` for any other coding, and for more than one.
    """

    def __init__(self, coding: str, limits: Limits, host: str) -> None:
        known = CODINGS.get(coding.strip().lower())
        if known is None:
            raise UnsupportedEncoding(f"{host} packs its answer as {coding[:40]!a}, which was not asked for.")
        self._coding = known
        self._limits = limits
        self._host = host
        self._read = 0
        self._inflater = zlib.decompressobj(GZIP_WINDOW)
        self._packed = False
        self._started = False
        self.body = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes as they were sent; raises `PageTooLarge`, `DecompressionBomb` or `BadEncoding`."""
        if not chunk:
            return
        if not self._started:
            self._start(chunk)
        try:
            for piece in self._inflate(chunk) if self._packed else [chunk]:
                self.body += piece
                self._check()
        except zlib.error as error:
            raise BadEncoding(f"{self._host}'s answer is packed as {self._coding}, but corrupt.") from error

    def finish(self) -> bytes:
        """Give the whole body; raises `BodyTruncated` when the packed stream has no end."""
        if self._packed and not self._inflater.eof:
            raise BodyTruncated(f"{self._host}'s answer broke off.")
        return bytes(self.body)

    def _start(self, chunk: bytes) -> None:
        self._started = True
        if self._coding == "gzip" and chunk[0] == GZIP_MAGIC[0]:
            self._packed = True
        if self._coding == "deflate":
            self._packed = True
            wrapped = chunk[0] & 0x0F == ZLIB_METHOD and int.from_bytes(chunk[:2]) % ZLIB_CHECK == 0
            self._inflater = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)

    def _inflate(self, data: bytes) -> Iterator[bytes]:
        inflater = self._inflater
        while data:
            if inflater.eof:
                if self._coding != "gzip" or not data.startswith(GZIP_MAGIC[: len(data)]):
                    return
                inflater = self._inflater = zlib.decompressobj(GZIP_WINDOW)
            piece = inflater.decompress(data, PIECE)
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            self._read += len(data) - len(rest)
            yield piece
            while len(piece) == PIECE and not inflater.unconsumed_tail and not inflater.eof:
                piece = inflater.decompress(b"", PIECE)
                yield piece
            data = rest

    def _check(self) -> None:
        size = len(self.body)
        if self._packed and size > self._limits.ratio_from and size > self._read * self._limits.largest_ratio:
            ratio = self._limits.largest_ratio
            raise DecompressionBomb(f"{self._host}'s answer unpacks to more than {ratio} times its size.")
        if size > self._limits.largest_body:
            raise PageTooLarge(f"{self._host}'s answer is larger than {self._limits.largest_body} bytes.")
