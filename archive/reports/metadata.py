"""What a page says about its article besides the article: metas, labelled facts, the way to it.

Labelled facts (索引号, 发布机构, 成文日期, …) and the breadcrumb are read from the page's text fragments in order, one
fragment a line, for every content system wraps them in other elements while the words are set by regulation.
"""

import html
import re

from selectolax.lexbor import LexborHTMLParser

_ABOUT = "索引号 信息索引 信息名称 标题 名称 文号 发文字号 主题分类 体裁分类 公开类别 浏览次数"
_FROM = "发布机构 发文机关 发文机构 发布单位 公开主体 信息来源 文章来源 来源"
_WHEN = "发布日期 发布时间 公开日期 公开时间 发文日期 成文日期 生成日期"
LABELS = (*_ABOUT.split(), *_FROM.split(), *_WHEN.split())
_LABEL = "|".join(r"[^\S\n]*".join(label) for label in sorted(LABELS, key=len, reverse=True))
_LABELLED = re.compile(
    rf"(?:(?<=^)|(?<=[\s\[【(|]))(?P<label>{_LABEL})[】\])]?\s{{0,9}}(?:[:\uff1a]\s{{0,9}}|\n\s{{0,9}})"
    rf"(?!(?:{_LABEL})[】\]]?\s*[:\uff1a\n])(?P<value>[^\n]{{1,120}}?)"
    r"(?=[^\S\n]*(?:\n|\Z)|[^\S\n]{2,}|[^\S\n]+\S{2,6}[:\uff1a]|[\]】|])",
    re.MULTILINE,
)
_HERE = re.compile(r"(?:当前|所在|您的|你的|现在的?)(?:所在)?的?位置")
_SEPARATOR = re.compile(r"[\s>\uff1e»›→/\\]*[>\uff1e»›→/\\][\s>\uff1e»›→/\\]*")
_STEPS_WITHIN = 40
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_LONGEST_STEP = 30
_LONGEST_TRAIL = 300


def metas(tree: LexborHTMLParser) -> dict[str, str]:
    """By name in lower case. Of a repeated meta the first that says anything counts."""
    found: dict[str, str] = {}
    for meta in tree.css("meta[name], meta[property]"):
        attributes = meta.attributes
        name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
        content = " ".join(_words(attributes.get("content") or "").split())
        if name and content:
            found.setdefault(name, content)
    return found


def _words(content: str) -> str:
    """Some systems fill in the title as their editor holds it, escaped once more: &amp;nbsp; and &lt;p&gt;."""
    return _MARKUP.sub("", html.unescape(content)) if "&" in content or "<" in content else content


def labelled(fragments: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _LABELLED.finditer(fragments):
        found.setdefault("".join(match["label"].split()), match["value"].strip())
    return found


def breadcrumb(fragments: str) -> list[str]:
    """The steps after the words that announce where the reader is; they end where no separator follows."""
    here = _HERE.search(fragments)
    if here is None:
        return []
    steps: list[str] = []
    joined = True
    for fragment in fragments[here.end() :].split("\n", _STEPS_WITHIN)[:_STEPS_WITHIN]:
        words = fragment.strip(" :\uff1a\u00a0")
        if not words:
            continue
        if len(words) > _LONGEST_TRAIL:
            break
        names = _SEPARATOR.split(words)
        if not (joined or names[0] == "") or max(map(len, names)) > _LONGEST_STEP:
            break
        steps += filter(None, names)
        joined = names[-1] == ""
    return steps
