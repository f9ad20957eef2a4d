"""The catalog's schema changes, by Alembic: one file a step under `versions/`, run when a catalog is opened."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from archive.errors import CatalogError

HERE = Path(__file__).parent
ONE_AT_A_TIME = 0x6E6961_6E62616F  # "nianbao": the advisory lock under which PostgreSQL's schema is changed


def upgrade(engine: Engine) -> None:
    """Brings the schema to its newest step; a catalog that is there already is left alone. Raises CatalogError for one
    that a newer version has changed."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        present = MigrationContext.configure(connection).get_current_revision()
        if present not in {None, *steps}:
            shown = engine.url.render_as_string(hide_password=True)
            raise CatalogError(f"catalog {shown}: its schema {present} is of a newer nianbao; run that one")
        if present != steps[0]:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
