"""Five scopes of tokens instead of three: a token may go on with what it could, and one made narrow never widens."""

import json
from collections.abc import Callable, Collection

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

READ, WRITES = "products:read", ("imports:write", "products:write", "exports:write")
tokens = sa.table("tokens", sa.column("id", sa.String), sa.column("scopes", sa.Text))


def upgrade() -> None:
    """Go to this revision."""
    _rewrite(_apart)
    with op.batch_alter_table("tokens") as table:
        table.alter_column("scopes", server_default=None)


def downgrade() -> None:
    """Go back."""
    _rewrite(_together)
    with op.batch_alter_table("tokens") as table:
        table.alter_column("scopes", server_default='["read", "write"]')


def _rewrite(called: Callable[[Collection[str]], list[str]]) -> None:
    connection = op.get_bind()
    for token_id, scopes in connection.execute(sa.select(tokens.c.id, tokens.c.scopes)).all():
        told = json.dumps(called(json.loads(scopes)))
        connection.execute(tokens.update().where(tokens.c.id == token_id).values(scopes=told))


def _apart(scopes: Collection[str]) -> list[str]:
    named = {"read": [READ], "write": list(WRITES)}
    return [each for scope in scopes for each in named.get(scope, [scope])]


def _together(scopes: Collection[str]) -> list[str]:
    kept = [("read", READ in scopes), ("write", set(WRITES) <= set(scopes)), ("admin", "admin" in scopes)]
    return [scope for scope, stays in kept if stays]
