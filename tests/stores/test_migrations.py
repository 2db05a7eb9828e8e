"""The schema's history: up and down on SQLite and Postgres, with rows in it, and refused where it does not fit."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, insert, inspect, select, text

from cartage.model.errors import DatabaseUnreachable, InvalidInput, SchemaOutdated, SchemaTooNew
from cartage.model.filtering import Filter, Word
from cartage.model.machine_errors import DatabaseUpgradeFailed
from cartage.model.picture import Displayed, hung
from cartage.stores.sql import SqlStore, downgrade, revisions, upgrade
from cartage.stores.sql.database import make_engine
from cartage.stores.sql.migrating import change_schema
from cartage.stores.sql.tables import schema
from tests.contracts.records import (
    NOON,
    a_print,
    a_product,
    an_event,
    an_import,
    ended_product,
    kept_merchant,
    kept_product,
    shown,
)
from tests.stores.first_rows import FIRST_ROWS, MERCHANT, PRODUCT, first_tables


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[str]:
    """Give the address of an empty database of each kind."""
    if request.param == "postgres":
        yield request.getfixturevalue("postgres_url")
    else:
        yield f"sqlite+aiosqlite:///{tmp_path / 'store.db'}"


async def within(url: str, function: Any) -> Any:
    """Run a function on a plain connection to a database."""
    engine = make_engine(url)
    async with engine.begin() as connection:
        result = await connection.run_sync(function)
    await engine.dispose()
    return result


def tables_of(connection: Connection) -> set[str]:
    """List the tables, Alembic's own aside."""
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


async def test_the_migrations_make_the_schema(url: str) -> None:
    """An upgraded database has exactly the tables, columns and indexes of the program's schema."""
    await upgrade(url)

    def differences(connection: Connection) -> list[Any]:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), schema)

    assert await within(url, differences) == []


async def test_down_and_up_again_leaves_a_working_store(url: str) -> None:
    """All the way down leaves no table; up again, the store works."""
    await upgrade(url)
    await downgrade(url, "base")
    emptied = await within(url, tables_of)
    await upgrade(url)

    store = SqlStore(url)
    await store.open()
    merchant = await kept_merchant(store)
    product, _ = await kept_product(store, merchant.id)
    assert await store.catalogue.product(merchant.id, product.id) == product
    await store.close()
    assert emptied == set()


async def test_rows_of_the_first_schema_survive_the_way_up_and_back(url: str) -> None:
    """A database made and filled by the first revision is upgraded with its rows, read, and taken back."""
    await upgrade(url, "0001")

    def fill(connection: Connection) -> None:
        for table, row in FIRST_ROWS:
            connection.execute(insert(first_tables(connection)[table]), [row])

    await within(url, fill)
    await upgrade(url)
    store = SqlStore(url)
    await store.open()
    product = await store.catalogue.product(MERCHANT, PRODUCT)
    (import_,) = await store.catalogue.imports(MERCHANT)
    (event,) = await store.catalogue.events(MERCHANT)
    without_picture = await store.listing.count_products(MERCHANT, Filter().having(Word.PICTURES, "none"))
    without_weight = await store.listing.count_products(MERCHANT, Filter().having(Word.MISSING, "weight"))
    again = an_import(product, id="imp_2", number=2)
    begun = await store.catalogue.begin_import(again, an_event(again))
    await store.close()
    await downgrade(url, "0001")

    def names(connection: Connection) -> list[Any]:
        return list(connection.scalars(select(first_tables(connection)["imports"].c.id).order_by(text("id"))))

    assert await within(url, names) == ["imp_1", "imp_2"]
    assert (product.facts and product.facts.name, import_.id, event.name, without_picture, without_weight) == (
        "Mug",
        "imp_1",
        "product/scrape.requested",
        1,
        1,
    )
    assert begun.import_id == "imp_2"


@pytest.mark.parametrize(
    ("before", "after", "back"),
    [
        (["read", "write"], ["products:read", "imports:write", "products:write", "exports:write"], ["read", "write"]),
        (["read"], ["products:read"], ["read"]),
        (["admin"], ["admin"], ["admin"]),
    ],
)
async def test_a_token_keeps_what_it_could(url: str, before: list[str], after: list[str], back: list[str]) -> None:
    """The scopes of before become those of now, and those of before again on the way back."""
    await upgrade(url, "0029")
    tokens = sa.table("tokens", *map(sa.column, ("id", "merchant_id", "name", "secret_hash", "scopes", "created_at")))

    def keep(connection: Connection) -> None:
        row = {"id": "tok_1", "merchant_id": "mer_1", "name": "till", "secret_hash": "0" * 64, "created_at": NOON}
        connection.execute(
            text("INSERT INTO merchants (id, name, created_at) VALUES ('mer_1', 'x', :at)"), {"at": NOON}
        )
        connection.execute(insert(tokens), [row | {"scopes": json.dumps(before)}])

    def scopes(connection: Connection) -> list[str]:
        return json.loads(connection.scalars(select(tokens.c.scopes)).one())

    await within(url, keep)
    await upgrade(url)
    now = await within(url, scopes)
    await downgrade(url, "0029")

    assert (now, await within(url, scopes)) == (after, back)


