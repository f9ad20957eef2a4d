"""URL keys: the sort-friendly form under which captures of one page meet (Sort-friendly URI Reordering Transform).

The same function as pywb's and OutbackCDX's clients use, so that our lines merge with theirs. Only of a key that is
longer than an index can hold, a digest stands for the end.
"""

import hashlib
from typing import NewType

import surt

UrlKey = NewType("UrlKey", str)

KEY_MOST = 2500
"""PostgreSQL's trees hold 2,700 bytes: the key, and the timestamp beside it."""


def url_key(url: str) -> UrlKey:
    """`https://www.Example.cn/a?b=1` -> `cn,example)/a?b=1`; a `urn:` is its own key."""
    key = url if url.startswith("urn:") else surt.surt(url)
    return UrlKey(key if len(key) <= KEY_MOST else _cut(key))


def _cut(key: str) -> str:
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: KEY_MOST - len(digest)]}{digest}"
