"""Bounded decompression: a body is unpacked piece by piece and never beyond its limits."""

from cartage.fetching.limits import Limits
from cartage.fetching.unpacking import CODINGS, Corrupt, Plain, Unpacker, WindowTooLarge
from cartage.model.errors import BadEncoding, BodyTruncated, DecompressionBomb, PageTooLarge, UnsupportedEncoding


class Decoder:
    """Unpack one body of a single coding and count what goes in and comes out.

    `host` is for messages. Raises `UnsupportedEncoding` for any other coding, and for more than one.
    """

    def __init__(self, coding: str, limits: Limits, host: str) -> None:
        self._coding = coding.strip().lower()
        if self._coding not in CODINGS:
            raise UnsupportedEncoding(f"{host} packs its answer as {coding[:40]!a}, which is not read.")
        self._limits = limits
        self._host = host
        self._unpacker: Unpacker | None = None
        self._pieces: list[bytes] = []
        self.size = 0

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes as they were sent; raises `PageTooLarge`, `DecompressionBomb` or `BadEncoding`."""
        if not chunk:
            return
        unpacker = self._unpacker = self._unpacker or CODINGS[self._coding](chunk)
        try:
            for piece in unpacker.feed(chunk):
                self._pieces.append(piece)
                self.size += len(piece)
                self._check(unpacker)
        except Corrupt as error:
            raise BadEncoding(f"{self._host}'s answer is packed as {self._coding}, but corrupt.") from error
        except WindowTooLarge as error:
            raise DecompressionBomb(f"{self._host}'s answer needs more memory to unpack than it may.") from error

    def finish(self) -> bytes:
        """Give the whole body; raises `BodyTruncated` when the packed stream has no end."""
        if self._unpacker and not self._unpacker.complete:
            raise BodyTruncated(f"{self._host}'s answer broke off.")
        return self.so_far()

    def so_far(self) -> bytes:
        """Give what came out until now."""
        self._pieces = [b"".join(self._pieces)]
        return self._pieces[0]

    def _check(self, unpacker: Unpacker) -> None:
        size, packed = self.size, not isinstance(unpacker, Plain)
        if packed and size > self._limits.ratio_from and size > unpacker.read * self._limits.largest_ratio:
            ratio = self._limits.largest_ratio
            raise DecompressionBomb(f"{self._host}'s answer unpacks to more than {ratio} times its size.")
        if size > self._limits.largest_body:
            raise PageTooLarge(f"{self._host}'s answer is larger than {self._limits.largest_body} bytes.")
