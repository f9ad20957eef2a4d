"""The module 信息公开 of Hanweb JCMS: a directory that is searched, and a page for each organ's report of each year.

POST /module/xxgk/search.jsp?infotypeId=&vc_title=&vc_number=&area=…&currpage=2    a table, as HTML without a head
/module/xxgk/xxgkAnnualReport.jsp?fbtime=2021&area=…       a report; its parameters stand in either order
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from crawler.demo.site import Answer, Page, Publication, Request, Row
from crawler.demo.template import Template

SEARCH, ANNUAL = "/module/xxgk/search.jsp", "/module/xxgk/xxgkAnnualReport.jsp"
HTML = "text/html;charset=UTF-8"
YEARS = range(2018, 2026)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What one organ's area of the directory holds of one kind."""

    area: str
    infotype: str
    jdid: str
    element: str
    rows: tuple[Row, ...]
    a_page: int

    @property
    def pages(self) -> int:
        return -(-len(self.rows) // self.a_page)

    def html(self) -> str:
        """Without a row: the script's call brings them."""
        return f"""<div id="{self.element}">正在加载内容,请稍候...</div>
<script>function search(a, b, c) {{
loadDynamic('{SEARCH}?infotypeId='+a+'&vc_title='+encodeURI(b)+'&vc_number='+encodeURI(c)+'&area={self.area}',
'{self.element}', '{self.infotype}', '0', '', '{self.jdid}', '', '');
}} search('', '', '');</script>"""

    def ways(self) -> tuple[str, ...]:
        """As `PATH BODY`."""
        return tuple(self._posted(page) for page in range(1, self.pages + 1))

    def _posted(self, page: int) -> str:
        told = {"infotypeId": self.infotype, "jdid": self.jdid, "divid": self.element, "vc_title": "", "vc_number": ""}
        told |= {"vc_filenumber": "", "vc_all": "", "texttype": "", "fbtime": ""}
        form = urlencode({**told, "currpage": page, "sortfield": ",compaltedate:0"})
        return f"{SEARCH}?infotypeId=&vc_title=&vc_number=&area={self.area}&currpage={page} {form}"

    def answer(self, request: Request) -> Page:
        asked = request.parameters
        page = int(asked.get("currpage") or "1")
        found = (asked.get("area"), asked.get("infotypeId")) == (self.area, self.infotype)
        rows = self.rows if found else ()
        shown = rows[(page - 1) * self.a_page : page * self.a_page]
        table = "\n".join(
            f'<tr class="tr_main_value_{"even" if number % 2 else "odd"}"><td><a href="{path}" title="{title}" '
            f'syh="{self.area}/{number}" mc="{title}" rq="{day}">{title}</a></td><td>{day}</td></tr>'
            for number, (path, title, day) in enumerate(shown)
        )
        total = f"共&nbsp;{len(rows)}&nbsp;条记录 第{page}页 共{-(-len(rows) // self.a_page)}页"
        text = f"""<input type="hidden" id="divid" value="{self.element}">
<table class="tb_main"><tr class="tr_main_title"><td>信息名称</td><td>生成日期</td></tr>
{table}
</table><div class="tb_title">{total} <a href="javascript:funGoPage('{SEARCH}',{page + 1})">下一页</a></div>"""
        return Page(body=text.encode(), media_type=HTML)


def annual_path(area: str, year: int) -> str:
    return f"{ANNUAL}?fbtime={year}&area={area}"


def annual_reports(template: Template, published: Mapping[tuple[str, int], Publication]) -> Answer:
    """By area and year. For any other year, of any organ, there is a page that says so; each links all years."""

    def answer(request: Request) -> Page:
        asked = request.parameters
        area, year = asked.get("area", ""), int(asked.get("fbtime") or YEARS[-1])
        publication = published.get((area, year))
        page = template.detail(publication) if publication else template.page("政府信息公开年报", "<p>暂无内容</p>")
        years = "".join(f'<a href="{ANNUAL}?area={area}&amp;fbtime={each}">{each}年</a> ' for each in YEARS)
        return replace(page, body=page.body.replace(b"</body>", f"<div>{years}</div></body>".encode()))

    return answer
