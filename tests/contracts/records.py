"""Products, imports, events and accounts to store, with what a test does not care about filled in."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from cartage.model.batch import Batch, BatchRow, BatchState, RowState
from cartage.model.catalogue import Attempt, CatalogueProduct, Event, Import, ImportState, Status, Step, StepState
from cartage.model.failure import Failure
from cartage.model.ids import new_id
from cartage.model.merchant import ApiToken, Invitation, Merchant, Session, User
from cartage.model.picture import KeptPicture, Picture, Print
from cartage.model.pricing import Markup
from cartage.model.wishes import Render, Wishes
from cartage.store import Store

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://shop.example/p/mug"

WISHES = Wishes(
    render=Render.FIRST,
    language="ar",
    tags=("spring",),
    own_rule=Markup(multiplier=Decimal(2)),
    max_cost_usd=Decimal("0.05"),
)


def a_product(merchant_id: str, **changes: Any) -> CatalogueProduct:
    """Make a product that is being imported."""
    product_id = new_id("prd")
    product = CatalogueProduct(
        id=product_id,
        merchant_id=merchant_id,
        import_id=new_id("imp"),
        source_url=f"{URL}/{product_id[4:]}",
        status=Status.IMPORTING,
        created_at=NOON,
        updated_at=NOON,
    )
    return product.model_copy(update=changes)


def an_import(product: CatalogueProduct, **changes: Any) -> Import:
    """Make the import that a product names."""
    import_ = Import(
        id=product.import_id,
        product_id=product.id,
        merchant_id=product.merchant_id,
        source_url=product.source_url,
        number=1,
        wishes=WISHES,
        asked_by="ada@mine.example",
        created_at=NOON,
    )
    return import_.model_copy(update=changes)


def an_event(import_: Import, name: str = "product/scrape.requested") -> Event:
    """Make an event about an import."""
    return Event(
        id=new_id("evt"),
        name=name,
        merchant_id=import_.merchant_id,
        product_id=import_.product_id,
        import_id=import_.id,
        data={"productId": import_.product_id},
        at=NOON,
    )


def a_step(import_id: str, name: str, state: StepState = StepState.RUNNING, minute: int = 0) -> Step:
    """Make a step that started some minutes past noon."""
    return Step(import_id=import_id, name=name, state=state, started_at=NOON + timedelta(minutes=minute))


def an_attempt(provider: str, number: int = 1, minute: int = 0) -> Attempt:
    """Make an attempt that started some minutes past noon."""
    return Attempt(provider=provider, number=number, started_at=NOON + timedelta(minutes=minute), duration_ms=7)


def a_batch(merchant_id: str, state: BatchState = BatchState.FEEDING) -> Batch:
    """Make a batch with two columns."""
    return Batch(
        id=new_id("bat"),
        merchant_id=merchant_id,
        state=state,
        columns=("url", "sku"),
        wishes=WISHES,
        at_once=3,
        asked_by="token sync",
        created_at=NOON,
    )


def a_print(content_hash: str = "a" * 64, size: int = 100) -> Print:
    """Make a picture of so many bytes, half of them in each form."""
    half = size // 2
    return Print(content_hash=content_hash, width=800, height=600, full=b"F" * half, small=b"s" * (size - half))


def shown(kept: KeptPicture, url: str = f"{URL}.jpg") -> Picture:
    """Make what a product says of a picture that it shows."""
    return Picture(url=url, id=kept.id, width=kept.width, height=kept.height, fetched_at=NOON)


async def kept_rows(store: Store, batch: Batch, count: int) -> list[BatchRow]:
    """Store a batch with so many rows that wait."""
    rows = [
        BatchRow(
            batch_id=batch.id, number=number, cells=(f"{URL}/{number}", f"K-{number}"), source_url=f"{URL}/{number}"
        )
        for number in range(1, count + 1)
    ]
    await store.batches.add_batch(batch)
    await store.batches.add_rows(rows)
    return rows


async def sent_row(store: Store, batch: Batch, row: BatchRow) -> tuple[BatchRow, CatalogueProduct, Import]:
    """Store a row's product and import, as feeding does."""
    product = a_product(batch.merchant_id, source_url=row.source_url)
    import_ = an_import(product, batch_id=batch.id)
    await store.catalogue.add_product(product, import_, an_event(import_))
    sent = row.model_copy(update={"state": RowState.SENT, "product_id": product.id, "import_id": import_.id})
    assert await store.batches.settle_row(sent)
    return sent, product, import_


