"""Verdicts: what an answer is, told from what it stands for."""

import pytest

from crawler.discovery.glance import Answer, cookies_of, fingerprint_of, title_of
from crawler.discovery.verdict import LARGE, judge
from tests.crawler.discovery.answers import CHROME, HOME, HOMELESS, HTML, PLAIN, SITE, answer

HOME_PAGE = fingerprint_of(answer(HOME, asked=f"{SITE}/", home=True, headers={**HTML, "server": "WAF/2.0"}))


@pytest.mark.parametrize(("kind", "given"), [row[1:] for row in PLAIN], ids=[row[0] for row in PLAIN])
def test_an_answer_is_judged_by_what_it_is(kind: str, given: Answer) -> None:
    verdict = judge(given, HOME_PAGE)
    assert verdict.kind == kind, verdict.detail
    assert 0 < len(verdict.detail) < 300
    assert "\n" not in verdict.detail


@pytest.mark.parametrize(("kind", "given"), [row[1:] for row in HOMELESS], ids=[row[0] for row in HOMELESS])
def test_an_answer_is_judged_without_a_home_page_too(kind: str, given: Answer) -> None:
    assert judge(given, None).kind == kind


def test_only_what_is_gone_speaks_for_absence_and_only_walls_cool_a_host_down() -> None:
    verdicts = [judge(given, HOME_PAGE) for _, _, given in PLAIN]
    assert {verdict.kind for verdict in verdicts if verdict.says_gone} == {"gone"}
    assert {verdict.kind for verdict in verdicts if verdict.is_block} == {"challenge", "blocked"}
    assert {verdict.kind for verdict in verdicts if verdict.is_content} == {"content"}


def test_a_browser_is_thought_to_help_with_walls_but_not_with_haste() -> None:
    helped = {judge(given, None).kind for _, _, given in PLAIN if judge(given, None).may_render}
    assert helped == {"challenge", "blocked", "shell"}
    assert not judge(answer("", 429), None).may_render


def test_a_page_as_large_as_the_home_page_is_known_as_it_again() -> None:
    links = "".join(f'<li><a href="/xw/{n}.html">第{n}次工作会议的长长的标题</a>' for n in range(2000))
    home = fingerprint_of(answer(f"<title>某区</title>{links}", asked=f"{SITE}/", home=True))
    again, other = answer(f"<title>某区</title>{links}"), answer(f"<title>某区</title>{CHROME}{'字' * LARGE}")
    assert len(again.body) > LARGE
    assert (judge(again, home).kind, judge(other, home).kind) == ("soft-404", "content")


def test_a_home_page_without_links_is_known_by_nothing() -> None:
    bare = fingerprint_of(answer("<title>某区</title><p>正文</p>", asked=f"{SITE}/", home=True))
    assert judge(answer("<title>某区</title><p>正文</p>"), bare).is_content


def test_a_small_home_page_is_the_same_only_where_all_of_it_is() -> None:
    home = fingerprint_of(answer("<title>某区</title><a href=/zwgk/>政务公开</a>", asked=f"{SITE}/", home=True))
    same, other = "<title>某区</title><a href=/zwgk/>政务公开</a>", "<title>某区</title><a href=/zwgk/>年报</a>"
    assert [judge(answer(body), home).kind for body in (same, other)] == ["soft-404", "content"]


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"<" * 70_000, b"<div>" * 20_000, b"<script>" * 9_000, bytes(9_999)]
)
def test_no_body_is_too_odd_to_be_judged(body: bytes) -> None:
    for status in (200, 403, 404, 521):
        assert judge(answer(body, status), HOME_PAGE).detail


def test_cookies_are_named_whatever_their_attributes_hold() -> None:
    header = "a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Path=/, b=2, JSESSIONID=x"
    assert cookies_of({"set-cookie": header}) == ["a", "b", "JSESSIONID"]


def test_the_title_is_found_without_reading_on() -> None:
    assert title_of(answer(f"<title> 某 区\n</title>{'x' * 100_000}")) == "某区"
