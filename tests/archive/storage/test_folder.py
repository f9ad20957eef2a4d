"""What the folder does when it, or the process that writes to it, fails."""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from archive.errors import SpoolError, StoreRefused
from archive.storage.folder import Folder
from archive.storage.objects import open_sealed

DATA = b"segment" * 300_000
DIGEST = hashlib.sha256(DATA).hexdigest()

# the kernel stops the writer at 1 MiB: with SIGXFSZ, or, where that is ignored as Python does, with EFBIG
PUT_UNDER_A_LIMIT = """
import resource, signal, sys
from pathlib import Path
from archive.storage.folder import Folder
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
root, path, sha256, action = sys.argv[1:]
signal.signal(signal.SIGXFSZ, getattr(signal, action))
Folder(Path(root)).put("day/name", Path(path), sha256=sha256)
"""


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    path = tmp_path / "segment"
    path.write_bytes(DATA)
    return path


def put_under_a_limit(root: Path, segment: Path, action: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PUT_UNDER_A_LIMIT, str(root), str(segment), DIGEST, action]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_writer_killed_in_the_middle_shows_nothing_and_the_next_one_cleans_up(tmp_path: Path, segment: Path):
    root = tmp_path / "objects"
    killed = put_under_a_limit(root, segment, "SIG_DFL")
    assert killed.returncode < 0
    assert [path.suffix for path in (root / "day").iterdir()] == [".part"]
    assert list(Folder(root).keys()) == []

    Folder(root).put("day/name", segment, sha256=DIGEST)
    assert [path.name for path in (root / "day").iterdir()] == ["name"]
    assert (root / "day/name").read_bytes() == DATA


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, segment: Path):
    failed = put_under_a_limit(tmp_path / "objects", segment, "SIG_IGN")
    assert "StoreUnreachable: object folder" in failed.stderr.splitlines()[-1]
    assert list((tmp_path / "objects/day").iterdir()) == []


def test_the_part_of_a_living_writer_is_not_swept(tmp_path: Path, segment: Path):
    living, dead = (tmp_path / f"objects/day/.{name}.part" for name in ("living", "dead"))
    living.parent.mkdir(parents=True)
    dead.touch()
    with living.open("xb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        Folder(tmp_path / "objects").put("day/name", segment, sha256=DIGEST)
        assert (living.exists(), dead.exists()) == (True, False)


def test_a_file_that_shrinks_while_it_is_read_fails(segment: Path):
    with open_sealed(segment, sha256=DIGEST) as source:
        source.read(1 << 20)
        with segment.open("r+b") as file:
            file.truncate(1 << 20)
        with pytest.raises(SpoolError, match="changed since it was sealed"):
            source.read(len(DATA))


def test_a_root_that_is_a_file_is_refused(tmp_path: Path, segment: Path):
    with pytest.raises(StoreRefused, match=r"object folder, .*segment"):
        Folder(segment).check()
    with pytest.raises(StoreRefused, match="segment"):
        Folder(segment).put("name", segment, sha256=DIGEST)


def test_a_root_that_was_never_made_holds_no_keys(tmp_path: Path):
    assert list(Folder(tmp_path / "none").keys()) == []
