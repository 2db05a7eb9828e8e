"""What the pages of products state under the fields that a person set."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("products", sa.Column("stated", sa.Text))


def downgrade() -> None:
    """Go back."""
    op.drop_column("products", "stated")
