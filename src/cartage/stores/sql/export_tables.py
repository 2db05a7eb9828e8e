"""The tables of exports and feeds, in the same schema as all others."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from cartage.stores.sql.tables import MOMENT, schema

exports = Table(
    "exports",
    schema,
    Column("id", String(40), primary_key=True),
    Column("merchant_id", String(40), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("export", Text, nullable=False),
    Column("files_kept", Boolean, nullable=False),
    Column("maker", String(40)),
    Column("held_until", MOMENT),
    Column("created_at", MOMENT, nullable=False),
    Column("finished_at", MOMENT),
    Column("feed_id", String(40), index=True),
    Index("ix_exports_merchant_id_id", "merchant_id", "id"),
)

export_pieces = Table(
    "export_pieces",
    schema,
    Column("export_id", String(40), ForeignKey("exports.id"), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False),
)

feeds = Table(
    "feeds",
    schema,
    Column("id", String(40), primary_key=True),
    Column("merchant_id", String(40), nullable=False, index=True),
    Column("target", String(40), nullable=False),
    Column("terms", Text, nullable=False),
    Column("token", String(64), nullable=False, unique=True),
    Column("stamp", String(64), nullable=False),
    Column("newest_id", String(40), nullable=False),
    Column("begun_at", MOMENT, nullable=False, index=True),
    Column("served_id", String(40)),
    Column("served_sound", Boolean, nullable=False),
    Column("fetched_at", MOMENT),
    Column("fetched_by", Text, nullable=False),
    Column("created_at", MOMENT, nullable=False),
)
