"""What the API promises its clients; mapped from the model, never the same class."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from cartage.model.catalogue import Attempt, CatalogueProduct, Import, Status, Step
from cartage.model.edit import Edit, ExternalId
from cartage.model.enhancement import LanguageTag, WrittenText
from cartage.model.errors import Failure, Internal
from cartage.model.evidence import Drop
from cartage.model.failure import kinds
from cartage.model.language import Usage
from cartage.model.pause import Pause
from cartage.model.picture import Picture, Size
from cartage.model.pricing import Markup
from cartage.model.product import Money
from cartage.model.remedy import Remedy
from cartage.model.wishes import Dollars, Render, Tags, Wishes
from cartage.wire.body import Body
from cartage.wire.pauses import PausedOut
from cartage.wire.upkeep import Overrides


class NewImport(Body):
    """Ask for an address to be imported; `enhance` says whether to enhance it then, null leaves it to the settings.

    `render` says when to open the page in a browser: where plain reading does not do, `first`, or `never`. The site is
    asked for `language`. A new product gets the `tags`, and is priced by `own_rule` instead of your ranges.
    `max_cost_usd` is how many US dollars it may spend before it stops and asks, where the installation allows as many.
    `external_id` is what you call a new product elsewhere, and `overrides` are fields of it that you set by hand.
    """

    enhance: bool | None = None
    external_id: ExternalId | None = None
    language: LanguageTag | None = None
    max_cost_usd: Dollars | None = None
    overrides: Overrides | None = None
    own_rule: Markup | None = None
    render: Render = Render.AUTO
    tags: Tags = ()
    url: Annotated[str, Field(max_length=4096, examples=["https://shop.example/products/linen-camp-shirt"])]

    @property
    def wishes(self) -> Wishes:
        """Give how it is to be imported."""
        return Wishes.model_validate(self.model_dump(include=set(Wishes.model_fields)))

    @property
    def given(self) -> Edit | None:
        """Give what is to be set by hand; None where nothing is."""
        named: dict[str, Any] = {"external_id": self.external_id} if self.external_id else {}
        if self.overrides:
            named |= {name: getattr(self.overrides, name) for name in self.overrides.model_fields_set}
        return Edit(**named) if named else None


class PastedPage(Body):
    """Give a page's HTML as a person copied it."""

    html: str


class RetryBody(Body):
    """Say from which step an import is to be done again, and how.

    What is named of `render`, `language` and `max_cost_usd` takes the place of what it was done with before.
    """

    from_step: Literal["fetch", "extract", "pictures"] = "fetch"
    language: LanguageTag | None = None
    max_cost_usd: Dollars | None = None
    render: Render = Render.AUTO

    def changed(self, wishes: Wishes) -> Wishes | None:
        """Give wishes with what is named here in place of theirs; None where nothing is."""
        named: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set - {"from_step"}}
        return wishes.model_copy(update=named) if named else None


class ContinueBody(Body):
    """Say how many US dollars an import may spend that goes on; without, it has no bound of its own."""

    max_cost_usd: Dollars | None = None


class StepOut(BaseModel):
    """Show one step of an import; one that is `pending` has not begun, and its `detail` says when it is done at all."""

    name: str
    status: str
    detail: str
    started_at: datetime | None
    finished_at: datetime | None
    until: datetime | None

    @classmethod
    def of(cls, step: Step) -> "StepOut":
        """Map a step."""
        return cls(
            name=step.name,
            status=step.state.value,
            detail=step.detail,
            started_at=step.started_at,
            finished_at=step.finished_at,
            until=step.until,
        )

    @classmethod
    def pending(cls, name: str, condition: str) -> "StepOut":
        """Show a step to come, and when it is done at all."""
        return cls(name=name, status="pending", detail=condition, started_at=None, finished_at=None, until=None)


