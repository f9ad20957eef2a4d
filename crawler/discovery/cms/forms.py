"""Forms: pagers that fill in a field and send the page's form, as old ASP.NET and JSP sites do.

    javascript:__doPostBack('pager','2')                           __EVENTTARGET=pager&__EVENTARGUMENT=2&__VIEWSTATE=…
    function go(n) { form1.curPage.value = n; form1.submit(); }    curPage=2&dept=…

All of the form's hidden and text fields go with it, for the server keeps the list's state in them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from selectolax.lexbor import LexborNode

from crawler.discovery.links import Page
from crawler.discovery.scripts import CODE_MOST, SUBMITS

POSTBACK = re.compile(r"__doPostBack\(\s*['\"]([^'\"]{1,200})['\"]\s*,\s*['\"]([^'\"]{0,200})['\"]")
FILLED = re.compile(
    r"(?:getElementById\(\s*['\"]([\w:$-]{1,80})['\"]\s*\)|\$\(\s*['\"]#([\w:-]{1,80})['\"]\s*\)"
    r"|\b[\w$]+(?:\.forms)?(?:\[[^\]]{1,40}\])?\.([A-Za-z_]\w{0,60}))\s*\.\s*(?:value\s*=(?!=)|val\(\s*(?=[^)\s]))"
)
FIELDS = "input[name]"
SENT_WITHOUT = frozenset({"submit", "button", "image", "reset", "file", "checkbox", "radio"})
FORMS_MOST, BODY_MOST = 20, 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    url: str
    method: str
    body: str


def sent_by(page: Page, code: str) -> Sending | None:
    """What the server is sent by this `javascript:` link; None where it sends no form that is on the page."""
    if told := POSTBACK.search(code):
        filled = {"__EVENTTARGET": told[1], "__EVENTARGUMENT": told[2]}
    else:
        filled = dict(_filled(page, code))
    forms = page.tree.css("form")[:FORMS_MOST] if filled else []
    # a postback's two fields are made by a script, and stand in no form before that
    wanted = filled if not told else {}
    return next((sending for form in forms if (sending := _sending(page, form, filled, wanted))), None)


def _filled(page: Page, code: str) -> Iterator[tuple[str, str]]:
    """Fields, by name or by id, and what they are filled with, of a function that sends a form in the end."""
    for body, names in page.script.called(code):
        if SUBMITS.search(body):
            for field in FILLED.finditer(body):
                value = page.script.value(body[field.end() : field.end() + CODE_MOST], names)
                if value is not None:
                    yield field[1] or field[2] or field[3], value.text


def _sending(page: Page, form: LexborNode, filled: dict[str, str], wanted: dict[str, str]) -> Sending | None:
    inputs = [node.attributes for node in form.css(FIELDS)]
    names = {each.get("id") or "": each["name"] or "" for each in inputs}
    fields = {each["name"] or "": each.get("value") or "" for each in inputs if each.get("type") not in SENT_WITHOUT}
    if not wanted.keys() <= fields.keys() | names.keys():
        return None
    fields |= {names.get(name, name): value for name, value in filled.items()}
    url = page.address(form.attributes.get("action") or "") or page.url
    body = urlencode(fields)
    if len(body) > BODY_MOST:
        return None
    if (form.attributes.get("method") or "get").lower() == "get" and wanted:
        return Sending(url=f"{url.partition('?')[0]}?{body}", method="GET", body="")
    return Sending(url=url, method="POST", body=body)
