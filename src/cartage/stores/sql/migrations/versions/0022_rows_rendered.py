"""When a row's page is opened in a browser, where that is not as its batch says."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("batch_rows", sa.Column("render", sa.String(8)))


def downgrade() -> None:
    """Go back."""
    op.drop_column("batch_rows", "render")