class AttemptOut(BaseModel):
    """Show one provider's try; `cost` is null where it is not known.

    `unchanged` tells that the site says so of its page: what was read before stands. Of a language model, `usage` is
    what it used up, and `drops` what it said and was not believed. `fetched_bytes` came over the network for it, as
    they were sent; null where nobody counted them. `http_status` is what the site answered with, null where it did not.
    """

    provider: str
    number: int
    started_at: datetime
    duration_ms: int
    cost: Money | None
    verdict: str | None
    missing: list[str]
    unchanged: bool
    fetched_bytes: int | None
    http_status: int | None
    error: Failure | None
    usage: Usage | None
    drops: list[Drop]

    @classmethod
    def of(cls, attempt: Attempt) -> "AttemptOut":
        """Map an attempt."""
        return cls(
            provider=attempt.provider,
            number=attempt.number,
            started_at=attempt.started_at,
            duration_ms=attempt.duration_ms,
            cost=attempt.cost,
            verdict=attempt.verdict,
            missing=list(attempt.missing),
            unchanged=attempt.unchanged,
            fetched_bytes=attempt.fetched_bytes,
            http_status=attempt.http_status,
            error=attempt.failure,
            usage=attempt.usage,
            drops=list(attempt.drops),
        )


class PictureOut(BaseModel):
    """Show what became of an image of the page; `links` leads to our copies of it, and is empty where there is none.

    Of one that was uploaded, `url` is a name, and its link `public` answers whoever knows it, without a token: shops
    and marketplaces fetch it there, where this server has a public address.
    """

    url: str
    id: str | None
    width: int | None
    height: int | None
    error: Failure | None
    fetched_at: datetime
    links: dict[str, str]

    @classmethod
    def of(cls, picture: Picture) -> "PictureOut":
        """Map a picture."""
        own = f"/v1/pictures/{picture.id}"
        return cls(
            url=picture.url,
            id=picture.id,
            width=picture.width,
            height=picture.height,
            error=picture.problem,
            fetched_at=picture.fetched_at,
            links=({size.value: f"{own}/{size.value}" for size in Size} if picture.id else {})
            | ({"public": picture.public_path} if picture.public_path else {}),
        )


class ProductOut(BaseModel):
    """Show a product; `facts` is null until a page was read, `unverified` points at what nobody has looked at yet.

    `own_rule` prices it instead of your ranges, where it has one. `handle`, `seo_title` and `seo_description` are what
    you set for shops, and null where exports make them from the facts. `external_id` is what you call it elsewhere.
    """

    id: str
    status: str
    source_url: str
    import_id: str
    facts: dict[str, Any] | None
    missing: list[str]
    locked: list[str]
    tags: list[str]
    own_rule: Markup | None
    external_id: str | None
    handle: str | None
    seo_title: str | None
    seo_description: str | None
    archived_at: datetime | None
    written: list[WrittenText]
    pictures: list[PictureOut]
    unverified: list[str]
    error: Failure | None
    metadata: dict[str, Any]
    evidence: dict[str, Any] | None = None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, product: CatalogueProduct, *, evidence: bool = False) -> "ProductOut":
        """Map a product, with its evidence where that is asked for."""
        data = product.model_dump(mode="json")
        return cls(
            id=product.id,
            status=product.status.value,
            source_url=product.source_url,
            import_id=product.import_id,
            facts=data["facts"],
            missing=list(product.missing),
            locked=list(product.locked),
            tags=list(product.tags),
            own_rule=product.own_rule,
            external_id=product.external_id,
            **product.presentation.model_dump(),
            archived_at=product.archived_at,
            written=list(product.written),
            pictures=[PictureOut.of(picture) for picture in product.pictures],
            unverified=list(product.unverified),
            error=product.failure,
            metadata=data["metadata"],
            evidence=data["evidence"] if evidence else None,
            created_at=product.created_at,
            updated_at=product.updated_at,
        )


class FailureEvidence(BaseModel):
    """Show what a failed import saw: the address that its page came from, its HTTP status, and the artifacts kept.

    The status is the last that the site answered with; null where it answered no try. The address is null where no
    page was kept.
    """

    final_url: str | None
    http_status: int | None
    artifacts: list[str]


class ImportFailure(Failure):
    """Say why an import failed; `title` is what errors of its code stand for.

    `step` is the one that it failed in, null where it was none. `actions` are what may help, the likeliest first:
    `import_listed` (`GET …/listed` says what the page lists, `POST /v1/batches` imports it), `continue`, `retry`,
    `retry_in_browser` (retry with `render` set to `first`) and `paste_html` (`PUT …/html`). Lists show none of these,
    nor the `evidence`.
    """

    title: str
    step: str | None = None
    actions: list[Remedy] = Field(default_factory=list[Remedy])
    evidence: FailureEvidence | None = None

    @classmethod
    def of(cls, failure: Failure) -> "ImportFailure":
        """Map a failure."""
        return cls(**failure.model_dump(), title=kinds().get(failure.code, Internal).title())


