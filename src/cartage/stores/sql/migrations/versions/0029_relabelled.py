"""What merchants call the options of products."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("products", sa.Column("relabelled", sa.Text, nullable=False, server_default="{}"))


def downgrade() -> None:
    """Go back."""
    op.drop_column("products", "relabelled")
