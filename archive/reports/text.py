"""A captured page, read: its title, metadata, links and the text of its article.

    payload ──decode──▶ text ──parse──▶ tree ──▶ metas, fragments (labels, breadcrumb), heading
                                             └─▶ the article's element ──▶ body lines, attachments, images

The article's element is the one a known content system marks as such, else the one in which most of the page's text
outside links stands. Reading never raises, and never goes beyond the first 8 MiB of a payload or its first 60,000 tags.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from archive.reports.attachments import Link, attachments, names_a_file
from archive.reports.blocks import lines_of
from archive.reports.charset import decode
from archive.reports.metadata import breadcrumb, labelled, metas

__all__ = ["Link", "PageText", "decode", "names_a_file", "normal_form", "read_page", "text_digest"]

LONGEST_PAYLOAD = 8 * 1024 * 1024
_DROPPED = ["script", "style", "noscript", "template", "svg", "nav", "header", "footer"]
_CONTAINERS = (
    "#zoom, #Zoom, #UCAP-CONTENT, #ivs_content, #article, #vsb_content, [id^=vsb_content_], .v_news_content, "
    ".TRS_Editor, .TRS_UEDITOR, .trs_editor_view, .Custom_UnionStyle, .Article_content, .article-content, #mainText"
)
_HEADINGS = "h1, h2, h3, [class*=title], [class*=Title], [class*=tit], [id*=title], [id*=Title]"
_PRINTED = "center, font, b, strong, big"
_NAMES_REPORT = re.compile(r"信息公\s*[开開].{0,14}(?:报告|報告|年报|年報)")
_NAMES_YEARS_REPORT = re.compile(
    r"20\d\d.{0,40}信息公\s*[开開].{0,14}(?:报|報)|信息公\s*[开開].{0,14}(?:报|報).{0,6}20\d\d"
)
_LONGEST_HEADING = 120
_ENOUGH = 80
_MOST = 0.6
_NEARLY_ALL = 0.9
_MUCH_MORE = 4
_SUBSTANCE = "img, table, iframe, embed, object"
_NEAR = 2
_DEEPEST = 40
_MOST_TAGS = 60_000
_ORNAMENT = re.compile(
    r"share|icon|logo|qr_?code|ewm|erwei|weixin|wechat|weibo|print|button|btn|loading|blank|spacer|\.gif(?:$|\?)",
    re.IGNORECASE,
)
_DATA_LEAST = 5000
_COUNTER = re.compile(r"(?:浏览|阅读|点击)(?:次数|量|数)\s*[::]\s*\d+\s*次?")
_SHORT_LINE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """`listed` counts the distinct links whose words name some year's report; `images` the pictures in the article."""

    title: str = ""
    heading: str = ""
    metas: Mapping[str, str]
    labelled: Mapping[str, str]
    breadcrumb: tuple[str, ...] = ()
    body: str = ""
    links: tuple[Link, ...] = ()
    images: int = 0
    listed: int = 0
    charset: str = "utf-8"
    truncated: bool = False


def read_page(payload: bytes, *, content_type: str | None, url: str) -> PageText:
    text, charset = decode(payload[:LONGEST_PAYLOAD], content_type)
    markup = bounded(text)
    try:
        tree = LexborHTMLParser(markup)
    except SelectolaxError:
        return PageText(metas={}, labelled={}, charset=charset, truncated=True)
    title = _folded(tree.css_first("title"))
    described = metas(tree)
    url = _base(tree, url)
    tree.strip_tags(_DROPPED, recursive=True)
    whole = tree.body or tree.root
    if whole is None:
        return PageText(metas=described, labelled={}, title=title, charset=charset)
    fragments = whole.text(separator="\n", strip=True, skip_empty=True)
    article = _article(whole)
    return PageText(
        title=title,
        heading=_heading(whole, title),
        metas=described,
        labelled=labelled(fragments),
        breadcrumb=tuple(breadcrumb(fragments)),
        body=lines_of(article.inner_html or ""),
        links=attachments(_neighbourhood(article), url=url, charset=charset),
        images=sum(map(_is_picture, article.css("img"))),
        listed=_listed(whole),
        charset=charset,
        truncated=len(payload) > LONGEST_PAYLOAD or len(markup) < len(text),
    )


