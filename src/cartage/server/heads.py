"""HTTP/1.1 read by llhttp, with a bound on the bytes that a connection may send without getting anywhere."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 64 * 1024
REFUSAL = b"The head of the request is larger than %d KB." % (LARGEST_HEAD // 1024)
ANSWER = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(REFUSAL), REFUSAL)
)


class BoundedHeads(HttpToolsProtocol):
    """Refuse with 431 (RFC 6585) a head that goes on and on, all of which the parser keeps; hang up on trailers."""

    _unfinished = 0

    def data_received(self, data: bytes) -> None:
        """Read what came, and hang up when too much of it ended neither a head nor brought a body."""
        self._unfinished += len(data)
        super().data_received(data)
        if self._unfinished > LARGEST_HEAD and not self.transport.is_closing():
            if not self.cycle or self.cycle.response_complete:
                self.transport.write(ANSWER)
            self.transport.close()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body, whose size the application bounds."""
        self._unfinished = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take the end of a request."""
        self._unfinished = 0
        super().on_message_complete()
