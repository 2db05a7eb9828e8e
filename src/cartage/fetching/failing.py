"""What a broken connection means, as our own errors."""

import ssl
from collections.abc import Generator
from contextlib import contextmanager

import httpcore2

from cartage.model.errors import (
    BadResponse,
    BodyTruncated,
    CartageError,
    ConnectFailed,
    ConnectionReset,
    ConnectTimeout,
    DeadlineExceeded,
    TlsFailed,
)

NOT_TLS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}


@contextmanager
def answered_with(status: int) -> Generator[None]:
    """Tell of the errors within with which status the site had answered."""
    try:
        yield
    except CartageError as error:
        error.http_status = status
        raise


def named(error: Exception, host: str, *, begun: bool) -> CartageError:
    """Name a network error; `begun` tells whether the answer's head had arrived."""
    if not begun and (tls := _tls_error(error)):
        return _named_tls(tls, host)
    if isinstance(error, httpcore2.ProtocolError):
        return _named_protocol(str(error), host)
    if isinstance(error, httpcore2.ConnectTimeout):
        return ConnectTimeout(f"{host} did not finish opening the connection in time.")
    if isinstance(error, httpcore2.ConnectError):
        return ConnectFailed(f"{host} closed the connection while it was being opened.")
    return _named_cut(error, host, begun=begun)


def _named_cut(error: Exception, host: str, *, begun: bool) -> CartageError:
    if isinstance(error, httpcore2.TimeoutException):
        return DeadlineExceeded(f"{host} did not answer in time.")
    if begun:
        return BodyTruncated(f"{host} cut the connection in the middle of the page.")
    return ConnectionReset(f"{host} cut the connection before it answered.")


def _named_tls(error: ssl.SSLError, host: str) -> CartageError:
    if error.reason in NOT_TLS:
        return BadResponse(f"{host} does not speak https at this address.")
    if isinstance(error, ssl.SSLCertVerificationError):
        return TlsFailed(f"{host}'s certificate is not valid: {error.verify_message}.")
    return TlsFailed(f"No encryption could be agreed on with {host}.")


def _named_protocol(text: str, host: str) -> CartageError:
    if "without sending a response" in text:
        return ConnectionReset(f"{host} closed the connection without an answer.")
    if "without sending complete" in text or "incomplete" in text:
        return BodyTruncated(f"{host} closed the connection in the middle of the page.")
    return BadResponse(f"{host}'s answer is not valid HTTP.")


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None:
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLWantReadError | ssl.SSLWantWriteError):
            return error
        error = error.__cause__ or error.__context__
    return None
