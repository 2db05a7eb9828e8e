"""What lists look through: site, brand, error, what is missing, and whether a product should be reviewed."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

AT_ONCE = 500
TEXTS = {"site": 255, "name_key": None, "brand": None, "brand_key": None, "error": 60, "review": 16}
MISSABLE = (
    "name",
    "brand",
    "description",
    "price",
    "availability",
    "sku",
    "mpn",
    "gtin",
    "images",
    "breadcrumbs",
    "attributes",
    "variants",
)


def upgrade() -> None:
    """Go to this revision, and work the traits of what is there out."""
    for name, length in TEXTS.items():
        kind = sa.String(length) if length else sa.Text()
        op.add_column("products", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column("products", sa.Column("lacks", sa.Text, nullable=False, server_default="[]"))
    op.add_column("products", sa.Column("amount", sa.Float))
    op.add_column("imports", sa.Column("error", sa.String(60), nullable=False, server_default=""))
    op.create_index("ix_products_merchant_id_status", "products", ["merchant_id", "status"])
    _fill("products", ("source_url", "facts", "missing", "failure"), _product_traits)
    _fill("imports", ("failure",), _import_traits)


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_products_merchant_id_status", "products")
    op.drop_column("imports", "error")
    for name in (*TEXTS, "lacks", "amount"):
        op.drop_column("products", name)


def _fill(name: str, read: tuple[str, ...], made: Callable[[Any], dict[str, Any]]) -> None:
    columns = [sa.column(each, sa.Text) for each in ("id", *read)]
    table = sa.table(name, *columns)
    bind, last = op.get_bind(), ""
    while (
        rows := bind.execute(sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(AT_ONCE))
        .mappings()
        .all()
    ):
        last = rows[-1]["id"]
        values = [made(row) | {"row_id": row["id"]} for row in rows]
        settings = ", ".join(f"{column} = :{column}" for column in values[0] if column != "row_id")
        bind.execute(sa.text(f"UPDATE {name} SET {settings} WHERE id = :row_id"), values)  # noqa: S608 - our names


def _import_traits(row: Any) -> dict[str, Any]:
    return {"error": _code(row["failure"])}


def _product_traits(row: Any) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(row["facts"]) if row["facts"] else {}
    missing: list[str] = json.loads(row["missing"])
    site = (urlsplit(str(row["source_url"])).hostname or "").removeprefix("www.")[:255]
    name, brand, price = str(facts.get("name") or ""), str(facts.get("brand") or ""), facts.get("price")
    lacks: list[str] = [*(each for each in MISSABLE if facts and not facts.get(each)), *missing]
    essential = all(facts.get(each) for each in ("name", "price", "images"))
    return {
        "site": site,
        "name_key": (name or site).casefold(),
        "brand": brand,
        "brand_key": brand.casefold(),
        "error": _code(row["failure"]),
        "lacks": json.dumps(list(dict.fromkeys(lacks)) if facts else []),
        "review": "" if not facts else "ready" if essential and not missing else "needed",
        "amount": float(price["amount"]) if price else None,
    }


def _code(failure: str | None) -> str:
    return str(json.loads(failure).get("code", ""))[:60] if failure else ""
