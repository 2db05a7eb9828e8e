"""Uploaded pictures that anybody may fetch by a token: those that are there get theirs, and are noted as shown."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

AT_ONCE = 500
TOKEN_BYTES = 32
OWN = "picture:"


def upgrade() -> None:
    """Go to this revision, and give what was uploaded its tokens."""
    op.add_column("picture_uses", sa.Column("token", sa.String(64)))
    op.create_index("ix_picture_uses_token", "picture_uses", ["token"])
    for row_id, pictures in _rewritten(_with_token):
        _note(row_id, {each["id"]: each["token"] for each in pictures if each.get("token")})


def downgrade() -> None:
    """Go back."""
    for _ in _rewritten(_without_token):
        pass
    op.drop_index("ix_picture_uses_token", "picture_uses")
    op.drop_column("picture_uses", "token")


def _rewritten(changed: Callable[[dict[str, Any]], dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    products = sa.table("products", *(sa.column(name, sa.Text) for name in ("id", "pictures")))
    bind, last = op.get_bind(), ""
    uploaded = products.c.pictures.like(f'%"{OWN}%')
    read = sa.select(products).where(uploaded).order_by(products.c.id).limit(AT_ONCE)
    writing = sa.text("UPDATE products SET pictures = :pictures WHERE id = :row_id")
    told: list[tuple[str, list[dict[str, Any]]]] = []
    while rows := bind.execute(read.where(products.c.id > last)).mappings().all():
        last = rows[-1]["id"]
        some = [(row["id"], [changed(each) for each in json.loads(row["pictures"])]) for row in rows]
        bind.execute(writing, [{"row_id": row_id, "pictures": json.dumps(each)} for row_id, each in some])
        told += some
    return told


def _with_token(picture: dict[str, Any]) -> dict[str, Any]:
    own = picture.get("id") and picture["url"].startswith(OWN)
    return {**picture, "token": secrets.token_urlsafe(TOKEN_BYTES)} if own else picture


def _without_token(picture: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in picture.items() if name != "token"}


def _note(product_id: str, tokens: dict[str, str]) -> None:
    uses = sa.table("picture_uses", *(sa.column(name, sa.String) for name in ("product_id", "picture_id", "token")))
    bind = op.get_bind()
    for picture_id, token in tokens.items():
        known = (uses.c.product_id == product_id) & (uses.c.picture_id == picture_id)
        if not bind.execute(sa.update(uses).where(known).values(token=token)).rowcount:
            bind.execute(sa.insert(uses).values(product_id=product_id, picture_id=picture_id, token=token))