class ImportOut(BaseModel):
    """Show an import; a failed one is still a success of this API, with the reason in `error`.

    `product` is there where the caller waited for the end. While it waits for its first step, `queue_position` counts
    it and your imports that go first, and `starts_in_seconds` is when its turn comes, null where nobody can tell. Lists
    show neither that nor `steps`. `max_cost` is what it may spend, null where only the installation's budgets bound it.
    `resumes` names the import that stopped at a budget and that this one goes on from, without its own bound.
    `picture_bytes` came over the network for its pictures, null where it asked for none, or nobody counted them.
    `asked_by` names the person or the token that asked for it, null where nobody did; `paused` says what it waits for,
    while it is queued and somebody paused it. With `look` the page is only
    looked at, and the product stays as it is. `external_id` is what was handed in with its address.
    """

    id: str
    status: str
    url: str
    number: int
    product_id: str
    external_id: str | None
    look: bool
    render: Render
    language: str | None
    max_cost: Money | None
    resumes: str | None
    picture_bytes: int | None
    asked_by: str | None
    duplicate: bool = False
    created_at: datetime
    finished_at: datetime | None
    duration_ms: int | None
    cost: Money | None
    error: ImportFailure | None
    paused: PausedOut | None = None
    queue_position: int | None = None
    starts_in_seconds: int | None = None
    steps: list[StepOut] = Field(default_factory=list["StepOut"])
    attempts: list[AttemptOut] = Field(default_factory=list["AttemptOut"])
    product: ProductOut | None = None
    links: dict[str, str]

    @classmethod
    def of(
        cls,
        import_: Import,
        steps: list[StepOut] | None = None,
        attempts: list[AttemptOut] | None = None,
        *,
        duplicate: bool = False,
        paused: Pause | None = None,
    ) -> "ImportOut":
        """Map an import with its steps and attempts, and the pause that it waits for."""
        ended = import_.finished_at
        return cls(
            id=import_.id,
            status=import_.state.value,
            url=import_.source_url,
            number=import_.number,
            product_id=import_.product_id,
            external_id=import_.given and import_.given.external_id,
            look=import_.wishes.look is not None,
            render=import_.wishes.render,
            language=import_.wishes.language,
            max_cost=in_dollars(import_.wishes.max_cost_usd),
            resumes=import_.resumes,
            picture_bytes=import_.picture_bytes,
            asked_by=import_.asked_by or None,
            duplicate=duplicate,
            paused=PausedOut.of(paused) if paused else None,
            created_at=import_.created_at,
            finished_at=ended,
            duration_ms=round((ended - import_.created_at).total_seconds() * 1000) if ended else None,
            cost=total_cost(attempts or []),
            error=ImportFailure.of(import_.failure) if import_.failure else None,
            steps=steps or [],
            attempts=attempts or [],
            links={
                "self": f"/v1/imports/{import_.id}",
                "events": f"/v1/imports/{import_.id}/events",
                "product": f"/v1/products/{import_.product_id}",
                "html": f"/import/status/{import_.product_id}",
            },
        )


class ProductPage(BaseModel):
    """List products, newest first; `next` is the address of the following page, or null."""

    products: list[ProductOut]
    next: str | None


class ImportPage(BaseModel):
    """List imports, newest first; `next` is the address of the following page, or null."""

    imports: list[ImportOut]
    next: str | None


def in_dollars(amount: Decimal | None) -> Money | None:
    """Give an amount of US dollars as money."""
    return None if amount is None else Money(amount=amount, currency="USD")


def total_cost(attempts: list[AttemptOut]) -> Money | None:
    """Add up the attempts' costs; None when one of them is not known."""
    total = Decimal(0)
    for attempt in attempts:
        if attempt.cost is None:
            return None
        total += attempt.cost.amount
    return Money(amount=total, currency="USD")


class ScrapeStatus(BaseModel):
    """Say where a product's import stands."""

    status: Status
    productId: str  # noqa: N815 - the field's public name
    error: str | None
