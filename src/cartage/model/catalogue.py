"""A merchant's catalogue: products and the imports, attempts and steps that fill them."""

import hashlib
from collections.abc import Set as AbstractSet
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import Field

from cartage.model.bookmark import Bookmark
from cartage.model.edit import Edit
from cartage.model.enhancement import FACT_OF, LanguageTag, Text, TextField, WrittenText
from cartage.model.errors import Failure
from cartage.model.evidence import Drop, Evidence, Verdict
from cartage.model.language import Usage
from cartage.model.option_edit import Relabelling
from cartage.model.page import Validators
from cartage.model.picture import Picture
from cartage.model.presentation import Presentation
from cartage.model.pricing import Markup
from cartage.model.product import Money, Product, Value
from cartage.model.request_errors import Stale
from cartage.model.stated import Stated
from cartage.model.wishes import AS_USUAL, Wishes


class Status(StrEnum):
    """Name where a product stands."""

    IMPORTING = "IMPORTING"
    IMPORTED = "IMPORTED"
    ENHANCED = "ENHANCED"
    FAILED = "FAILED"

    @property
    def settled(self) -> bool:
        """Tell whether no import is under way."""
        return self is not Status.IMPORTING


class Attempt(Value):
    """Keep one provider's try within an import; `cost` is None where it is not known.

    `number` counts this provider's tries from 1. `page_id`, `extraction_id` and `shot_id` name stored artifacts, the
    last one a picture of what a browser showed that brought no product. `wordless` tells
    that the page shows pictures and next to no text. A language model's try tells its `usage`, and in `drops` what it
    said and was not believed. `unchanged` tells that the site says so of the page: what was read before stands.
    `fetched_bytes` came over the network for it, as they were sent; None where nobody counted them. `listed` counts the
    products that a page lists which is about none. `http_status` is what the site answered with, None where it did not,
    or nobody noted it.
    """

    provider: str
    number: int
    started_at: datetime
    duration_ms: int
    cost: Money | None = Money(amount=Decimal(0), currency="USD")
    verdict: Verdict | None = None
    missing: tuple[str, ...] = ()
    failure: Failure | None = None
    page_id: str | None = None
    extraction_id: str | None = None
    shot_id: str | None = None
    wordless: bool = False
    usage: Usage | None = None
    drops: tuple[Drop, ...] = ()
    validators: Validators | None = None
    unchanged: bool = False
    fetched_bytes: int | None = None
    listed: int = 0
    http_status: int | None = None


class Metadata(Value):
    """Say how a product came about: the provider that won, all attempts, the time and the money."""

    provider: str | None = None
    duration_ms: int = 0
    attempts: tuple[Attempt, ...] = ()
    error: str | None = None


class CatalogueProduct(Value):
    """Keep a product in a merchant's catalogue, with what is known of it and how it came about.

    `locked` names the facts that a person set, which no import overwrites, and `stated` keeps what the page says under
    them. `unverified` points at what a language model
    saw in pictures and no person has looked at yet: while there is any, the product is a draft. `pictures` says what
    became of the images of the facts. `written` holds the texts of a language model that a person accepted, apart from
    the facts; `presentation` is what a merchant wrote themselves for shops, and `relabelled` what they
    call options. `bookmark` is there where the site can be
    asked for changes only. `tags` and `own_rule`, which prices it instead of the merchant's ranges, are the merchant's
    own, and so is `external_id`, what they call it elsewhere. An archived product is in no list; `archived_by` names
    the bulk action that archived it.
    """

    id: str
    merchant_id: str
    import_id: str
    source_url: str
    status: Status
    facts: Product | None = None
    evidence: dict[str, tuple[Evidence, ...]] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    stated: Stated | None = None
    pictures: tuple[Picture, ...] = ()
    written: tuple[WrittenText, ...] = ()
    presentation: Presentation = Presentation()
    relabelled: Relabelling = Relabelling()
    unverified: tuple[str, ...] = ()
    bookmark: Bookmark | None = None
    tags: tuple[str, ...] = ()
    own_rule: Markup | None = None
    external_id: str | None = None
    archived_at: datetime | None = None
    archived_by: str | None = None
    failure: Failure | None = None
    metadata: Metadata = Metadata()
    created_at: datetime
    updated_at: datetime

    def text(self, field: TextField, language: LanguageTag | None = None) -> Text | None:
        """Give a text to publish, in the product's own language where none is named; None where there is none.

        What a language model wrote stands here once a person accepted it, and says so by `by_model`.
        """
        for each in self.written:
            if (each.field, each.language) == (field, language):
                return Text(text=each.text, language=language, model=each.model)
        if language:
            return None
        fact = FACT_OF.get(field)
        own = self.facts if fact else self.presentation
        stated: str | None = getattr(own, fact or field.value, None)
        return Text(text=stated) if stated else None

    @property
    def called(self) -> str:
        """Give what a person knows it by: its name, or its address as long as no name is known."""
        return (self.facts and self.facts.name) or self.source_url

    @property
    def version(self) -> str:
        """Name this very state of the product: any change gives another name."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]

    def check_version(self, versions: AbstractSet[str] | None) -> None:
        """Raise `Stale` unless this is one of the versions; None allows any."""
        if versions is not None and self.version not in versions:
            raise Stale(f"{self.id} has changed since you looked at it.")


class ProductStatus(Value):
    """Say where a product stands, and why it failed."""

    id: str
    merchant_id: str
    status: Status
    failure: Failure | None = None


class ImportState(StrEnum):
    """Name where an import stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        """Tell whether the import has ended."""
        return self in {ImportState.SUCCEEDED, ImportState.FAILED}


