"""Alembic's entry: run migrations on the connection that the caller opened."""

from alembic import context

from cartage.stores.sql.tables import schema

context.configure(connection=context.config.attributes["connection"], target_metadata=schema, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
