"""Feeds as they are told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from cartage.model.export import Text
from cartage.model.feed import LARGEST_HOURS, LONGEST_NAME, FeedTerms
from cartage.model.filtering import LONGEST
from cartage.wire.body import Body
from cartage.wire.exports import ExportOut

FeedStatus = Literal["making", "ready", "outdated", "failed"]


class NewFeed(Body, FeedTerms):
    """Ask for a file of a target at an address that a shop or a marketplace fetches."""

    target: Annotated[str, Field(max_length=40, examples=["google-xml"])]

    @property
    def terms(self) -> FeedTerms:
        """Give what is wanted of the feed."""
        return FeedTerms(**self.model_dump(exclude={"target"}))


class FeedChange(Body):
    """Change what is wanted of a feed; what is not given stays."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)] | None = None
    filter: Annotated[str, Field(max_length=LONGEST)] | None = None
    every_hours: Annotated[int, Field(ge=1, le=LARGEST_HOURS)] | None = None
    sound_only: bool | None = None
    settings: Annotated[Mapping[str, Text], Field(max_length=20)] | None = None

    def changed(self, terms: FeedTerms) -> FeedTerms:
        """Give terms with what is given written over."""
        return terms.model_copy(update=self.model_dump(exclude_none=True))


class FeedOut(BaseModel):
    """Show a feed.

    `address` is where it is fetched: whoever knows it needs no login. `status` is `making` before there is a file,
    `outdated` while an earlier file is sent because the newest export failed or has errors, and `failed` where there is
    no earlier one. `serving` is the export whose file is sent, `newest` the one that was made last, or is being made.
    """

    id: str
    name: str
    target: str
    filter: str
    every_hours: int
    sound_only: bool
    settings: Mapping[str, str]
    address: str
    status: FeedStatus
    serving: ExportOut | None
    newest: ExportOut
    fetched_at: datetime | None
    fetched_by: Annotated[str, Field(description="What the last fetcher called itself.")]
    created_at: datetime


class FeedList(BaseModel):
    """List feeds, oldest first."""

    feeds: list[FeedOut]
