"""The doctor says of each part, in one line, whether a crawl would work."""

import os
import subprocess
import sys
from pathlib import Path

from tests.services import free_ports

NIANBAO = Path(sys.executable).with_name("nianbao")
PARTS = ["configuration", "object store", "catalog", "browser", "clock", "disk"]


def doctor(home: Path, **settings: str) -> tuple[int, list[str], str]:
    env = {**os.environ, "NIANBAO_HOME": str(home), **settings}
    done = subprocess.run([NIANBAO, "doctor"], env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines(), done.stderr


def test_a_fresh_embedded_archive_is_well(tmp_path: Path) -> None:
    status, lines, complaints = doctor(tmp_path)
    assert [line[6:20].strip() for line in lines] == PARTS
    assert (status, complaints, {line[:2] for line in lines}) == (0, "", {"ok"})


def test_a_store_that_is_away_fails_alone_and_no_secret_shows(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    keys = {"NIANBAO_S3_ACCESS_KEY": "the-access-key", "NIANBAO_S3_SECRET_KEY": "the-secret-key"}
    endpoint = {"NIANBAO_S3_ENDPOINT": f"http://127.0.0.1:{port}", "NIANBAO_OBJECTS_URL": "s3://bucket"}
    status, lines, complaints = doctor(tmp_path, **keys, **endpoint)
    assert (status, complaints) == (1, "")
    assert [line for line in lines if not line.startswith("ok")] == [lines[1]]
    assert f"FAIL  object store  s3://bucket at 127.0.0.1:{port} cannot be reached" in lines[1]
    assert "the-secret-key" not in "".join(lines)
