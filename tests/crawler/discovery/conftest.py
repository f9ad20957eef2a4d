"""The archive's places, for what is asked of the catalog: each database in turn."""

from tests.archive.conftest import catalog_url, crawl, stores

__all__ = ["catalog_url", "crawl", "stores"]
