"""What can be wrong with a request of a program, before anything is done about it."""

from collections.abc import Iterable, Sequence

from cartage.model.errors import InvalidInput
from cartage.model.failure import CartageError, Refused


class SeveralFaults(InvalidInput):
    """Several of the request's fields are not as they should be; `errors` points at each of them."""

    def __init__(self, faults: Sequence[CartageError]) -> None:
        super().__init__(faults[0].detail, faults[0].pointer)
        self.faults = tuple(faults)


def raise_faults(faults: Iterable[CartageError]) -> None:
    """Raise what is at fault, if something is: one fault as it is, several as `SeveralFaults`."""
    found = tuple(faults)
    if len(found) > 1:
        raise SeveralFaults(found)
    if found:
        raise found[0]


class Malformed(Refused):
    """The request cannot be read at all."""

    code = "malformed"
    advice = "Fix the request's syntax and send it again."


class UnknownHost(Refused):
    """The request names a host that this server is not."""

    code = "unknown_host"
    advice = "Name it in CARTAGE_PUBLIC_URL or CARTAGE_ALLOWED_HOSTS."


class NoSuchRoute(Refused):
    """Nothing is at this path."""

    code = "no_such_route"
    advice = "Look the path up in /openapi.json or /docs."


class MethodNotAllowed(Refused):
    """The path is right, but not with this method."""

    code = "method_not_allowed"
    advice = "Use one of the methods that the header `Allow` names."


class RequestTooLarge(Refused):
    """The body is larger than this path takes."""

    code = "request_too_large"
    advice = "Send it in parts."


class MediaTypeUnsupported(Refused):
    """The body is of a kind that this path does not read."""

    code = "media_type_unsupported"
    advice = "Say with `Content-Type` what the body is: JSON, unless the path's documentation says otherwise."


class Stale(Refused):
    """The thing has changed since the caller looked at it."""

    code = "stale"
    advice = "Get it again, look at what changed, and send the change with the new `ETag` as `If-Match`."


class KeyReused(Refused):
    """The idempotency key came before with another request."""

    code = "idempotency_key_reused"
    advice = "Use a new key for each request; send the same one only with the very same request."


class StillRunning(Refused):
    """The first request with this idempotency key is not answered yet."""

    code = "request_still_running"
    advice = "Send the same request with the same key again in a moment, to get the first one's reply."


class TooManyRequests(Refused):
    """The token has used up its requests for now."""

    code = "too_many_requests"
    advice = "Wait as long as `Retry-After` says, then go on."

    def __init__(self, detail: str, retry_after_seconds: int = 1) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class PicturesOff(Refused):
    """Keeping pictures is switched off in this installation."""

    code = "pictures_off"
    advice = "Whoever runs Cartage can switch pictures on with CARTAGE_PICTURES."


class FileRefused(InvalidInput):
    """A file cannot be kept as a picture."""

    code = "file_refused"
    advice = "Choose another file."


class RowUnusable(InvalidInput):
    """A row says something of its product that cannot be."""

    code = "row_unusable"
    advice = "Fix the cell and hand the row in again."
