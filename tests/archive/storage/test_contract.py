"""What every object store promises, over a folder, SeaweedFS and MinIO."""

import hashlib
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.errors import ConfigError, ObjectDiffers, ObjectMissing, SpoolError
from archive.storage import ObjectInfo, Objects, open_objects
from tests.services import S3Service

KEY = "warc/2026/11/23/NIANBAO-20261123000000-00001-host-1.warc.gz"


def open_bucket(service: S3Service, bucket: str = "contract", prefix: str = "") -> Objects:
    keys = {"access_key": service.access_key, "secret_key": service.secret_key, "region": service.region}
    return open_objects(f"s3://{bucket}/{prefix}", endpoint=service.endpoint, secure=service.secure, **keys)


@pytest.fixture(params=["folder", "seaweedfs", "minio"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    if request.param == "folder":
        nothing = dict.fromkeys(["endpoint", "access_key", "secret_key", "region"])
        store = open_objects((tmp_path / "objects").as_uri(), secure=False, **nothing)
    else:
        store = open_bucket(request.getfixturevalue(request.param), prefix=uuid.uuid4().hex)
    store.check()
    return store


@pytest.fixture
def sealed(tmp_path: Path):
    """Writes a file, gives its path and digest."""

    def write(data: bytes) -> tuple[Path, str]:
        path = tmp_path / uuid.uuid4().hex
        path.write_bytes(data)
        return path, hashlib.sha256(data).hexdigest()

    return write


def put(objects: Objects, key: str, file: tuple[Path, str]) -> None:
    objects.put(key, file[0], sha256=file[1])


def get(objects: Objects, key: str, **of: int) -> bytes:
    with objects.open(key, **of) as stream:
        return stream.read()


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b segment", bytes(range(256)) * 9000], ids=["empty", "small", "2 MB"])
def test_what_was_put_is_read_back(objects: Objects, sealed, data: bytes):
    put(objects, KEY, sealed(data))
    assert objects.stat(KEY) == ObjectInfo(key=KEY, size=len(data))
    assert get(objects, KEY) == data


@pytest.mark.parametrize(
    ("offset", "length", "expected"),
    [
        (0, 3, b"012"),
        (4, None, b"456789"),
        (4, 2, b"45"),
        (8, 5, b"89"),
        (10, None, b""),
        (10, 1, b""),
        (99, 5, b""),
        (3, 0, b""),
        (0, 0, b""),
    ],
)
def test_a_range_gives_what_exists_of_it(objects: Objects, sealed, offset, length, expected):
    put(objects, KEY, sealed(b"0123456789"))
    assert get(objects, KEY, offset=offset, length=length) == expected


def test_a_range_of_an_empty_object_is_empty(objects: Objects, sealed):
    put(objects, KEY, sealed(b""))
    assert get(objects, KEY, offset=0, length=10) == b""


def test_a_negative_range_is_refused(objects: Objects, sealed):
    put(objects, KEY, sealed(b"0123456789"))
    with pytest.raises(ConfigError, match="offset -3"):
        objects.open(KEY, offset=-3)


@pytest.mark.parametrize("length", [None, 0, 5])
def test_what_was_never_put_is_missing(objects: Objects, length):
    assert objects.stat(KEY) is None
    with pytest.raises(ObjectMissing, match=KEY):
        objects.open(KEY, length=length)


def test_a_folder_of_keys_is_no_object(objects: Objects, sealed):
    put(objects, "warc/a", sealed(b"a"))
    assert objects.stat("warc") is None
    with pytest.raises(ObjectMissing):
        objects.open("warc")


def test_putting_the_same_again_changes_nothing(objects: Objects, sealed):
    for _ in range(2):
        put(objects, KEY, sealed(b"once"))
    assert get(objects, KEY) == b"once"
    assert list(objects.keys()) == [KEY]


def test_other_bytes_are_never_written_over(objects: Objects, sealed):
    first, second = sealed(b"first"), sealed(b"second")
    put(objects, KEY, first)
    with pytest.raises(ObjectDiffers) as raised:
        put(objects, KEY, second)
    assert all(word in str(raised.value) for word in (KEY, first[1], second[1]))
    assert get(objects, KEY) == b"first"


def test_of_writers_at_once_one_wins(objects: Objects, sealed):
    contents = [bytes([each]) * 300_000 for each in range(4)]
    files, start = [sealed(content) for content in contents], threading.Barrier(4)

    def race(file: tuple[Path, str]) -> str:
        start.wait()
        try:
            put(objects, KEY, file)
        except ObjectDiffers:
            return "lost"
        return file[1]

    with ThreadPoolExecutor(4) as threads:
        outcomes = sorted(threads.map(race, files))
    assert outcomes[1:] == ["lost"] * 3
    assert hashlib.sha256(get(objects, KEY)).hexdigest() == outcomes[0]


def test_keys_are_sorted_by_code_point_and_filtered_by_prefix(objects: Objects, sealed):
    names = ["a-b", "a.b", "a/b", "a/c/d", "ab", "b/年报 1+1%.json"]
    for name in reversed(names):
        put(objects, name, sealed(name.encode()))
    assert list(objects.keys()) == names
    assert list(objects.keys("a/")) == ["a/b", "a/c/d"]
    assert list(objects.keys("a")) == names[:5]
    assert list(objects.keys("none/such")) == []


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/", ".hidden", "a\\b", "a\nb"])
def test_a_key_that_would_leave_the_store_is_refused(objects: Objects, sealed, key: str):
    file = sealed(b"x")
    for call in (lambda: put(objects, key, file), lambda: objects.stat(key), lambda: objects.open(key)):
        with pytest.raises(ConfigError, match="no object key"):
            call()


def test_more_than_one_part_is_stored_whole(objects: Objects, tmp_path: Path):
    path, size = tmp_path / "sparse", (65 << 20) + 7
    with path.open("wb") as file:
        file.truncate(size - 3)
        file.seek(0, 2)
        file.write(b"end")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    put(objects, KEY, (path, digest))
    assert objects.stat(KEY) == ObjectInfo(key=KEY, size=size)
    assert get(objects, KEY, offset=size - 4) == b"\0end"


@pytest.mark.parametrize("size", [0, 1, 70 << 20])
def test_a_file_that_changed_since_sealing_is_never_seen(objects: Objects, tmp_path: Path, size: int):
    path = tmp_path / "changed"
    with path.open("wb") as file:
        file.truncate(size)
    with pytest.raises(SpoolError, match="changed since it was sealed"):
        put(objects, KEY, (path, "0" * 64))
    assert objects.stat(KEY) is None
    assert list(objects.keys()) == []


def test_a_file_that_vanished_is_an_error_of_the_spool(objects: Objects, tmp_path: Path):
    with pytest.raises(SpoolError, match="gone"):
        put(objects, KEY, (tmp_path / "gone", "0" * 64))
    assert list(objects.keys()) == []


def test_checking_leaves_nothing(objects: Objects):
    objects.check()
    assert list(objects.keys()) == []
