"""URL keys: the sort-friendly form under which captures of one page meet (Sort-friendly URI Reordering Transform).

The same function as pywb's and OutbackCDX's clients use, so that our lines merge with theirs.
"""

from typing import NewType

import surt

UrlKey = NewType("UrlKey", str)


def url_key(url: str) -> UrlKey:
    """`https://www.Example.cn/a?b=1` -> `cn,example)/a?b=1`; a `urn:` is its own key."""
    return UrlKey(url if url.startswith("urn:") else surt.surt(url))
