"""The archive's places, opened together from the configuration: the spool, the object store, the catalog."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.capture.segment import spool_errors
from archive.config import Config
from archive.index.catalog import Catalog, open_catalog
from archive.storage import open_objects
from archive.storage.objects import Objects


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    spool: Path
    objects: Objects
    catalog: Catalog


def objects_of(config: Config) -> Objects:
    return open_objects(
        config.objects_url,
        endpoint=config.s3_endpoint,
        access_key=config.s3_access_key,
        secret_key=config.s3_secret_key,
        region=config.s3_region,
        secure=config.s3_secure,
    )


@contextmanager
def open_stores(config: Config) -> Iterator[Stores]:
    """Raises SpoolError, StoreError, CatalogError."""
    spool = config.home / "spool"
    with spool_errors(spool / "segments"):
        spool.mkdir(parents=True, exist_ok=True)
    objects = objects_of(config)
    catalog = open_catalog(config.catalog_url)
    try:
        yield Stores(spool=spool, objects=objects, catalog=catalog)
    finally:
        catalog.close()
