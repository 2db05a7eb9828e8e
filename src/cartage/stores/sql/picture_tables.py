"""The tables of pictures, a part of the schema."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from cartage.stores.sql.tables import MOMENT, schema

pictures = Table(
    "pictures",
    schema,
    Column("id", String(40), primary_key=True),
    Column("merchant_id", String(40), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("wanted_at", MOMENT, nullable=False),
    Column("full", LargeBinary, nullable=False),
    Column("small", LargeBinary, nullable=False),
    UniqueConstraint("merchant_id", "content_hash"),
    Index("ix_pictures_merchant_id_size", "merchant_id", "size"),
    Index("ix_pictures_wanted_at", "wanted_at"),
)

picture_uses = Table(
    "picture_uses",
    schema,
    Column("product_id", String(40), ForeignKey("products.id", ondelete="CASCADE"), primary_key=True),
    Column("picture_id", String(40), primary_key=True),
    Column("token", String(64)),
    Index("ix_picture_uses_picture_id", "picture_id"),
    Index("ix_picture_uses_token", "token"),
)
