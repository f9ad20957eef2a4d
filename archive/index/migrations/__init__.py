"""The catalog's schema changes, by Alembic: one file a step under `versions/`, run when a catalog is opened."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

HERE = Path(__file__).parent
ONE_AT_A_TIME = 0x6E6961_6E62616F  # "nianbao": the advisory lock under which PostgreSQL's schema is changed


def upgrade(engine: Engine) -> None:
    """Brings the schema to its newest step; a catalog that is there already is left alone."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        if MigrationContext.configure(connection).get_current_revision() != newest:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
