"""Where sealed segments are kept: `open_objects` gives the store that a URL names.

The S3 client is loaded only for `s3://`, so that who keeps a folder does not pay for it.
"""

import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from urllib.request import url2pathname

from archive.errors import ConfigError
from archive.storage.folder import Folder
from archive.storage.objects import ObjectInfo, Objects

__all__ = ["ObjectInfo", "Objects", "open_objects"]

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ENDPOINT = re.compile(r"[A-Za-z0-9.\-_\[\]:]+")


def open_objects(
    url: str, *, endpoint: str | None, access_key: str | None, secret_key: str | None, region: str | None, secure: bool
) -> Objects:
    """The store named by `file:///folder` or `s3://bucket[/prefix]`; nothing is connected to or made before `check()`.

    `endpoint` is `host[:port]`. Raises ConfigError; its message names the variable and never shows a secret.
    """
    parts = _split(url)
    if parts.scheme == "file":
        return Folder(Path(url2pathname(parts.path)))

    from archive.storage.s3 import Bucket

    try:
        return Bucket(
            parts.netloc,
            prefix=parts.path,
            endpoint=_endpoint(endpoint),
            access_key=_given(access_key, "NIANBAO_S3_ACCESS_KEY"),
            secret_key=_given(secret_key, "NIANBAO_S3_SECRET_KEY"),
            region=region,
            secure=secure,
        )
    except ValueError as exc:  # the client's, for an endpoint or region that it cannot use
        raise ConfigError(f"NIANBAO_S3_ENDPOINT is {endpoint}, NIANBAO_S3_REGION {region}: {exc}") from exc


def _split(url: str) -> SplitResult:
    with suppress(ValueError):  # of a bracket where none belongs
        parts = urlsplit(url)
        if not (parts.query or parts.fragment) and (_names_folder(parts) or _names_bucket(parts)):
            return parts
    raise ConfigError(f"NIANBAO_OBJECTS_URL is {_shown(url)}: file:///folder or s3://bucket[/prefix] is allowed")


def _names_folder(parts: SplitResult) -> bool:
    return parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")


def _names_bucket(parts: SplitResult) -> bool:
    dots = {".", ".."} & set(parts.path.split("/"))
    return parts.scheme == "s3" and _BUCKET.fullmatch(parts.netloc) is not None and not dots


def _endpoint(value: str | None) -> str:
    endpoint = _given(value, "NIANBAO_S3_ENDPOINT")
    if not _ENDPOINT.fullmatch(endpoint):
        message = (
            f"NIANBAO_S3_ENDPOINT is {_shown(endpoint)}: host[:port] is allowed; NIANBAO_S3_SECURE says http or https"
        )
        raise ConfigError(message)
    return endpoint


def _given(value: str | None, variable: str) -> str:
    if not value:
        raise ConfigError(f"{variable} is not set: an s3:// store needs it")
    return value


def _shown(value: str) -> str:
    return "not shown, as it seems to hold a password" if "@" in value else repr(value)
