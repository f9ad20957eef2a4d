"""One story a pair of stores: all in files; SeaweedFS and PostgreSQL; MinIO, where there is one, and PostgreSQL."""

import uuid
from pathlib import Path

import psycopg
import pytest

from tests.e2e.bare_store import BareStore, bare_bucket, bare_folder
from tests.e2e.installation import Installation, s3_settings
from tests.e2e.story import Story, tell
from tests.services import S3Service

SEGMENTS = {"NIANBAO_SEGMENT_BYTES": "60 KB"}  # several a run, so that objects are stored while it goes on


@pytest.fixture(scope="session", params=["files", "seaweedfs", "minio"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story")
    if request.param == "files":
        at, bare = Installation(folder=folder, settings=SEGMENTS), bare_folder(folder / "var/objects")
    else:
        service: S3Service = request.getfixturevalue(request.param)
        at, bare = on_servers(folder, service, request.getfixturevalue("postgresql"))
    return tell(at, bare)


def on_servers(folder: Path, service: S3Service, postgresql: str) -> tuple[Installation, BareStore]:
    name = f"story-{uuid.uuid4().hex}"
    with psycopg.connect(postgresql.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    catalog = {"NIANBAO_CATALOG_URL": postgresql.replace("/postgres?", f"/{name}?", 1)}
    settings = {**SEGMENTS, **catalog, **s3_settings(service, f"s3://{name}")}
    return Installation(folder=folder, settings=settings), bare_bucket(service, name)
