"""A unit of Hanweb JCMS: a list whose first rows stand in a script's XML, and the proxy that hands out the others.

What follows the first rows is told by a nextgroup, by the options of the script alone, or by a nextgroup whose ids are
encrypted: that one leads to an answer of 54 bytes without a row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import md5
from urllib.parse import urlencode

from crawler.demo.site import Answer, Page, Request, Row

EMPTY = b"<datastore>\r\n<recordset>\r\n\r\n</recordset>\r\n</datastore>"
XML = "text/xml; charset=utf-8"


class Continued(Enum):
    """How a script comes by the next rows."""

    BY_GROUP = "GET, nextgroup, pages of a group counted from nought"
    BY_NUMBER = "POST, numbers of records, which a GET does not get"
    ENCRYPTED = "as by number; a nextgroup that leads nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """`a_group` rows are shown at first, and asked for at once."""

    id: str
    column: str
    name: str
    rows: tuple[Row, ...]
    a_group: int
    proxy: str
    continued: Continued
    cells: bool = False

    @property
    def parameters(self) -> dict[str, str]:
        ids = {"columnid": self.column, "sourceContentType": "1", "unitid": self.id}
        return {
            "col": "1",
            "appid": "1",
            "webid": "12",
            "path": "/",
            **ids,
            "webname": self.name,
            "permissiontype": "0",
        }

    def html(self) -> str:
        """The element with the first rows, and the call of the script that shows them."""
        options = ",".join(f"{name}:'{value}'" for name, value in self.parameters.items())
        return f"""<div id="{self.id}"><script type="text/xml"><datastore>
{self._next_group(1)}{self._recordset(self.rows[: self.a_group])}</datastore></script></div>
<script>$(function(){{$("#{self.id}").jpage({{showMode:'full',totalRecord:{len(self.rows)},openCookies:false,
groupSize:1,proxyUrl:'{self.proxy}',perPage:{self.a_group},barPosition:'bottom',ajaxParam:{{{options}}}}});}});</script>"""

    def ways(self) -> tuple[str, ...]:
        """What has to be asked for after the column's page; a posted one as `PATH BODY`."""
        starts = range(self.a_group, len(self.rows), self.a_group)
        if self.continued is Continued.BY_GROUP:
            return tuple(f"{self.proxy}?page={start // self.a_group}&{self._query()}" for start in starts)
        return tuple(f"{self.proxy}?{self._numbers(start)} {urlencode(self.parameters)}" for start in starts)

    def answer(self, request: Request) -> Page:
        asked = request.parameters
        if self.continued is Continued.BY_GROUP and "page" in asked:
            group = int(asked["page"])
            start, end = group * self.a_group, (group + 1) * self.a_group
            following = self._next_group(group + 1) if end < len(self.rows) else ""
        elif request.method == "POST" and "startrecord" in asked:
            start, end, following = int(asked["startrecord"]) - 1, int(asked["endrecord"]), ""
        else:
            return Page(body=EMPTY, media_type=XML)
        total = (
            f"<totalrecord>{len(self.rows)}</totalrecord><totalpage>{-(-len(self.rows) // self.a_group)}</totalpage>"
        )
        text = f"""<?xml version='1.0' encoding='utf-8'?>
<datastore>{total}
{following}{self._recordset(self.rows[max(start, 0) : end])}</datastore>"""
        return Page(body=text.encode(), media_type=XML)

    def _query(self) -> str:
        names = ("appid", "webid", "path", "columnid", "unitid", "permissiontype")
        return "&".join(f"{name}={self.parameters[name]}" for name in names)

    def _numbers(self, start: int) -> str:
        end = min(start + self.a_group, len(self.rows))
        return f"startrecord={start + 1}&endrecord={end}&perpage={self.a_group}"

    def _next_group(self, group: int) -> str:
        query = self._query()
        if self.continued is Continued.BY_NUMBER or self.a_group >= len(self.rows):
            return ""
        if self.continued is Continued.ENCRYPTED:
            for plain in (self.column, self.id):
                query = query.replace(f"id={plain}", f"id={_encrypted(plain)}")
        return f'<nextgroup><![CDATA[<a href="{self.proxy}?page={group}&{query}"></a>]]></nextgroup>\n'

    def _recordset(self, rows: Iterable[Row]) -> str:
        records = "\n".join(f"<record><![CDATA[\n{self._record(*row)}]]></record>" for row in rows)
        return f"<recordset>\n{records}\n</recordset>"

    def _record(self, path: str, title: str, day: str) -> str:
        anchor = f'<a target="_blank" href="{path}" title="{title}">{title}</a>'
        if self.cells:
            return f'<tr><td width="80%">{anchor}</td><td>{day}</td></tr>'
        return f"<li>{anchor}<span>{day}</span></li>"


def proxies(units: Sequence[Unit]) -> dict[str, Page | Answer]:
    """By path. A unit that is not of its column, or whose ids nobody can read, has no rows."""

    def answer(request: Request) -> Page:
        asked = request.parameters
        ids = (asked.get("columnid"), asked.get("unitid"))
        unit = next((unit for unit in units if (unit.column, unit.id) == ids), None)
        return unit.answer(request) if unit else Page(body=EMPTY, media_type=XML)

    return {unit.proxy: answer for unit in units}


def _encrypted(plain: str) -> str:
    return md5(plain.encode(), usedforsecurity=False).hexdigest().upper()
