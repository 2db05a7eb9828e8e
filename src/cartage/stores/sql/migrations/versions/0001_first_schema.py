"""The first schema: accounts, catalogue, progress, events and artifacts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TABLES = (
    "merchants", "users", "sessions", "tokens", "invitations",
    "products", "imports", "steps", "attempts", "events", "artifacts",
)  # fmt: skip


def upgrade() -> None:
    """Make every table."""
    _accounts()
    _secrets()
    _catalogue()
    _progress()
    _kept()


def downgrade() -> None:
    """Drop every table."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _accounts() -> None:
    _table("merchants", _id(), _text("name"), _moment("created_at"))
    _table(
        "users",
        _id(),
        _link("merchant_id", "users", "merchants"),
        _text("email"),
        _text("email_folded"),
        _text("password_hash"),
        _moment("created_at"),
        sa.UniqueConstraint("email_folded", name="uq_users_email_folded"),
    )


def _secrets() -> None:
    _table(
        "sessions",
        _id("secret_hash", 64),
        _link("user_id", "sessions", "users"),
        _link("merchant_id", "sessions", "merchants"),
        _text("csrf"),
        _moment("created_at"),
        _moment("expires_at"),
    )
    _table(
        "tokens",
        _id(),
        _link("merchant_id", "tokens", "merchants"),
        _text("name"),
        _short("secret_hash", 64),
        _moment("created_at"),
        _moment("last_used_at", nullable=True),
        _moment("revoked_at", nullable=True),
    )
    op.create_index("ix_tokens_merchant_id", "tokens", ["merchant_id"])
    _table(
        "invitations",
        _id("secret_hash", 64),
        _link("merchant_id", "invitations", "merchants", nullable=True),
        _moment("created_at"),
        _moment("expires_at"),
    )


def _catalogue() -> None:
    _table(
        "products",
        _id(),
        _short("merchant_id"),
        _short("import_id"),
        _text("source_url"),
        _short("status", 16),
        _text("facts", nullable=True),
        _text("evidence"),
        _text("missing"),
        _text("failure", nullable=True),
        _text("metadata"),
        _text("searched"),
        _moment("created_at"),
        _moment("updated_at"),
    )
    op.create_index("ix_products_merchant_id_id", "products", ["merchant_id", "id"])
    op.create_index("ix_products_merchant_id_source_url", "products", ["merchant_id", "source_url"])
    _table(
        "imports",
        _id(),
        _link("product_id", "imports", "products"),
        _short("merchant_id"),
        _text("source_url"),
        sa.Column("number", sa.Integer, nullable=False),
        _short("state", 16),
        _short("pasted_page_id", nullable=True),
        _text("failure", nullable=True),
        _moment("created_at"),
        _moment("finished_at", nullable=True),
        sa.UniqueConstraint("product_id", "number", name="uq_imports_product_id_number"),
    )
    op.create_index("ix_imports_merchant_id_id", "imports", ["merchant_id", "id"])
    op.create_index("ix_imports_state", "imports", ["state"])


def _progress() -> None:
    _table(
        "steps",
        sa.Column(
            "import_id",
            sa.String(40),
            sa.ForeignKey("imports.id", name="fk_steps_import_id"),
            primary_key=True,
        ),
        sa.Column("name", sa.String(100), primary_key=True),
        _short("state", 16),
        _text("detail"),
        _moment("started_at"),
        _moment("finished_at", nullable=True),
        _moment("until", nullable=True),
    )
    _table(
        "attempts",
        sa.Column(
            "import_id",
            sa.String(40),
            sa.ForeignKey("imports.id", name="fk_attempts_import_id"),
            primary_key=True,
        ),
        sa.Column("provider", sa.String(40), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        _moment("started_at"),
        _text("attempt"),
    )


def _kept() -> None:
    sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    _table(
        "events",
        sa.Column("sequence", sequence, primary_key=True, autoincrement=True),
        _short("id"),
        _short("name", 60),
        _short("merchant_id"),
        _short("product_id"),
        _short("import_id"),
        _text("data"),
        _moment("at"),
        sa.UniqueConstraint("id", name="uq_events_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_product_id_sequence", "events", ["product_id", "sequence"])
    op.create_index("ix_events_merchant_id_sequence", "events", ["merchant_id", "sequence"])
    _table(
        "artifacts",
        _id(),
        _short("merchant_id"),
        _text("media_type"),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        _moment("created_at"),
    )


def _table(name: str, *parts: Any, **options: Any) -> None:
    primary = [part.name for part in parts if isinstance(part, sa.Column) and part.primary_key]
    for part in parts:
        if isinstance(part, sa.Column):
            part.primary_key = False
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*primary, name=f"pk_{name}"), **options)


def _id(name: str = "id", length: int = 40) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), primary_key=True, nullable=False)


def _short(name: str, length: int = 40, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _link(name: str, table: str, other: str, *, nullable: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{name}")
    return sa.Column(name, sa.String(40), key, nullable=nullable)
