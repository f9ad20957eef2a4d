"""Pages as portals and republishers lay them out, for tests to read."""

from pathlib import Path

from archive.reports.organ import Site
from archive.reports.text import PageText, read_page

GOLDEN = Path(__file__).parents[2] / "golden"
SONGJIANG = Site(portal="songjiang", name="上海市松江区人民政府", aggregator=False)
AGGREGATOR = Site(portal="copies", name="采招网", aggregator=True)
URL = "https://www.songjiang.gov.cn/govxxgk/SHSJ43/2099-01-01/page.html"

PROSE = "".join(f"<p>{n}.本机关认真落实《条例》,依法做好主动公开与依申请公开工作,回应社会关切。</p>" for n in range(20))
PERIOD = "<p>本报告所列数据的统计期限自2023年1月1日至2023年12月31日。</p>"
TABLES = (
    "<table><tr><td>第二十条第(一)项</td></tr><tr><td>信息内容</td><td>本年制发件数</td></tr><tr><td>规章</td><td></td></tr></table>"
    "<p>(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)</p>"
    "<table><tr><td><p>自然人</p></td><td><p>商业</p><p>企业</p></td></tr><tr><td>1</td><td>/</td></tr></table>"
)
REPORT = PERIOD + PROSE + TABLES


def html(title: str, article: str, *, head: str = "", around: str = "") -> bytes:
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f'<div class="top"><a href="/">首页</a> 2019年12月3日星期二</div>{around}'
        f'<h2>{title}</h2><div id="zoom">{article}</div></body></html>'
    ).encode()


def page(title: str, article: str, *, head: str = "", around: str = "") -> PageText:
    payload = html(title, article, head=head, around=around)
    return read_page(payload, content_type="text/html; charset=utf-8", url=URL)


def masked_copy() -> PageText:
    lines = (GOLDEN / "masked-copy.txt").read_text().splitlines()
    article = "".join(f"<p>{line}</p>" for line in lines)
    whole = f"<title>{lines[0]}</title><body><div class=nav><a>招标</a></div><div><h1>{lines[0]}</h1>{article}</div>"
    return read_page(
        whole.encode("gb18030"), content_type="text/html; charset=GBK", url="https://copies.example/1.html"
    )
