"""Alembic's entry: runs the migrations on the connection that `Database.migrate` hands over."""

from alembic import context

from kodkod.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
    # SQLite's DDL is transactional where transactions are begun explicitly, as ours are: one that
    # is committed after each revision lets another process, which starts too, come in between.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