def normal_form(text: str) -> str:
    """What is compared where layout must not count: NFKC without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def text_digest(body: str) -> str:
    """`sha256:` and 64 hexadecimal digits, over the normal form. A counter of visits beside the text is no part of it:
    with each look it would be another text."""
    if _COUNTER.search(body):
        body = "\n".join(_COUNTER.sub("", line) if len(line) < _SHORT_LINE else line for line in body.split("\n"))
    return "sha256:" + hashlib.sha256(normal_form(body).encode()).hexdigest()


def bounded(text: str) -> str:
    """Parsing takes the square of the nesting's depth: more tags than any page has are cut off."""
    if text.count("<") <= _MOST_TAGS:
        return text
    return "<".join(text.split("<", _MOST_TAGS)[:_MOST_TAGS])


def _folded(node: LexborNode | None) -> str:
    return "" if node is None else " ".join(node.text().split())


def _base(tree: LexborHTMLParser, url: str) -> str:
    base = tree.css_first("base[href]")
    stated = (base.attributes.get("href") or "") if base is not None else ""
    return stated if stated.startswith(("http://", "https://")) else url


def _is_picture(image: LexborNode) -> bool:
    """A part of the article, perhaps a scanned page of it; no ornament of the template."""
    source = image.attributes.get("src") or image.attributes.get("data-src") or ""
    return len(source) > _DATA_LEAST if source.startswith("data:") else bool(source) and not _ORNAMENT.search(source)


def _heading(whole: LexborNode, title: str) -> str:
    """Templates print headings of their own on every page: one that the <title> repeats, or that names a report, wins.

    Pages older than style sheets print theirs large or bold. What is a link is the title of another page.
    """
    headings = _unlinked(whole, _HEADINGS)
    repeated = next((text for text in headings if len(text) > 4 and text in title), "")
    return repeated or _first_report(headings) or _first_report(_unlinked(whole, _PRINTED)) or next(iter(headings), "")


def _unlinked(whole: LexborNode, selector: str) -> list[str]:
    nodes = [node for node in whole.css(selector) if node.tag != "a" and node.css_first("a") is None]
    return [text for node in nodes if 0 < len(text := _folded(node)) <= _LONGEST_HEADING]


def _first_report(headings: list[str]) -> str:
    return next((text for text in headings if _NAMES_REPORT.search(text)), "")


def _article(whole: LexborNode) -> LexborNode:
    sized = [(len(node.text(strip=True)), node) for node in whole.css(_CONTAINERS)]
    longest = max((size for size, _ in sized), default=0)
    # of containers within each other the innermost, for the outer ones add dates and counters to the text
    marked = [node for size, node in sized if size >= _NEARLY_ALL * longest][-1:]
    if marked and (longest >= _ENOUGH or marked[0].css_first(_SUBSTANCE) is not None):
        return marked[0]
    densest = _densest(whole)
    # some templates use the same names for a switch of font sizes: then the text stands elsewhere
    return marked[0] if marked and _weight(densest) < _MUCH_MORE * _ENOUGH else densest


def _densest(node: LexborNode) -> LexborNode:
    """Goes down as long as one child has most of its parent's text outside links."""
    for _ in range(_DEEPEST):
        heavy = _heavy_child(node)
        if heavy is None:
            break
        node = heavy
    return node


def _heavy_child(node: LexborNode) -> LexborNode | None:
    least = max(_MOST * _weight(node), _ENOUGH)
    # links are looked for only where there is text enough: an article may have a thousand paragraphs
    long = (child for child in node.iter() if child.tag != "p" and len(child.text(strip=True)) >= least)
    return next((child for child in long if _weight(child) >= least), None)


def _weight(node: LexborNode) -> int:
    return len(node.text(strip=True)) - sum(len(link.text(strip=True)) for link in node.css("a"))


def _neighbourhood(article: LexborNode) -> LexborNode:
    """Attachments are listed in the article's element or beside it."""
    near = article
    for _ in range(_NEAR):
        if near.parent is None or near.parent.tag in {"html", "body", "-undef"}:
            break
        near = near.parent
    return near


def _listed(whole: LexborNode) -> int:
    return len({text for link in whole.css("a") if _NAMES_YEARS_REPORT.search(text := _folded(link))})