class Import(Value):
    """Keep one run of the job that fills a product; `number` counts the product's imports from 1.

    `batch_id` names the batch it belongs to; imports that a person waits for go first. `resumes` names the
    import that stopped at a budget, which a person lets go on. `scheduled` tells that nobody asked for it now.
    `pictures_for` is the status of a product whose pictures alone are fetched again, and which it goes back to.
    `held` tells that it is kept from the engine for a pause, `released_at` when it last went on after one.
    `action_id` names the bulk action that asked for it. `kept_page_id` names a page of an earlier import that is read
    again instead of asking for it. `enhance` says whether to enhance what it brings; None leaves that to the
    merchant's settings. `wishes` say how it is done where it is not as usual, and `given` is what was
    handed in with its address, set by hand as soon as a page was read for the product. `planned` names the steps that
    it may take, in their order, once it is running. `asked_by` names who asked for it, a person or a token; empty where
    nobody did, or nobody noted it. `picture_bytes` came over the network for its pictures, None where it asked for
    none.
    """

    id: str
    product_id: str
    merchant_id: str
    source_url: str
    number: int
    state: ImportState = ImportState.QUEUED
    pasted_page_id: str | None = None
    batch_id: str | None = None
    resumes: str | None = None
    enhance: bool | None = None
    scheduled: bool = False
    pictures_for: Status | None = None
    action_id: str | None = None
    kept_page_id: str | None = None
    wishes: Wishes = AS_USUAL
    given: Edit | None = None
    planned: tuple[str, ...] = ()
    asked_by: str = ""
    held: bool = False
    released_at: datetime | None = None
    picture_bytes: int | None = None
    failure: Failure | None = None
    created_at: datetime
    finished_at: datetime | None = None

    @property
    def back_to(self) -> Status | None:
        """Give the status that its product goes back to; None where the import itself decides on it."""
        return self.pictures_for or (Status(self.wishes.look) if self.wishes.look else None)

    @property
    def again(self) -> str:
        """Name its present run at the engine where it was held before; empty for the first."""
        return f"{self.released_at:%Y%m%d%H%M%S%f}" if self.released_at else ""

    def is_run(self, again: str) -> bool:
        """Tell whether a run that was asked for by `again` is its present one, or repeats a lost one.

        Another one was held, and comes late.
        """
        return again == self.again or "-" in again

    @property
    def bulk(self) -> bool:
        """Tell whether it lets imports go first that a person waits for."""
        return bool(self.batch_id or self.action_id) or self.scheduled


class StepState(StrEnum):
    """Name where a step stands."""

    RUNNING = "running"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"


class Step(Value):
    """Show one step of an import to the person watching; `until` is when a waiting step goes on.

    One that was skipped took no time: its `detail` says why it was not needed, or could not be.
    """

    import_id: str
    name: str
    state: StepState
    detail: str = ""
    started_at: datetime
    finished_at: datetime | None = None
    until: datetime | None = None


class Event(Value):
    """Keep something that happened; `sequence` grows and never repeats within a store."""

    sequence: int = 0
    id: str
    name: str
    merchant_id: str
    product_id: str
    import_id: str
    data: dict[str, Any]
    at: datetime
