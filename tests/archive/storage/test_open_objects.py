"""Which settings name a store, and what is said of those that do not."""

import subprocess
import sys
from pathlib import Path

import pytest

from archive.errors import ConfigError
from archive.storage import open_objects

S3 = {"endpoint": "127.0.0.1:9000", "access_key": "me", "secret_key": "mine", "region": None}
NOTHING = dict.fromkeys(S3)


def test_a_folder_may_have_any_name(tmp_path: Path):
    root = tmp_path / "年报 #1"
    open_objects(root.as_uri(), secure=True, **NOTHING).check()
    assert root.is_dir()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "objects",
        "file://var/objects",
        "file:objects",
        "ftp://x/y",
        "s3://",
        "s3://UPPER",
        "s3:///x",
        "s3://bucket?c=d",
        "s3://[x",
        "s3://bucket/../x",
    ],
)
def test_any_other_url_is_refused(url: str):
    with pytest.raises(ConfigError, match=r"NIANBAO_OBJECTS_URL is .*s3://bucket"):
        open_objects(url, secure=True, **S3)


@pytest.mark.parametrize("missing", ["endpoint", "access_key", "secret_key"])
def test_s3_needs_its_settings(missing: str):
    with pytest.raises(ConfigError, match=f"NIANBAO_S3_{missing.upper()} is not set"):
        open_objects("s3://bucket", secure=True, **S3 | {missing: None})


@pytest.mark.parametrize("endpoint", ["http://host:9000", "host:9000/path", "host:port", "a b"])
def test_an_endpoint_is_a_host_and_a_port(endpoint: str):
    with pytest.raises(ConfigError, match=f"NIANBAO_S3_ENDPOINT is '?{endpoint}"):
        open_objects("s3://bucket", secure=True, **S3 | {"endpoint": endpoint})


def test_a_password_in_a_url_is_not_repeated():
    for url, settings in (("s3://me:hush@bucket", S3), ("s3://bucket", S3 | {"endpoint": "me:hush@host"})):
        with pytest.raises(ConfigError, match="not shown") as raised:
            open_objects(url, secure=True, **settings)
        assert "hush" not in str(raised.value)


def test_a_folder_does_not_load_the_s3_client():
    program = (
        "import sys, archive.storage as s; s.open_objects('file:///x', endpoint=None, access_key=None,"
        " secret_key=None, region=None, secure=True); sys.exit('minio' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
