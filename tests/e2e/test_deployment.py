"""The installation of deploy/compose.yaml as plain processes, from empty stores to a replayed page and back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def place() -> Iterator[Path]:
    """Not pytest's own folder: a database's socket must have a short path."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


def trial(place: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
    command = [sys.executable, "-m", "deploy.trial"]
    given = {"cwd": ROOT, "env": {**environment, **more, "TMPDIR": str(place)}}
    return subprocess.run(command, capture_output=True, text=True, check=False, **given)


def test_the_trial_of_a_whole_installation_succeeds_and_leaves_nothing(place: Path) -> None:
    done = trial(place)
    assert done.returncode == 0, done.stderr
    for words in ("ok    object store", "3 runs finished", "pulled and acknowledged", "replayed: ", "spool is empty"):
        assert words in done.stdout
    assert list(place.glob("nianbao-*")) == []


def test_a_trial_that_cannot_start_says_why(place: Path) -> None:
    done = trial(place, NIANBAO_TEST_MINIO="false")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("trial: FAILED: ")
    assert "did not start (exit status 1)" in done.stderr
