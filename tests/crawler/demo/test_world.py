import tomllib
from datetime import date

from crawler.demo.world import start_world


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
