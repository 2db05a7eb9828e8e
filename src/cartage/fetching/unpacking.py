"""The codings a body may come in, each unpacked in pieces of bounded size."""

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE = 64 * 1024
GZIP_MAGIC = b"\x1f\x8b"
GZIP_WINDOW = 16 + zlib.MAX_WBITS
ZLIB_METHOD = 8
ZLIB_CHECK = 31
ZSTD_WINDOW_LOG = 23  # 8 MiB, the most that RFC 9659 allows on the web
TOO_MUCH_MEMORY = "too much memory"
BROTLI: Any = brotli  # comes without types


class Corrupt(Exception):
    """The packed bytes are not what their coding calls for."""


class WindowTooLarge(Exception):
    """The packed bytes ask for more memory than unpacking may take."""


class Unpacker(Protocol):
    """Unpack one stream; `read` counts the bytes it has used up."""

    read: int

    @property
    def complete(self) -> bool:
        """Tell whether the stream has come to its own end."""
        ...

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give what the next bytes unpack to, piece by piece; raises `Corrupt` or `WindowTooLarge`."""
        ...


class Plain:
    """Pass bytes on as they are."""

    def __init__(self) -> None:
        self.read = 0

    @property
    def complete(self) -> bool:
        """Tell whether the stream has come to its own end: a plain one has none."""
        return True

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give the bytes."""
        self.read += len(data)
        yield data


class Zlib:
    """Unpack gzip, in one or many members, and deflate with its wrapper or without."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._inflater = zlib.decompressobj(window)
        self.read = 0

    @property
    def complete(self) -> bool:
        """Tell whether the stream has come to its own end."""
        return self._inflater.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give what the next bytes unpack to."""
        try:
            yield from self._inflate(data)
        except zlib.error as error:
            raise Corrupt from error

    def _inflate(self, data: bytes) -> Iterator[bytes]:
        inflater = self._inflater
        while data:
            if inflater.eof:
                if self._window != GZIP_WINDOW or not data.startswith(GZIP_MAGIC[: len(data)]):
                    return
                inflater = self._inflater = zlib.decompressobj(GZIP_WINDOW)
            piece = inflater.decompress(data, PIECE)
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            self.read += len(data) - len(rest)
            yield piece
            while len(piece) == PIECE and not inflater.unconsumed_tail and not inflater.eof:
                piece = inflater.decompress(b"", PIECE)
                yield piece
            data = rest


class Brotli:
    """Unpack Brotli."""

    def __init__(self) -> None:
        self._inflater = BROTLI.Decompressor()
        self.read = 0

    @property
    def complete(self) -> bool:
        """Tell whether the stream has come to its own end."""
        return self._inflater.is_finished()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give what the next bytes unpack to."""
        self.read += len(data)
        try:
            yield self._inflater.process(data, output_buffer_limit=PIECE)
            while not self._inflater.can_accept_more_data():
                yield self._inflater.process(b"", output_buffer_limit=PIECE)
        except BROTLI.error as error:
            raise Corrupt from error


class Zstd:
    """Unpack Zstandard, in one or many frames, with a window of at most 8 MiB."""

    def __init__(self) -> None:
        self._inflater = _zstd_inflater()
        self.read = 0

    @property
    def complete(self) -> bool:
        """Tell whether the stream has come to its own end."""
        return self._inflater.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give what the next bytes unpack to."""
        self.read += len(data)
        try:
            yield from self._inflate(data)
        except zstd.ZstdError as error:
            kind = WindowTooLarge if TOO_MUCH_MEMORY in str(error) else Corrupt
            raise kind from error

    def _inflate(self, data: bytes) -> Iterator[bytes]:
        while data or not (self._inflater.needs_input or self._inflater.eof):
            if self._inflater.eof:
                self._inflater = _zstd_inflater()
            yield self._inflater.decompress(data, PIECE)
            data = self._inflater.unused_data if self._inflater.eof else b""


def _zstd_inflater() -> zstd.ZstdDecompressor:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG})


def _gzip(first: bytes) -> Unpacker:
    # Some sites say gzip and send the page as it is.
    return Zlib(GZIP_WINDOW) if first[:1] == GZIP_MAGIC[:1] else Plain()


def _deflate(first: bytes) -> Unpacker:
    wrapped = first[0] & 0x0F == ZLIB_METHOD and int.from_bytes(first[:2]) % ZLIB_CHECK == 0
    return Zlib(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)


CODINGS: dict[str, Callable[[bytes], Unpacker]] = {
    "": lambda _: Plain(),
    "identity": lambda _: Plain(),
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": lambda _: Brotli(),
    "zstd": lambda _: Zstd(),
}
