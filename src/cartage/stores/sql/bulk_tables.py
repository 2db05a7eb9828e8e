"""The table of bulk actions, a part of the schema."""

from sqlalchemy import Column, Index, String, Table, Text

from cartage.stores.sql.tables import MOMENT, schema

bulk_actions = Table(
    "bulk_actions",
    schema,
    Column("id", String(40), primary_key=True),
    Column("merchant_id", String(40), nullable=False),
    Column("state", String(16), nullable=False),
    Column("action", Text, nullable=False),
    Column("actor", String(40)),
    Column("due_at", MOMENT, nullable=False),
    Index("ix_bulk_actions_state_due_at", "state", "due_at"),
    Index("ix_bulk_actions_merchant_id_id", "merchant_id", "id"),
)
