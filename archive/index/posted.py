"""A posted request's key: its URL with its body for a query, as pywb asks for it when a replayed page posts again.

    POST /list  {"page": 2, "size": 14}                     http://…/list?__wb_method=POST&page=2&size=14
    POST /list  page=2&size=14  as a form                   the same
    PUT  /file  <bytes of no such kind>                     http://…/file?__wb_method=PUT&__wb_post_data=<base64>

Two pages of one list come from one URL by two bodies: under the URL alone the one would be replayed for the other. The
form is pywb's (`pywb.warcserver.inputrequest`), but for multipart forms, whose boundaries are new each time.
"""

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus, urlencode

METHODS = ("POST", "PUT")
QUERY_MOST = 4096
REQUEST_MOST = 1 << 20
CONTENT_TYPE = re.compile(rb"(?im)^content-type:[ \t]*([^\r\n]*)")


def url_with_body(url: str, request: bytes) -> str:
    """`request` is the block of a WARC `request` record; for most of them the URL stays what it is."""
    method = request[:8].split(b" ")[0].decode("latin-1").upper()
    if method not in METHODS:
        return url
    head, _, body = request.partition(b"\r\n\r\n")
    stated = CONTENT_TYPE.search(head)
    query = _query(body, stated[1].decode("latin-1") if stated else "")[:QUERY_MOST] if body else ""
    return f"{url}{'&' if '?' in url else '?'}__wb_method={method}{'&' if query else ''}{query}"


def _query(body: bytes, media_type: str) -> str:
    if media_type.startswith("application/json"):
        return _fields(body) or ""
    if media_type.startswith("text/plain") and (fields := _fields(body)) is not None:
        return fields
    if media_type.startswith("application/x-www-form-urlencoded"):
        try:
            return unquote_plus(body.decode())
        except UnicodeDecodeError:
            pass
    return f"__wb_post_data={base64.b64encode(body).decode()}"


def _fields(body: bytes) -> str | None:
    """The names and plain values of a JSON text, wherever they stand in it; a name's second value is `name.2_`."""
    try:
        leaves = list(_leaves(json.loads(body), ""))
    except (ValueError, RecursionError):
        return None
    fields: dict[str, str] = {}
    again: Counter[str] = Counter()
    for name, value in leaves:
        again[name] += name in fields
        fields[f"{name}.{again[name] + 1}_" if name in fields else name] = value
    return urlencode(fields)


def _leaves(value: Any, name: str) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for inner_name, inner in value.items():
                yield from _leaves(inner, inner_name)
        case list():
            for inner in value:
                yield from _leaves(inner, name)
        case _ if name:
            yield name, _text(value)


def _text(value: Any) -> str:
    """As JavaScript writes it."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
