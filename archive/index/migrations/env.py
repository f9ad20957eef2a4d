"""What Alembic runs to reach the catalog: the connection is handed over by `upgrade`."""

from alembic import context

from archive.index.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
