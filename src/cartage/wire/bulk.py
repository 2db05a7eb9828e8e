"""Bulk actions as they are told."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from cartage.model.bulk import Act, BulkAction, Forecast, Left
from cartage.model.catalogue import ImportState
from cartage.model.filtering import LONGEST
from cartage.model.wishes import Render
from cartage.wire.body import Body
from cartage.wire.upkeep import ProductEdit

NO_NAMES: Mapping[str, str] = MappingProxyType({})


class NewBulkAction(Body):
    """Ask for one act on all products that a filter picks.

    With `dry_run` nothing is done, and the reply tells what would be. With `expect_count` nothing is done unless
    exactly as many products match. `edit` is for `edit`; `from_step` is for `retry` and `refresh`: from `extract` the
    page that is kept is read again; and so is `render`: when their pages are opened in a browser, null that it is as it
    was before.
    """

    action: Act
    filter: Annotated[str, Field(max_length=LONGEST, examples=["status:failed error:rate_limited"])] = ""
    edit: ProductEdit | None = None
    from_step: Literal["fetch", "extract"] | None = None
    render: Render | None = None
    dry_run: bool = False
    expect_count: Annotated[int, Field(ge=0)] | None = None


class LeftOut(BaseModel):
    """Count the products that an act is not done to for one reason, and name the first of them.

    `names` says by id what those in `first` are called: the product's name, or its address where it has none yet.
    """

    reason: str
    count: int
    first: list[str]
    names: dict[str, str] = {}
    detail: str

    @classmethod
    def of(cls, left: Left, names: Mapping[str, str]) -> "LeftOut":
        """Map it, with what is called how."""
        own = {product_id: names[product_id] for product_id in left.first if product_id in names}
        return cls(reason=left.reason.value, count=left.count, first=list(left.first), names=own, detail=left.told)


class BulkActionOut(BaseModel):
    """Show a bulk action, or with `status` `dry_run` what one would do, whose `id` is null then.

    `total` products match, to `done` of them it was done (would be, in a dry run), and `left` says why not to the
    others. `imports` counts the imports that it began by their status, `causes` in a dry run what it would be done to
    by the code of what failed. `asked_by` names the person or the token that asked for it.
    """

    id: str | None
    action: str
    filter: str
    status: str
    total: int
    done: int
    left: list[LeftOut]
    imports: dict[str, int] = {}
    causes: dict[str, int] = {}
    asked_by: str | None = None
    created_at: datetime | None
    finished_at: datetime | None
    links: dict[str, str]

    @classmethod
    def of(
        cls,
        action: BulkAction,
        imports: dict[ImportState, int] | None = None,
        names: Mapping[str, str] = NO_NAMES,
    ) -> "BulkActionOut":
        """Map a bulk action."""
        path = f"/v1/bulk-actions/{action.id}"
        return cls(
            id=action.id,
            action=action.act.value,
            filter=action.filter,
            status=action.state.value,
            total=action.total,
            done=action.done,
            left=[LeftOut.of(each, names) for each in action.left],
            imports={state.value: count for state, count in (imports or {}).items()},
            asked_by=action.asked_by or None,
            created_at=action.at,
            finished_at=action.finished_at,
            links={"self": path, "stop": f"{path}/stop", "undo": f"{path}/undo", "html": f"/bulk/{action.id}"},
        )

    @classmethod
    def foretold(cls, forecast: Forecast, wanted: str, names: Mapping[str, str]) -> "BulkActionOut":
        """Map what an act would do."""
        return cls(
            id=None,
            action=forecast.act.value,
            filter=wanted,
            status="dry_run",
            total=forecast.matching,
            done=forecast.possible,
            left=[LeftOut.of(each, names) for each in forecast.left],
            causes={each.error: each.count for each in forecast.causes},
            created_at=None,
            finished_at=None,
            links={},
        )


class BulkActionPage(BaseModel):
    """List bulk actions, newest first; `next` is the address of the following page, or null."""

    bulk_actions: list[BulkActionOut]
    next: str | None
