"""Feeds: files of a target at an address that shops and marketplaces fetch by themselves."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, SecretStr

from cartage.model.errors import InvalidInput
from cartage.model.export import Text
from cartage.model.failure import TryLater
from cartage.model.filtering import LONGEST
from cartage.model.product import Value

LONGEST_NAME = 120
LONGEST_AGENT = 200
LARGEST_HOURS = 168


class FeedTerms(Value):
    """Say what a merchant wants of a feed.

    `settings` are the target's, as text, where this feed has others than the merchant's own.
    """

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, description="What you call it.")]
    filter: Annotated[str, Field(max_length=LONGEST, description="Which products; all without.")] = ""
    every_hours: Annotated[
        int, Field(ge=1, le=LARGEST_HOURS, description="Its file is made anew after so many hours at the latest.")
    ] = 6
    sound_only: Annotated[
        bool,
        Field(description="Leave out products with errors; without, a file with errors does not replace one without."),
    ] = False
    settings: Annotated[
        Mapping[str, Text], Field(max_length=20, description="Settings of the target, for this feed only, as text.")
    ] = {}


class Feed(Value):
    """Keep a feed; who knows its `token` may fetch it.

    `newest_id` is the export that was begun last, at `begun_at`, of what `stamp` stands for. `served_id` is the one
    whose file is sent, and `served_sound` tells whether it is without errors. `fetched_by` is what the fetcher called
    itself.
    """

    id: str
    merchant_id: str
    target: str
    terms: FeedTerms
    token: SecretStr
    stamp: str = ""
    newest_id: str
    begun_at: datetime
    served_id: str | None = None
    served_sound: bool = False
    fetched_at: datetime | None = None
    fetched_by: str = ""
    created_at: datetime

    @property
    def old_at(self) -> datetime:
        """Say when its file is made anew though nothing changed."""
        return self.begun_at + timedelta(hours=self.terms.every_hours)


class FeedNotMade(TryLater):
    """The feed's first file is still being made."""

    code = "feed_not_made"
    advice = "Fetch it again in a minute."


class ManyFiles(InvalidInput):
    """The target writes several files, and a feed's address leads to one."""

    code = "target_of_many_files"
    advice = "Export it and upload the files, or choose a target with one file."
