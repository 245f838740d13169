"""alembic's migrations, run by `cdalake.catalog.migrate`."""
