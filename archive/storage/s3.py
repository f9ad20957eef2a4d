"""The object store as a bucket of MinIO or any other S3, through the `minio` SDK.

Nothing is overwritten, by two guards. `put` asks for the key before it sends a gigabyte for nothing; and the request
that would make the object visible carries `If-None-Match: *`, so that of two writers at once only one wins (412 for the
other, whose proof then says whether the bytes are the same). A service that does not know the header leaves open the
moment between asking and sending: the serial and host in a segment's name see to it that no two writers share a key.

A put cut short leaves parts of a multipart upload, which nobody sees. MinIO drops them after a day; on other services
a lifecycle rule (AbortIncompleteMultipartUpload) does.

Errors are translated where they become known: what the wire did in `_Transport`, what the service said in `Bucket`.
Only StoreUnreachable is tried again; the SDK's own silent retries are off.
"""

import io
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast
from xml.etree.ElementTree import ParseError

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError, SSLError

from archive.errors import ObjectMissing, StoreError, StoreRefused, StoreUnreachable
from archive.storage.objects import ObjectInfo, SealedFile, check_range, checked_key, open_sealed, prove

_T = TypeVar("_T")

_PART = 64 << 20
_SMALLEST_PART = 5 << 20
_FIRST_WAIT = 0.5
_TIMEOUT = urllib3.Timeout(connect=5, read=60)
# urllib3 counts the sending of a whole part against the connect timeout
_SENDING_TIMEOUT = urllib3.Timeout(connect=300, read=300)

_TRANSIENT_STATUSES = {429, 500, 502, 503, 504}
_TRANSIENT_CODES = {"ConditionalRequestConflict", "OperationAborted", "RequestTimeout"}  # of status 409 and 400
_ADVICE = {
    "AccessDenied": "check NIANBAO_S3_ACCESS_KEY, NIANBAO_S3_SECRET_KEY and what their owner may do",
    "AuthorizationHeaderMalformed": "check NIANBAO_S3_REGION",
    "InvalidAccessKeyId": "check NIANBAO_S3_ACCESS_KEY",
    "NoSuchBucket": "create it, or run `nianbao doctor`, which does",
    "RequestTimeTooSkewed": "set this machine's clock",
    "SignatureDoesNotMatch": "check NIANBAO_S3_SECRET_KEY",
}