async def failed_rows(store: Store, batch: Batch, *failures: Failure) -> None:
    """Store a batch whose rows' imports failed so."""
    for row, failure in zip(await kept_rows(store, batch, len(failures)), failures, strict=True):
        _, product, import_ = await sent_row(store, batch, row)
        failed = product.model_copy(update={"status": Status.FAILED, "failure": failure})
        over = {"state": ImportState.FAILED, "failure": failure, "finished_at": NOON}
        await store.catalogue.end_import(failed, import_.model_copy(update=over), an_event(import_))


async def kept_product(store: Store, merchant_id: str, **changes: Any) -> tuple[CatalogueProduct, Import]:
    """Store a product with its first import, as a submission does."""
    product = a_product(merchant_id, **changes)
    import_ = an_import(product)
    await store.catalogue.add_product(product, import_, an_event(import_))
    return product, import_


async def ended_product(
    store: Store, merchant_id: str, status: Status = Status.IMPORTED, **changes: Any
) -> CatalogueProduct:
    """Store a product whose first import is over."""
    product, import_ = await kept_product(store, merchant_id)
    settled = product.model_copy(update={"status": status, **changes})
    over = ImportState.FAILED if status is Status.FAILED else ImportState.SUCCEEDED
    ended = import_.model_copy(update={"state": over, "finished_at": NOON})
    assert await store.catalogue.end_import(settled, ended, an_event(import_, "product/scrape.completed"))
    return settled


async def kept_merchant(store: Store, name: str = "Mine") -> Merchant:
    """Store a merchant."""
    merchant = Merchant(id=new_id("mer"), name=name, created_at=NOON)
    await store.accounts.add_merchant(merchant)
    return merchant


async def kept_user(store: Store, merchant_id: str, email: str = "Ada@Shop.example") -> User:
    """Store a user."""
    user = User(id=new_id("usr"), merchant_id=merchant_id, email=email, password_hash="hash", created_at=NOON)
    invitation = an_invitation(user.id)
    await store.accounts.add_invitation(invitation)
    assert await store.accounts.join(invitation.secret_hash, user)
    return user


async def kept_token(store: Store, merchant_id: str) -> ApiToken:
    """Store an API token."""
    token = ApiToken(id=new_id("tok"), merchant_id=merchant_id, name="till", secret_hash="0" * 64, created_at=NOON)
    await store.accounts.add_token(token)
    return token


def a_session(user: User, secret_hash: str = "1" * 64) -> Session:
    """Make a session of a user."""
    return Session(
        secret_hash=secret_hash,
        user_id=user.id,
        merchant_id=user.merchant_id,
        csrf="csrf",
        created_at=NOON,
        expires_at=NOON + timedelta(days=1),
    )


def a_password_link(user: User, secret_hash: str) -> Invitation:
    """Make a link by which a user chooses a new password."""
    return Invitation(
        secret_hash=secret_hash,
        merchant_id=user.merchant_id,
        user_id=user.id,
        created_at=NOON,
        expires_at=NOON + timedelta(days=1),
    )


def a_founder(email: str) -> tuple[Merchant, User]:
    """Make a merchant and its first user."""
    founded = Merchant(id=new_id("mer"), name="Founded", created_at=NOON)
    user = User(id=new_id("usr"), merchant_id=founded.id, email=email, password_hash="hash", created_at=NOON)
    return founded, user


def an_invitation(secret_hash: str = "2" * 64) -> Invitation:
    """Make an invitation to found a merchant."""
    return Invitation(secret_hash=secret_hash, merchant_id=None, created_at=NOON, expires_at=NOON + timedelta(days=1))
