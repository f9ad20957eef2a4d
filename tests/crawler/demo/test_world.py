import tomllib
from dataclasses import replace
from datetime import date

import pytest

from crawler.demo.site import redirect
from crawler.demo.world import SYSTEMS, start_world


def test_the_registry_names_five_portals_one_of_them_an_aggregator(world):
    rows = tomllib.loads(world.portals_toml)["portal"]
    assert [row["id"] for row in rows] == ["yunchuan", "chenghu", "nanping", "zhaobiao", "lingang"]
    assert [row["home"] for row in rows] == [f"http://127.0.0.1:{port}/" for port in world.ports[:5]]
    assert [row["aggregator"] for row in rows] == [False, False, False, True, False]


def test_every_expected_publication_is_served_with_its_title(world, fetch):
    for row in world.expected:
        answers = [fetch(row.url), fetch(row.url)]  # one page fails the first time
        assert answers[1].status == 200
        assert row.title in answers[1].body.decode("gb18030" if row.portal == "nanping" else "utf-8")
        assert row.published is not None
        assert all(fetch(url).status == 200 for url in row.attachments)


def test_copies_name_an_expected_publication_of_the_same_report(world):
    rows = {row.url: row for row in world.expected}
    copies = [row for row in rows.values() if row.copy_of]
    assert len(rows) == len(world.expected)
    assert len(copies) == 6
    assert all((rows[row.copy_of].organ, rows[row.copy_of].year) == (row.organ, row.year) for row in copies)


def test_two_worlds_of_one_day_serve_the_same_bytes(fetch):
    served = []
    ports = None
    for _ in range(2):
        with start_world(ports=ports) as world:
            ports = world.ports
            served.append([fetch(row.url).body for row in world.expected])
    assert served[0] == served[1]


def test_a_day_later_one_report_is_new_one_corrected_and_one_gone(fetch):
    with start_world() as first:
        before = {row.url: (row, fetch(row.url)) for row in first.expected}
    with start_world(day=2, ports=first.ports) as second:
        after = {row.url: (row, fetch(row.url)) for row in second.expected}
        gone = [fetch(url).status for url in second.withdrawn]
    assert after.keys() - before.keys() == set(second.added)
    assert before.keys() - after.keys() == set(second.withdrawn)
    assert {url for url in before.keys() & after.keys() if before[url][1].body != after[url][1].body} == set(
        second.edited
    )
    assert all(before[url][0] == after[url][0] for url in second.edited)
    assert gone == [404]
    assert [row.published for url, (row, _) in after.items() if url in second.added] == [date(2025, 1, 21)]


def test_no_page_of_a_world_is_forbidden(world):
    assert not {row.url for row in world.expected} & set(world.forbidden)


def test_a_world_of_chosen_portals_has_a_port_for_each_and_one_beside_them():
    with start_world(portals=("lingang", "yunchuan")) as chosen:
        assert [row["id"] for row in tomllib.loads(chosen.portals_toml)["portal"]] == ["lingang", "yunchuan"]
        assert {row.portal for row in chosen.expected} == {"lingang", "yunchuan"}
        assert [site.base for site in chosen.sites] == [f"http://127.0.0.1:{port}" for port in chosen.ports]
        assert [site.id for site in chosen.sites] == ["lingang", "yunchuan", "elsewhere"]


def test_a_changed_world_serves_the_changed_pages_at_the_same_addresses(fetch):
    def moved(site):
        return replace(site, pages={**site.pages, "/": redirect("/new/")})

    with start_world(portals=("chenghu", "lingang")) as first:
        before = [fetch(site.base + "/").status for site in first.sites]
    with start_world(portals=("chenghu", "lingang"), change=moved, ports=first.ports) as second:
        after = [fetch(site.base + "/").status for site in second.sites]
    assert (before, after) == ([200, 200, 200], [302, 302, 200])
    assert [row.url for row in second.expected] == [row.url for row in first.expected]


@pytest.mark.parametrize("portal", SYSTEMS)
def test_every_step_of_the_way_and_every_report_of_a_system_answers(fetch, portal):
    with start_world(portals=(portal,)) as alone:
        site = alone.sites[0]
        asking = {"X-Requested-With": "XMLHttpRequest", "Referer": site.base + "/"}  # as scripts do
        steps = [step.partition(" ") for step in site.way]
        answers = [fetch(site.base + path, asking, body.encode() or None).status for path, _, body in steps]
        details = [fetch(row.url).status for row in alone.expected]
        files = [fetch(url).status for row in alone.expected for url in row.attachments]
    assert site.way[0] == "/"
    assert {*answers} <= {200, 302}
    assert {*details, *files} == {200}
    assert len({row.url for row in alone.expected}) == len(details)
