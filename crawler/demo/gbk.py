"""A portal made by hand before content systems: GBK without a charset header, layout by tables, HTTP/1.0.

    /                           home, linking the column where it once was
    /gkml/nb.asp                302 to the column          /gkml/a.asp, b.asp     302 to one another
    /gkml/out.asp               302 off the portal
    /xxgk/nb/index.htm          the column, index_2.htm and index_3.htm by 下一页, all links relative
    /xxgk/nb/2024/0118_1023.htm a report; most pages are titled 首页

One report answers 500 once; one is printed with tags unclosed and in any case; of one the organ stands in the
breadcrumb alone; one names a man whose name GBK cannot write.
"""

from collections.abc import Callable, Sequence
from html import escape
from posixpath import dirname, relpath

from crawler.demo import nanping
from crawler.demo import report as reports
from crawler.demo.nanping import FOLDER
from crawler.demo.site import Answer, Framing, Page, Publication, Request, Row, Site, redirect

COLUMN = FOLDER + "index.htm"
COLUMN_NAME = "信息公开年报"
ROWS_A_PAGE = 5
OUTSIDE_GBK = "䶮"
PLAIN_TITLED = (COLUMN, nanping.RARE)

Pages = dict[str, Page | Answer]


def build(*, base: str, elsewhere: str, day: int) -> Site:
    published = nanping.reports(day)
    rows = sorted((*(each.row for each in published), *nanping.OTHERS), key=lambda row: row[2], reverse=True)
    return Site(
        id="nanping",
        name="东海市南坪区人民政府",
        base=base,
        pages=_crossings(elsewhere) | _lists(rows) | _neighbours() | _details(published),
        missing=_page("/404.htm", "找不到网页", "<P>找不到网页</P>", status=404),
        publications=published,
        withdrawn=(nanping.WITHDRAWN,) if day > 1 else (),
    )


def _crossings(elsewhere: str) -> Pages:
    home = """<A href="gkml/nb.asp">信息公开年报</A> <A href="gkml/a.asp">信息公开年报(旧版)</A>
<A HREF=gkml/out.asp>年度报告专题</A>"""
    return {
        "/": _page("/", "首页", home),
        "/gkml/nb.asp": redirect("/xxgk/nb/"),
        FOLDER: redirect("index.htm"),
        "/gkml/a.asp": redirect("b.asp"),
        "/gkml/b.asp": redirect("a.asp"),
        "/gkml/out.asp": redirect(elsewhere),
    }


def _lists(rows: Sequence[Row]) -> Pages:
    groups = [rows[start : start + ROWS_A_PAGE] for start in range(0, len(rows), ROWS_A_PAGE)]
    paths = [COLUMN, *(f"{FOLDER}index_{number}.htm" for number in range(2, len(groups) + 1))]
    return {
        path: _list(path, group, following)
        for path, group, following in zip(paths, groups, [*paths[1:], ""], strict=True)
    }


def _list(path: str, rows: Sequence[Row], following: str) -> Page:
    items = "\n".join(
        f'<TR><TD>·<A href="../{relpath(target, "/xxgk")}">{title}</A></TD><TD>[{day}]</TD></TR>'
        for target, title, day in rows
    )
    onward = f'<A href="../nb/{following.rpartition("/")[2]}">下一页</A>' if following else "下一页"
    return _page(path, COLUMN_NAME, f"<TABLE>\n{items}\n</TABLE>\n<A href={COLUMN}>首页</A> {onward}")


def _neighbours() -> Pages:
    text = "<P>各单位按要求抓好落实,有关情况另行通报。</P>"
    return {path: _page(path, title, f"<CENTER><B>{title}</B></CENTER>{text}") for path, title, _ in nanping.OTHERS}


def _details(published: Sequence[Publication]) -> Pages:
    pages: Pages = {each.path: _detail(each) for each in published}
    sound = pages[nanping.FLAKY]
    assert isinstance(sound, Page)  # noqa: S101
    return pages | {nanping.FLAKY: _fails_once(sound)}


def _fails_once(page: Page) -> Callable[[Request], Page]:
    answers = iter([_page("/500.htm", "服务器错误", "<P>Microsoft VBScript 运行时错误</P>", status=500)])
    return lambda _: next(answers, page)


def _detail(publication: Publication) -> Page:
    title, organ, path = publication.title, publication.written, publication.path
    source = "本站" if path == nanping.ORGAN_IN_CRUMBS else publication.report.organ
    body = reports.html(reports.blocks(publication.report))
    signed = f"<P>联系人:李喆、赵{OUTSIDE_GBK}</P>" if path == nanping.RARE else "<P>联系人:李喆</P>"
    main = f"""<CENTER><FONT size=5><B>{title}</B></FONT></CENTER>
<CENTER>发布时间:{publication.published} 来源:{source} 点击数:<SCRIPT src="../../../count.asp"></SCRIPT></CENTER>
<TABLE width=90%><TR><TD id=article>
{_misprinted(body) if path == nanping.MISPRINTED else body}
{signed}
</TD></TR></TABLE>"""
    return _page(path, title, main, crumb=organ)


def _misprinted(text: str) -> str:
    """As written by hand: any case, cells and paragraphs left open, a bold that never ends."""
    for sound, broken in (("<td", "<Td"), ("</td>", ""), ("</tr>", ""), ("<p>", "<P>"), ("</p>", ""), ('"1"', "1")):
        text = text.replace(sound, broken)
    return f"<B>{text}"


def _page(path: str, title: str, main: str, *, crumb: str = "", status: int = 200) -> Page:
    upward = relpath("/", dirname(path))
    named = title if path in PLAIN_TITLED else "首页"
    crumbs = " > ".join(part for part in (f'<A href="{upward}">首页</A>', COLUMN_NAME, crumb) if part)
    text = f"""<HTML><HEAD><META http-equiv=content-type content="text/html; charset=gb2312">
<TITLE>{escape(named)}</TITLE></HEAD>
<BODY><TABLE width=980 align=center><TR><TD background=#c00>东海市南坪区人民政府</TD></TR>
<TR><TD>您现在的位置:{crumbs}</TD></TR>
<TR><TD>
{main}
</TD></TR></TABLE></BODY></HTML>
"""
    return Page(body=text.encode("gb18030"), status=status, framing=Framing.CLOSE)
