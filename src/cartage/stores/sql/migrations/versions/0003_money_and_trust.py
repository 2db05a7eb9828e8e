"""Paid attempts and what hosts answered to, roles, scopes, the audit log, and webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("imports", sa.Column("resumes", sa.String(40)))
    op.add_column("batches", sa.Column("announced", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("users", sa.Column("role", sa.String(16), nullable=False, server_default="admin"))
    op.add_column("invitations", sa.Column("role", sa.String(16), nullable=False, server_default="admin"))
    op.add_column("tokens", sa.Column("scopes", sa.Text, nullable=False, server_default='["read", "write"]'))
    _money()
    _audit()
    _webhooks()


def downgrade() -> None:
    """Go back."""
    for table in ("deliveries", "endpoints", "audit", "host_records", "paid_attempts"):
        op.drop_table(table)
    op.drop_column("tokens", "scopes")
    op.drop_column("invitations", "role")
    op.drop_column("users", "role")
    op.drop_column("batches", "announced")
    op.drop_column("imports", "resumes")


def _money() -> None:
    op.create_table(
        "paid_attempts",
        sa.Column("import_id", sa.String(40), nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("batch_id", sa.String(40)),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted", sa.BigInteger, nullable=False),
        sa.Column("cost", sa.BigInteger),
        sa.Column("settled", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("import_id", "provider", "number", name="pk_paid_attempts"),
    )
    op.create_index("ix_paid_attempts_merchant_id_at", "paid_attempts", ["merchant_id", "at"])
    op.create_index("ix_paid_attempts_batch_id", "paid_attempts", ["batch_id"])
    op.create_index("ix_paid_attempts_at", "paid_attempts", ["at"])
    op.create_table(
        "host_records",
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("provider", sa.String(40), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("successes", sa.Integer, nullable=False),
        sa.Column("total_ms", sa.BigInteger, nullable=False),
        sa.Column("total_cost", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("host", "provider", name="pk_host_records"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_merchant_id_id", "audit", ["merchant_id", "id"])


def _webhooks() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "endpoints",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("read_up_to", sa.BigInteger, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_endpoints"),
    )
    op.create_index("ix_endpoints_merchant_id", "endpoints", ["merchant_id"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("endpoint_id", sa.String(40), nullable=False),
        sa.Column("merchant_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"], name="fk_deliveries_endpoint_id"),
    )
    op.create_index("ix_deliveries_state_due_at", "deliveries", ["state", "due_at"])
    op.create_index("ix_deliveries_merchant_id_id", "deliveries", ["merchant_id", "id"])
