"""alembic's entry: the connection comes from `cdalake.catalog.migrate`."""

from alembic import context

from cdalake.catalog.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
