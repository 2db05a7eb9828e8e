"""How long API tokens hold and from where they were last used, and links that renew a password."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("tokens", sa.Column("expires_at", sa.DateTime(timezone=True)))
    op.add_column("tokens", sa.Column("last_used_from", sa.Text, nullable=False, server_default=""))
    op.add_column("invitations", sa.Column("user_id", sa.String(40)))


def downgrade() -> None:
    """Go back."""
    op.drop_column("invitations", "user_id")
    op.drop_column("tokens", "last_used_from")
    op.drop_column("tokens", "expires_at")
