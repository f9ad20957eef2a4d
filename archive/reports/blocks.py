"""The lines of a piece of HTML: one line a block, a table's row one line of tab-separated cells, blank cells kept.

A cell that holds another table, or running text, is layout rather than data: its blocks are lines of their own. The
input is serialised by the parser, hence well-formed, so tags are turned into single control characters by a few
passes of compiled patterns; that is several times faster than walking the nodes of a table in Python.
"""

import html
import re

_ATTRIBUTES = r"(?:[^>\"]++|\"[^\"]*+\")*+>"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_TABLE = re.compile(rf"</?table\b{_ATTRIBUTES}")
_CELL_OPENS = re.compile(rf"<t[dh]\b{_ATTRIBUTES}")
_CELL_CLOSES = re.compile(r"</t[dh]>")
_BLOCK = re.compile(
    r"</?(?:p|div|br|li|ul|ol|dl|dt|dd|tr|thead|tbody|tfoot|h[1-6]|hr|section|article|center|form|pre|blockquote"
    rf"|option|select|fieldset|figure|caption|body|main)\b{_ATTRIBUTES}"
)
_TAG = re.compile(rf"<[/a-zA-Z!?]{_ATTRIBUTES}")
_DATA_CELL = re.compile("\x02([^\x01\x02\x03]*)\x03")
_STRUCTURE = re.compile("[\x01\x02\x03]")
_SPACES = re.compile(r"[ \u00a0\u2000-\u200f\u3000\ufeff\u00ad]+")
_RUNNING_TEXT = 400


def lines_of(markup: str) -> str:
    """`markup` is the parser's own serialisation, scripts and styles already gone."""
    text = _CONTROL.sub(" ", _COMMENT.sub("", markup))
    text = _TABLE.sub("\x01", text)
    text = _CELL_CLOSES.sub("\x03", _CELL_OPENS.sub("\x02", text))
    text = html.unescape(_TAG.sub("", _BLOCK.sub("\n", text)))
    text = _without_margins(_SPACES.sub(" ", text))
    text = _STRUCTURE.sub("\n", _DATA_CELL.sub(_cell, text))
    text = _without_margins(text).replace("\t\n", "\n")
    return "\n".join(line for line in text.strip(" \n").split("\n") if line)


def _without_margins(text: str) -> str:
    for margin in (" \n", "\n ", " \t", "\t "):
        text = text.replace(margin, margin.strip(" "))
    return text


def _cell(match: re.Match[str]) -> str:
    content = match[1]
    if "\n" in content and (len(content) > _RUNNING_TEXT or content.count("。") > 1):
        return f"\n{content}\n"
    return " ".join(content.split()) + "\t"
