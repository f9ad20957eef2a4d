"""TRS WCM: a list's further pages exist only in a script.

createPageHTML(3, 0, "index", "html")    three pages, this is the first: index.html, index_1.html, index_2.html
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

PAGER = re.compile(r"""createPageHTML\s*\(\s*(\d{1,4})\s*,\s*(\d{1,4})\s*,\s*["']([\w-]+)["']\s*,\s*["'](\w+)["']""")


def further_pages(html: str, base: str) -> Iterator[str]:
    for total, _, name, suffix in PAGER.findall(html):
        for number in range(1, int(total)):
            yield urljoin(base, f"{name}_{number}.{suffix}")
