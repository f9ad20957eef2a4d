"""Hanweb JCMS: a list's rows stand as CDATA in a script element, or in the reply of dataproxy.jsp, never in the page.

<datastore><nextgroup>…a link to the next rows…</nextgroup>
           <recordset><record><![CDATA[<li><a href=…>…</a><span>2024-01-18</span></li>]]></record>…
"""

import re
from collections.abc import Iterator

from crawler.discovery.links import links_of

CDATA = re.compile(r"<(?:record|nextgroup)>\s*<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


def hidden_markup(text: str) -> str | None:
    """The rows (and the link to the next ones) as HTML; None where the text is not of this system."""
    found = CDATA.findall(text) if "<![CDATA[" in text else []
    return "\n".join(found) or None


def further_rows(markup: str | None, base: str) -> Iterator[str]:
    """Where the hidden markup says that the next rows are."""
    return (link.url for link in links_of(markup or "", base) if "dataproxy" in link.url)
