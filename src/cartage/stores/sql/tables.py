"""The schema as tables; the same for SQLite and Postgres."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

schema = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite only counts up by itself in an INTEGER column.
SEQUENCE = BigInteger().with_variant(Integer, "sqlite")
MOMENT = DateTime(timezone=True)

merchants = Table(
    "merchants",
    schema,
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("currency", String(3)),
    Column("units", String(10)),
)

users = Table(
    "users",
    schema,
    Column("id", String(40), primary_key=True),
    Column("merchant_id", String(40), ForeignKey("merchants.id"), nullable=False),
    Column("email", Text, nullable=False),
    Column("email_folded", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("role", String(16), nullable=False, server_default="admin"),
    Column("created_at", MOMENT, nullable=False),
)

sessions = Table(
    "sessions",
    schema,
    Column("secret_hash", String(64), primary_key=True),
    Column("user_id", String(40), ForeignKey("users.id"), nullable=False),
    Column("merchant_id", String(40), ForeignKey("merchants.id"), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
)

tokens = Table(
    "tokens",
    schema,
    Column("id", String(40), primary_key=True),
    Column("merchant_id", String(40), ForeignKey("merchants.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT),
    Column("last_used_at", MOMENT),
    Column("last_used_from", Text, nullable=False, server_default=""),
    Column("revoked_at", MOMENT),
)

invitations = Table(
    "invitations",
    schema,
    Column("secret_hash", String(64), primary_key=True),
    Column("merchant_id", String(40), ForeignKey("merchants.id")),
    Column("user_id", String(40)),
    Column("role", String(16), nullable=False, server_default="admin"),
    Column("created_at", MOMENT, nullable=False),
    Column("expires_at", MOMENT, nullable=False),
)

products = Table(
    "products",
    schema,
    Column("id", String(40), primary_key=True),
    Column("merchant_id", String(40), nullable=False),
    Column("import_id", String(40), nullable=False),
    Column("source_url", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("facts", Text),
    Column("evidence", Text, nullable=False),
    Column("missing", Text, nullable=False),
    Column("locked", Text, nullable=False, server_default="[]"),
    Column("stated", Text),
    Column("presentation", Text, nullable=False, server_default="{}"),
    Column("relabelled", Text, nullable=False, server_default="{}"),
    Column("pictures", Text, nullable=False, server_default="[]"),
    Column("written", Text, nullable=False, server_default="[]"),
    Column("unverified", Text, nullable=False, server_default="[]"),
    Column("bookmark", Text),
    Column("tags", Text, nullable=False, server_default="[]"),
    Column("tag_keys", Text, nullable=False, server_default="[]"),
    Column("own_rule", Text),
    Column("external_id", Text),
    Column("archived_at", MOMENT),
    Column("archived_by", String(40)),
    Column("failure", Text),
    Column("metadata", Text, nullable=False),
    Column("searched", Text, nullable=False),
    Column("site", String(255), nullable=False, server_default=""),
    Column("name_key", Text, nullable=False, server_default=""),
    Column("brand", Text, nullable=False, server_default=""),
    Column("brand_key", Text, nullable=False, server_default=""),
    Column("amount", Float),
    Column("error", String(60), nullable=False, server_default=""),
    Column("lacks", Text, nullable=False, server_default="[]"),
    Column("review", String(16), nullable=False, server_default=""),
    Column("pictured", String(16), nullable=False, server_default=""),
    Column("created_at", MOMENT, nullable=False),
    Column("updated_at", MOMENT, nullable=False),
    Column("refresh_at", MOMENT),
    Index("ix_products_merchant_id_status", "merchant_id", "status"),
    Index("ix_products_merchant_id_id", "merchant_id", "id"),
    Index("ix_products_merchant_id_refresh_at", "merchant_id", "refresh_at"),
    Index("ix_products_merchant_id_updated_at", "merchant_id", "updated_at"),
    Index("ix_products_merchant_id_source_url", "merchant_id", "source_url"),
    Index("ix_products_merchant_id_external_id", "merchant_id", "external_id"),
    Index("ix_products_shown", "merchant_id", "archived_at", "id", "status", "review", "site", "error", "pictured"),
)

imports = Table(
    "imports",
    schema,
    Column("id", String(40), primary_key=True),
    Column("product_id", String(40), ForeignKey("products.id"), nullable=False),
    Column("merchant_id", String(40), nullable=False),
    Column("source_url", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("pasted_page_id", String(40)),
    Column("batch_id", String(40)),
    Column("resumes", String(40)),
    Column("enhance", Boolean),
    Column("scheduled", Boolean, nullable=False, server_default=false()),
    Column("pictures_for", String(16)),
    Column("action_id", String(40), index=True),
    Column("kept_page_id", String(40)),
    Column("wishes", Text, nullable=False, server_default="{}"),
    Column("given", Text),
    Column("planned", Text, nullable=False, server_default="[]"),
    Column("asked_by", Text, nullable=False, server_default=""),
    Column("picture_bytes", BigInteger),
    Column("held", Boolean, nullable=False, server_default=false()),
    Column("released_at", MOMENT),
    Column("failure", Text),
    Column("error", String(60), nullable=False, server_default=""),
    Column("created_at", MOMENT, nullable=False),
    Column("finished_at", MOMENT),
    UniqueConstraint("product_id", "number"),
    Index("ix_imports_merchant_id_id", "merchant_id", "id"),
    Index("ix_imports_merchant_id_state", "merchant_id", "state"),
    Index("ix_imports_merchant_id_finished_at", "merchant_id", "finished_at", "state"),
    Index("ix_imports_batch_id_finished_at", "batch_id", "finished_at"),
    Index("ix_imports_held", "merchant_id", "id", sqlite_where=text("held"), postgresql_where=text("held")),
)

batches = Table(
    "batches",
    schema,
    Column("id", String(40), primary_key=True),
    Column("merchant_id", String(40), nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("state", String(16), nullable=False, index=True),
    Column("columns", Text, nullable=False),
    Column("delimiter", String(1), nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("feeder", String(40)),
    Column("leased_until", MOMENT),
    Column("announced", Boolean, nullable=False, server_default=false()),
    Column("max_cost", BigInteger),
    Column("on_duplicate", String(16), nullable=False, server_default="skip"),
    Column("enhance", Boolean),
    Column("wishes", Text, nullable=False, server_default="{}"),
    Column("asked_by", Text, nullable=False, server_default=""),
    Column("at_once", Integer),
    Column("used", Text, nullable=False, server_default="{}"),
    Index("ix_batches_merchant_id_id", "merchant_id", "id"),
)

batch_rows = Table(
    "batch_rows",
    schema,
    Column("batch_id", String(40), ForeignKey("batches.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("cells", Text, nullable=False),
    Column("source_url", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("same_as", Integer),
    Column("failure", Text),
    Column("error", String(60), nullable=False, server_default=""),
    Column("product_id", String(40)),
    Column("import_id", String(40)),
    Column("known", Boolean, nullable=False),
    Column("render", String(8)),
    Column("given", Text),
    Column("again", Boolean, nullable=False, server_default=false()),
    Column("site", String(255), nullable=False, server_default=""),
    Index("ix_batch_rows_batch_id_state", "batch_id", "state"),
)

steps = Table(
    "steps",
    schema,
    Column("import_id", String(40), ForeignKey("imports.id"), primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("detail", Text, nullable=False),
    Column("started_at", MOMENT, nullable=False),
    Column("finished_at", MOMENT),
    Column("until", MOMENT),
)

attempts = Table(
    "attempts",
    schema,
    Column("import_id", String(40), ForeignKey("imports.id"), primary_key=True),
    Column("provider", String(40), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("started_at", MOMENT, nullable=False),
    Column("attempt", Text, nullable=False),
    Column("fetched_bytes", BigInteger),
    Index("ix_attempts_fetched", "started_at", "import_id", "provider", "fetched_bytes"),
)

events = Table(
    "events",
    schema,
    Column("sequence", SEQUENCE, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("merchant_id", String(40), nullable=False),
    Column("product_id", String(40), nullable=False),
    Column("import_id", String(40), nullable=False),
    Column("data", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    Index("ix_events_product_id_sequence", "product_id", "sequence"),
    Index("ix_events_merchant_id_sequence", "merchant_id", "sequence"),
    sqlite_autoincrement=True,
)

artifacts = Table(
    "artifacts",
    schema,
    Column("id", String(40), primary_key=True),
    Column("merchant_id", String(40), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Column("created_at", MOMENT, nullable=False),
)

# Money is in millionths of a US dollar: whole numbers add up alike everywhere.
paid_attempts = Table(
    "paid_attempts",
    schema,
    Column("import_id", String(40), primary_key=True),
    Column("provider", String(40), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("merchant_id", String(40), nullable=False),
    Column("batch_id", String(40), index=True),
    Column("host", Text, nullable=False),
    Column("at", MOMENT, nullable=False, index=True),
    Column("counted", BigInteger, nullable=False),
    Column("estimated", BigInteger),
    Column("cost", BigInteger),
    Column("settled", Boolean, nullable=False),
    Column("model", Text),
    Column("tokens_in", BigInteger),
    Column("tokens_out", BigInteger),
    Column("tokens_cached", BigInteger),
    Column("duration_ms", BigInteger),
    Column("price_table", Text),
    Index("ix_paid_attempts_merchant_id_at", "merchant_id", "at"),
)

host_records = Table(
    "host_records",
    schema,
    Column("host", String(255), primary_key=True),
    Column("provider", String(40), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("successes", Integer, nullable=False),
    Column("total_ms", BigInteger, nullable=False),
    Column("total_cost", BigInteger, nullable=False),
)

audit = Table(
    "audit",
    schema,
    Column("id", String(40), primary_key=True),
    Column("merchant_id", String(40), nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(60), nullable=False),
    Column("target", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    Index("ix_audit_merchant_id_id", "merchant_id", "id"),
)

endpoints = Table(
    "endpoints",
    schema,
    Column("id", String(40), primary_key=True),
    Column("merchant_id", String(40), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("read_up_to", BigInteger, nullable=False),
    Column("gone_at", MOMENT),
    Column("created_at", MOMENT, nullable=False),
)

deliveries = Table(
    "deliveries",
    schema,
    Column("id", String(40), primary_key=True),
    Column("endpoint_id", String(40), ForeignKey("endpoints.id"), nullable=False),
    Column("merchant_id", String(40), nullable=False),
    Column("name", String(60), nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", MOMENT, nullable=False),
    Column("tried_at", MOMENT),
    Column("result", Text, nullable=False),
    Column("status", Integer),
    Column("answer", Text, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Index("ix_deliveries_state_due_at", "state", "due_at"),
    Index("ix_deliveries_merchant_id_id", "merchant_id", "id"),
)

schedules = Table(
    "schedules",
    schema,
    Column("merchant_id", String(40), primary_key=True),
    Column("every_hours", Integer, nullable=False),
    Column("updated_at", MOMENT, nullable=False),
)

product_history = Table(
    "product_history",
    schema,
    Column("product_id", String(40), ForeignKey("products.id"), primary_key=True),
    Column("import_id", String(40), primary_key=True),
    Column("at", MOMENT, nullable=False),
    Column("price", Text),
    Column("availability", String(40)),
    Index("ix_product_history_product_id_at", "product_id", "at"),
)

host_turns = Table(
    "host_turns",
    schema,
    Column("site", String(255), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("held_until", MOMENT, nullable=False),
    Column("free_at", MOMENT, nullable=False),
    Column("spaced_until", MOMENT, nullable=False, server_default="1970-01-01 00:00:00.000000"),
)

replies = Table(
    "replies",
    schema,
    Column("token_id", String(40), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("merchant_id", String(40), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("begun_at", MOMENT, nullable=False, index=True),
    Column("sealed", Text),
)

preferences = Table(
    "preferences",
    schema,
    Column("merchant_id", String(40), primary_key=True),
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)