async def test_what_was_uploaded_gets_its_token(url: str) -> None:
    """It is noted as shown, so that it stays; on the way back nothing is left that the program of before refuses."""
    await upgrade(url)
    store = SqlStore(url)
    await store.open()
    merchant = await kept_merchant(store)
    kept = await store.gallery.put(merchant.id, a_print(), 10**6, NOON)
    own = hung(kept, NOON)
    product = await ended_product(store, merchant.id, pictures=(shown(kept, "https://shop.example/a.jpg"), own))
    await store.close()
    await downgrade(url, "0037")

    def before(connection: Connection) -> list[Any]:
        return json.loads(connection.execute(text("SELECT pictures FROM products")).scalar_one())

    def forget(connection: Connection) -> None:
        connection.execute(text("DELETE FROM picture_uses"))

    earlier = await within(url, before)
    await within(url, forget)
    await upgrade(url)
    await store.open()
    page, again = (await store.catalogue.product(merchant.id, product.id)).pictures
    found = await store.gallery.displayed(again.token or "")
    await store.close()

    assert not [each for each in earlier if "token" in each]
    assert (page.token, again.id) == (None, kept.id)
    assert again.token != own.token
    assert found == Displayed(merchant_id=merchant.id, picture_id=kept.id)


async def test_an_older_or_missing_schema_is_refused(url: str) -> None:
    """A store does not open on another revision than the program's, and says what to do."""
    store = SqlStore(url)
    with pytest.raises(SchemaOutdated, match="cartage db upgrade"):
        await store.open()
    await upgrade(url, "0001")
    with pytest.raises(SchemaOutdated, match="at revision 0001"):
        await store.open()
    await store.close()


async def test_a_newer_schema_is_refused(url: str) -> None:
    """A database that a later version made is not touched by this one."""
    await upgrade(url)

    def advance(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    await within(url, advance)
    store = SqlStore(url)
    with pytest.raises(SchemaTooNew):
        await store.open()
    await store.close()


async def test_an_unknown_revision_is_the_callers_mistake(url: str) -> None:
    """A revision that nobody wrote is refused, and the database stays where it was."""
    await upgrade(url)

    with pytest.raises(InvalidInput):
        await downgrade(url, "no-such-revision")

    present, newest = await revisions(url)
    assert present == newest


async def test_a_step_that_fails_is_told_and_undone(url: str) -> None:
    """What the database said is named, not that it is away; it stays at its revision until that is mended."""
    await upgrade(url, "0026")

    def obstruct(connection: Connection) -> None:
        connection.execute(text("CREATE INDEX ix_attempts_fetched ON attempts (started_at)"))

    def columns_of_attempts(connection: Connection) -> set[str]:
        return {each["name"] for each in inspect(connection).get_columns("attempts")}

    def clear(connection: Connection) -> None:
        connection.execute(text("DROP INDEX ix_attempts_fetched"))

    await within(url, obstruct)
    with pytest.raises(DatabaseUpgradeFailed, match=r"ix_attempts_fetched.* already exists") as failed:
        await upgrade(url)
    held, _ = await revisions(url)
    columns = await within(url, columns_of_attempts)
    await within(url, clear)
    await upgrade(url)

    present, newest = await revisions(url)
    assert failed.value.failure().code == "database_upgrade_failed"
    assert (held, "fetched_bytes" in columns) == ("0026", False)
    assert present == newest


async def test_a_database_that_is_lost_on_the_way_is_away(postgres_url: str) -> None:
    """One that goes away in the middle of a step does not answer; no step is blamed for it."""

    def cut(connection: Connection) -> None:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(DatabaseUnreachable):
        await change_schema(postgres_url, cut)


async def test_a_database_that_is_away_says_so() -> None:
    """Nobody listening is one sentence, not a traceback."""
    store = SqlStore("postgresql://cartage@127.0.0.1:9/cartage")

    with pytest.raises(DatabaseUnreachable):
        await store.open()
    await store.close()


async def test_a_short_address_gets_the_driver(postgres_url: str) -> None:
    """`postgres://` and `postgresql://` are understood as they stand in other programs' settings."""
    short = postgres_url.replace("postgresql+psycopg", "postgres")

    await upgrade(short)

    store = SqlStore(postgres_url.replace("+psycopg", ""))
    await store.open()
    merchant = await kept_merchant(store)
    product = a_product(merchant.id, source_url="https://shop.example/\0p")
    await store.catalogue.add_product(product, an_import(product), an_event(an_import(product)))
    kept = await store.catalogue.product(merchant.id, product.id)
    await store.close()
    assert kept.source_url == "https://shop.example/p"
