"""Bulk actions: one act on all products that a filter picks, as data, and which products an act can be done to."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from cartage.model.catalogue import Status
from cartage.model.edit import Edit
from cartage.model.failure import Failure
from cartage.model.lasting import LASTING
from cartage.model.pause import is_among
from cartage.model.product import Value
from cartage.model.wishes import Render

FIRST_NAMED = 5


class Act(StrEnum):
    """Name what a bulk action does to each product."""

    RETRY = "retry"
    REFRESH = "refresh"
    CANCEL = "cancel"
    EDIT = "edit"
    ARCHIVE = "archive"
    RESTORE = "restore"
    DELETE = "delete"

    @property
    def imports(self) -> bool:
        """Tell whether it begins imports."""
        return self in {Act.RETRY, Act.REFRESH}


class Hindrance(StrEnum):
    """Name why an act cannot be done to a product; `HINDERED` says it in words."""

    UNDER_WAY = "under_way"
    NOT_UNDER_WAY = "not_under_way"
    NOT_FAILED = "not_failed"
    LASTING = "lasting"
    NOT_READ = "not_read"
    PAUSED = "paused"
    NOT_ARCHIVED = "not_archived"
    REFUSED = "refused"


HINDERED: Mapping[str, str] = {
    Hindrance.UNDER_WAY: "is being imported right now",
    Hindrance.NOT_UNDER_WAY: "is not being imported",
    Hindrance.NOT_FAILED: "did not fail",
    Hindrance.LASTING: "failed for good: the page is gone, shows no product, asks for a login, or may not be fetched",
    Hindrance.NOT_READ: "no page was read for it yet",
    Hindrance.PAUSED: "importing from its site is paused",
    Hindrance.NOT_ARCHIVED: "is not in the archive",
    Hindrance.REFUSED: "could not take it",
}


class Brief(Value):
    """Hold what of a product decides whether an act can be done to it.

    `read` tells that a page was read for it, `action_id` names the bulk action that began its present import.
    """

    id: str
    status: Status
    error: str = ""
    site: str = ""
    read: bool = False
    archived: bool = False
    action_id: str | None = None


class BulkState(StrEnum):
    """Name where a bulk action stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        """Tell whether it does nothing more."""
        return self in {BulkState.DONE, BulkState.STOPPED, BulkState.FAILED}


class Left(Value):
    """Count the products that an act was not done to for one reason, and name the first of them."""

    reason: Hindrance
    count: int
    first: tuple[str, ...] = ()
    told: str = ""


class BulkAction(Value):
    """Keep one act on all that a filter picks; `at` is the moment that the filter's ages count back from.

    Products are gone through in the order of their ids, up to those that were there at that moment: `after` is the
    last one, `total` how many there were when it was asked for, `done` those that it was done to.
    """

    id: str
    merchant_id: str
    act: Act
    filter: str = ""
    edit: Edit | None = None
    from_step: str = ""
    render: Render | None = None
    asked_by: str = ""
    undoes: str | None = None
    state: BulkState = BulkState.WAITING
    total: int = 0
    done: int = 0
    left: tuple[Left, ...] = ()
    after: str = ""
    failure: Failure | None = None
    at: datetime
    finished_at: datetime | None = None

    @property
    def seen(self) -> int:
        """Count the products that it went through."""
        return self.done + sum(each.count for each in self.left)


class Cause(Value):
    """Count the products that failed with one error and that an act can be done to."""

    error: str
    count: int


class Forecast(Value):
    """Tell what an act would do: how many products match, how many it can be done to, and why not to the others.

    `causes` counts those that it can be done to by what they failed with, the most frequent first.
    """

    act: Act
    matching: int = 0
    possible: int = 0
    causes: tuple[Cause, ...] = ()
    left: tuple[Left, ...] = ()


def hindrance(act: Act, brief: Brief, paused: Collection[str] = ()) -> Hindrance | None:
    """Say why an act cannot be done to a product while some sites are paused; None where it can."""
    under_way = not brief.status.settled
    if act is Act.CANCEL:
        return None if under_way else Hindrance.NOT_UNDER_WAY
    if act is Act.RESTORE:
        return None if brief.archived else Hindrance.NOT_ARCHIVED
    if act is Act.EDIT:
        return None if brief.read else Hindrance.NOT_READ
    if act is Act.ARCHIVE:
        return None
    if under_way:
        return Hindrance.UNDER_WAY
    reason = _retry_hindrance(brief) if act is Act.RETRY else None
    return reason or (Hindrance.PAUSED if is_among(brief.site, paused) else None)


def with_left(left: tuple[Left, ...], reason: Hindrance | None, product_id: str, told: str = "") -> tuple[Left, ...]:
    """Count one more product that an act was not done to, if there was a reason."""
    if reason is None:
        return left
    known = next((each for each in left if each.reason is reason), Left(reason=reason, count=0))
    first = known.first if len(known.first) >= FIRST_NAMED else (*known.first, product_id)
    counted = known.model_copy(update={"count": known.count + 1, "first": first, "told": known.told or told})
    return tuple(counted if each.reason is reason else each for each in left) if known in left else (*left, counted)


def _retry_hindrance(brief: Brief) -> Hindrance | None:
    if brief.status is not Status.FAILED:
        return Hindrance.NOT_FAILED
    return Hindrance.LASTING if brief.error in LASTING else None