class Bucket:
    """Of `endpoint` (`host[:port]`), below an optional prefix. `attempts` bounds how often one call tries; the waits
    between, given to `sleep`, double from half a second. Safe to share between threads, not between processes."""

    def __init__(
        self,
        bucket: str,
        *,
        endpoint: str,
        access_key: str,
        secret_key: str,
        prefix: str = "",
        region: str | None = None,
        secure: bool = True,
        attempts: int = 5,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._bucket, self._attempts, self._sleep = bucket, attempts, sleep
        self._prefix = f"{prefix.strip('/')}/".lstrip("/")
        self._place = f"s3://{bucket} at {endpoint}"

        def client(transport: urllib3.PoolManager) -> Minio:
            return Minio(endpoint, access_key, secret_key, region=region, secure=secure, http_client=transport)

        self._client = client(_Transport(self._place, _TIMEOUT))
        self._writer = client(_CreatingTransport(self._place, _SENDING_TIMEOUT))

    def put(self, key: str, path: Path, *, sha256: str) -> None:
        checked_key(key)
        self._patiently(lambda: self._put(key, path, sha256))

    def stat(self, key: str) -> ObjectInfo | None:
        checked_key(key)
        return self._patiently(lambda: self._stat(key))

    def open(self, key: str, *, offset: int = 0, length: int | None = None) -> BinaryIO:
        checked_key(key)
        check_range(offset, length)
        return self._patiently(lambda: self._open(key, offset, length))

    def keys(self, prefix: str = "") -> Iterator[str]:
        # sorted here: SeaweedFS lists folder by folder, so that a/b comes before a-b
        return iter(sorted(self._patiently(lambda: self._list(prefix))))

    def check(self) -> None:
        self._patiently(self._check)

    def _patiently(self, attempt: Callable[[], _T]) -> _T:
        for failures in range(self._attempts - 1):
            try:
                return attempt()
            except StoreUnreachable:
                self._sleep(_FIRST_WAIT * 2**failures)
        return attempt()

    def _put(self, key: str, path: Path, sha256: str) -> None:
        with open_sealed(path, sha256=sha256) as source:
            if self._stat(key) is None:
                self._upload(key, source)
        try:
            with self._open(key) as stored:
                prove(stored, key, size=source.size, sha256=sha256)
        except ObjectMissing as exc:  # a completion may fail after its 200 was sent
            raise StoreUnreachable(f"{self._place}: {key} was taken, but is not there") from exc

    def _upload(self, key: str, source: SealedFile) -> None:
        name, data = self._prefix + key, cast("BinaryIO", source)  # the SDK only calls read()
        with self._translated(key):
            try:
                # one part at a time: each is held in memory
                self._writer.put_object(self._bucket, name, data, source.size, part_size=_PART, num_parallel_uploads=1)
            except S3Error as exc:
                if exc.code != "PreconditionFailed":  # another writer was first
                    raise

    def _stat(self, key: str) -> ObjectInfo | None:
        try:
            with self._translated(key):
                found = self._client.stat_object(self._bucket, self._prefix + key)
        except ObjectMissing:
            return None
        return ObjectInfo(key=key, size=found.size or 0)

    def _open(self, key: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        response = self._get(key, offset, length)
        if response is None:
            return io.BytesIO()
        body = io.BufferedReader(_Body(response, self._place))
        if (offset or length) and response.status != 206:
            body.close()
            raise StoreRefused(f"{self._place} ignores ranges: asked for {key} from {offset}, it sent all of it")
        if length == 0:
            body.close()
            return io.BytesIO()
        return body

    def _get(self, key: str, offset: int, length: int | None) -> urllib3.BaseHTTPResponse | None:
        """None: the object exists, the range does not. The SDK takes length 0 for "to the end"."""
        with self._translated(key):
            try:
                return self._client.get_object(self._bucket, self._prefix + key, offset=offset, length=length or 0)
            except S3Error as exc:
                if exc.code != "InvalidRange":
                    raise
        return None

    def _list(self, prefix: str) -> list[str]:
        with self._translated():
            listed = self._client.list_objects(self._bucket, prefix=self._prefix + prefix, recursive=True)
            return [each.object_name.removeprefix(self._prefix) for each in listed if not each.is_dir]

    def _check(self) -> None:
        with self._translated():
            if not self._client.bucket_exists(self._bucket):
                self._create()
            next(iter(self._client.list_objects(self._bucket, prefix=self._prefix)), None)
            self._try_writing()

    def _create(self) -> None:
        try:
            self._client.make_bucket(self._bucket)
        except S3Error as exc:
            if exc.code != "BucketAlreadyOwnedByYou":  # another process was first
                raise StoreRefused(f"{self._place} is missing and may not be created ({exc.code}): create it") from exc

    def _try_writing(self) -> None:
        """Begins an upload of two parts and gives up after one, which proves the right to write and leaves nothing."""
        name, size, data = f"{self._prefix}nianbao-check", 2 * _SMALLEST_PART, cast("BinaryIO", _HalfAnUpload())
        with suppress(_GivenUp):
            self._writer.put_object(self._bucket, name, data, size, part_size=_SMALLEST_PART, num_parallel_uploads=1)

    @contextmanager
    def _translated(self, key: str = "") -> Iterator[None]:
        try:
            yield
        except S3Error as exc:
            raise self._refusal(exc.code or "no reason given", key) from exc
        except (MinioException, ParseError, ValueError) as exc:
            message = f"{self._place}: no S3 service answers there: check NIANBAO_S3_ENDPOINT and NIANBAO_S3_SECURE"
            raise StoreRefused(message) from exc

    def _refusal(self, code: str, key: str) -> StoreError:
        if code == "NoSuchKey":
            return ObjectMissing(f"no object {key} in {self._place}")
        if code in _TRANSIENT_CODES:
            return StoreUnreachable(f"{self._place}: {code}")
        return StoreRefused(f"{self._place}: {code}: {_ADVICE.get(code, 'look the code up with your S3 service')}")


class _Transport(urllib3.PoolManager):
    """The SDK's way to the wire, which knows what is transient before the SDK wraps or hides it."""

    def __init__(self, place: str, timeout: urllib3.Timeout) -> None:
        super().__init__(timeout=timeout, retries=False)
        self._place = place

    def urlopen(  # type: ignore[override]
        self, method: str, url: str, redirect: bool = True, **rest: Any
    ) -> urllib3.BaseHTTPResponse:
        with _translated(self._place):
            response = super().urlopen(method, url, redirect, **rest)
        if response.status in _TRANSIENT_STATUSES:
            response.drain_conn()
            raise StoreUnreachable(f"{self._place} answered {response.status}")
        return response


class _CreatingTransport(_Transport):
    """Lets an object come into being only where none is: asked of the whole put, and of a multipart one's completion.
    The header needs no signature, and the SDK has no argument for it."""

    def urlopen(  # type: ignore[override]
        self, method: str, url: str, redirect: bool = True, **rest: Any
    ) -> urllib3.BaseHTTPResponse:
        if (method, "uploadId=" in url) in {("PUT", False), ("POST", True)}:
            rest["headers"]["If-None-Match"] = "*"
        return super().urlopen(method, url, redirect, **rest)


class _Body(io.RawIOBase):
    """The body of an answer, as it comes. urllib3 counts it against Content-Length."""

    def __init__(self, response: urllib3.BaseHTTPResponse, place: str) -> None:
        self._response, self._place = response, place

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with _translated(self._place):
            data = self._response.read(len(buffer), decode_content=False)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._response.close()  # before the release: an unread rest must not go back into the pool
            self._response.release_conn()
        super().close()


class _GivenUp(Exception):
    pass


class _HalfAnUpload:
    def __init__(self) -> None:
        self._left = _SMALLEST_PART

    def read(self, size: int) -> bytes:
        if not self._left:
            raise _GivenUp
        self._left -= min(size, self._left)
        return bytes(size)


@contextmanager
def _translated(place: str) -> Iterator[None]:
    try:
        yield
    except SSLError as exc:
        if isinstance(exc.args[0], ssl.SSLEOFError):  # cut off, not disagreed
            raise StoreUnreachable(f"{place} cannot be reached: {exc}") from exc
        message = f"{place}: TLS failed ({exc}): check NIANBAO_S3_SECURE and the certificate"
        raise StoreRefused(message) from exc
    except HTTPError as exc:
        raise StoreUnreachable(f"{place} cannot be reached: {exc}") from exc
