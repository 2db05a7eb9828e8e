"""What a failure is: whose side it is on, what to do, and the families of errors named for what to do next."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import ClassVar, Literal

from cartage.model.language import Photo
from cartage.model.product import Value


class Origin(StrEnum):
    """Name the side a failure is on."""

    YOU = "you"
    SITE = "site"
    US = "us"
    PROVIDER = "provider"


UNKNOWN = "Something went wrong"
Retry = Literal["never", "another", "later"]


class Failure(Value):
    """Keep an error as data: what happened, whose side it is on, and what to do.

    `retry_seconds` is how far away `retry_at` was when it was chosen. `pointer` leads to what is wrong in a list that
    was handed in, as in `/items/3/overrides/price`, and `line` is the one of its file where that row begins, as an
    editor or a spreadsheet counts them.
    """

    code: str
    origin: Origin
    detail: str
    advice: str
    retry: Retry = "never"
    retry_at: datetime | None = None
    retry_seconds: float | None = None
    pointer: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.detail} {self.advice}".strip()


class CartageError(Exception):
    """Say what happened and to what; the class says whose side it is on and what to do.

    `shot` is what a browser showed then, if one was open, `http_status` what the site had answered, if it had, and
    `pointer` which field of a request is at fault, if one is.
    """

    shot: Photo | None = None
    pointer: str = ""
    http_status: int | None = None
    code: ClassVar[str] = "internal"
    origin: ClassVar[Origin] = Origin.US
    advice: ClassVar[str] = "This is our fault. Please report it with the details shown."
    retry: ClassVar[Retry] = "never"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.detail} {self.advice}".strip()

    @classmethod
    def title(cls) -> str:
        """Say in one sentence, without its full stop, what errors of this kind stand for: the class's own."""
        return (cls.__doc__ or UNKNOWN).strip().splitlines()[0].partition(";")[0].rstrip(".")

    def failure(self) -> Failure:
        """Give this error as data that survives JSON."""
        return Failure(code=self.code, origin=self.origin, detail=self.detail, advice=self.advice, retry=self.retry)


class Permanent(CartageError):
    """Stop: trying this address again cannot help."""


class TryAnother(CartageError):
    """Go on with the next provider: this one cannot get the page."""

    retry: ClassVar[Retry] = "another"


class TryLater(CartageError):
    """Ask the same provider again in a while; `retry_after_seconds` is what the site asked for, if it did."""

    retry: ClassVar[Retry] = "later"

    def __init__(self, detail: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class Misconfigured(CartageError):
    """The installation is not set up as it should be; the detail tells the operator which setting to mend."""

    code = "misconfigured"
    advice = "Run `cartage doctor` to see what to change."


class Refused(CartageError):
    """Turn the caller's request down; the caller can mend it."""

    origin = Origin.YOU


@cache
def kinds() -> Mapping[str, type[CartageError]]:
    """Give each kind of error by its code."""
    named: dict[str, type[CartageError]] = {}
    every = list(CartageError.__subclasses__())
    for kind in every:
        every.extend(kind.__subclasses__())
        if "code" in vars(kind):
            named[kind.code] = kind
    return named
