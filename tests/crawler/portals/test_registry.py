"""The registry: what a portal is, which tables are refused and in what words, and where a portal ends."""

from pathlib import Path

import pytest

from archive.errors import ConfigError
from crawler.portals.registry import Portal, RegistryInvalid, load_registry, select

SONGJIANG = '[[portal]]\nid = "songjiang"\nname = "松江"\nhome = "https://www.songjiang.gov.cn/"\n'


def registry(folder: Path, text: str, name: str = "sites.toml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def errors(path: Path) -> tuple[str, ...]:
    with pytest.raises(RegistryInvalid) as caught:
        load_registry(path)
    assert str(caught.value) == "\n".join(caught.value.errors)
    return caught.value.errors


def portal(home: str, columns: tuple[str, ...] = (), hosts: tuple[str, ...] = ()) -> Portal:
    return Portal(id="p", name="p", home=home, columns=columns, hosts=hosts)


def test_the_packaged_registry_is_the_sixteen_districts_of_shanghai() -> None:
    portals = load_registry(None)
    assert {row.division for row in portals} == {
        "310101", "310104", "310105", "310106", "310107", "310109", "310110", "310112",
        "310113", "310114", "310115", "310116", "310117", "310118", "310120", "310151",
    }  # fmt: skip
    assert select(portals, ["songjiang"])[0].name == "上海市松江区人民政府"


@pytest.mark.parametrize("row", load_registry(None), ids=lambda row: row.id)
def test_every_packaged_portal_owns_its_seeds(row: Portal) -> None:
    assert row.name.startswith("上海市")
    assert all(row.owns(seed) for seed in row.seeds())


def test_id_name_and_home_are_enough(tmp_path: Path) -> None:
    (row,) = load_registry(registry(tmp_path, SONGJIANG))
    assert (row.id, row.home, row.columns, row.hosts) == ("songjiang", "https://www.songjiang.gov.cn/", (), ())
    assert (row.render, row.delay, row.concurrency, row.max_pages) == ("auto", 1.0, 2, 5000)
    assert (row.schedule, row.division, row.aggregator) == (None, None, False)


def test_every_key_of_a_full_row_is_read(tmp_path: Path) -> None:
    rest = 'division="310117"\ncolumns=["https://www.songjiang.gov.cn/nb/"]\nhosts=["x.example:8080"]\nrender="never"\n'
    limits = 'delay=0\nconcurrency=1\nmax_pages=9\nschedule="*/5 0-6,22 1 jan-mar mon"\naggregator=true\n'
    (row,) = load_registry(registry(tmp_path, "\ufeff" + SONGJIANG + rest + limits))
    assert row.seeds() == ("https://www.songjiang.gov.cn/", "https://www.songjiang.gov.cn/nb/")
    assert (row.division, row.hosts, row.render, row.delay) == ("310117", ("x.example:8080",), "never", 0.0)
    assert (row.concurrency, row.max_pages, row.aggregator) == (1, 9, True)
    assert row.schedule == "*/5 0-6,22 1 jan-mar mon"


def test_a_folder_is_read_file_by_file_in_the_order_of_names(tmp_path: Path) -> None:
    registry(tmp_path, SONGJIANG.replace("songjiang", "second"), "b.toml")
    registry(tmp_path, SONGJIANG.replace("songjiang", "first"), "a.toml")
    registry(tmp_path, "not a registry", "notes.txt")
    assert [row.id for row in load_registry(tmp_path)] == ["first", "second"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("division = 310117", "division: 310117 is wrong; allowed: the six digits of GB/T 2260"),
        ('division = "31011"', "division: '31011' is wrong"),
        (
            'columns = "https://www.songjiang.gov.cn/"',
            "columns: 'https://www.songjiang.gov.cn/' is wrong; allowed: a list",
        ),
        (
            'columns = ["https://ok.example/", "/zwgk/"]',
            "columns: '/zwgk/' is wrong; allowed: a list of absolute http(s)",
        ),
        ('columns = ["ftp://www.songjiang.gov.cn/"]', "columns: 'ftp://www.songjiang.gov.cn/' is wrong"),
        (
            'hosts = ["https://xxgk.example/"]',
            "hosts: 'https://xxgk.example/' is wrong; allowed: a list of bare host names",
        ),
        ('hosts = ["*.example"]', "hosts: '*.example' is wrong"),
        ('hosts = ["a.example:70000"]', "hosts: 'a.example:70000' is wrong"),
        ('render = "sometimes"', "render: 'sometimes' is wrong; allowed: 'auto', 'never' or 'always'"),
        ("delay = -0.5", "delay: -0.5 is wrong; allowed: seconds from 0 to 3600"),
        ("delay = nan", "delay: nan is wrong"),
        ('delay = "1"', "delay: '1' is wrong"),
        ("concurrency = 0", "concurrency: 0 is wrong; allowed: a whole number, 1 or more"),
        ("max_pages = 1.5", "max_pages: 1.5 is wrong"),
        ('schedule = "30 2 * *"', "schedule: '30 2 * *' is wrong; allowed: five cron fields"),
        ('schedule = "60 2 * * *"', "schedule: '60 2 * * *' is wrong"),
        ('schedule = "0 5-2 * * *"', "schedule: '0 5-2 * * *' is wrong"),
        ('schedule = "0 */0 * * *"', "schedule: '0 */0 * * *' is wrong"),
        ('schedule = "0 2 * foo *"', "schedule: '0 2 * foo *' is wrong"),
        ('aggregator = "yes"', "aggregator: 'yes' is wrong; allowed: true or false"),
        ("column = []", "column: unknown key; did you mean 'columns'?"),
    ],
)
def test_a_wrong_row_is_refused_with_file_portal_key_value_and_what_is_allowed(
    tmp_path: Path, line: str, error: str
) -> None:
    path = registry(tmp_path, SONGJIANG + line)
    (only,) = errors(path)
    assert only.startswith(f"{path}: portal 'songjiang': {error}")


def test_every_error_of_every_portal_and_file_is_listed_at_once(tmp_path: Path) -> None:
    a = registry(tmp_path, SONGJIANG + "delay = -1\nspeed = 2\n" + '[[portal]]\nid = "No"\nname = ""\n', "a.toml")
    b = registry(tmp_path, 'title = "x"\n' + SONGJIANG, "b.toml")
    c = registry(tmp_path, "[[portal]\n", "c.toml")
    d = registry(tmp_path, '[[portal]]\nname = "x"\nhome = "www.x.gov.cn"\n', "d.toml")
    found = [error.partition("; ")[0] for error in errors(tmp_path)]
    assert [line for line in found if not line.startswith(f"{c}: not TOML")] == [
        f"{b}: title: unknown key",
        f"{a}: portal 'songjiang': delay: -1 is wrong",
        f"{a}: portal 'songjiang': speed: unknown key",
        f"{a}: portal 'No': id: 'No' is wrong",
        f"{a}: portal 'No': name: '' is wrong",
        f"{a}: portal 'No': home: missing",
        f"{d}: portal #1: id: missing",
        f"{d}: portal #1: home: 'www.x.gov.cn' is wrong",
        f"{b}: portal 'songjiang': id: 'songjiang' is taken in {a}",
    ]
    assert len(found) == 10


def test_one_id_twice_in_a_file_is_refused(tmp_path: Path) -> None:
    (only,) = errors(registry(tmp_path, SONGJIANG + SONGJIANG))
    assert "portal 'songjiang': id: 'songjiang' is taken" in only


@pytest.mark.parametrize("name", ["all", "static"])
def test_an_id_that_is_replays_own_address_is_refused(tmp_path: Path, name: str) -> None:
    (only,) = errors(registry(tmp_path, SONGJIANG.replace('"songjiang"', f'"{name}"')))
    assert f"id: '{name}' is wrong; allowed: 1 to 40 of a-z" in only


@pytest.mark.parametrize("text", ["", "portal = 1", "[portal]\nid = 1", "portal = [1]", '[[portals]]\nid = "x"'])
def test_a_file_without_portals_is_refused(tmp_path: Path, text: str) -> None:
    assert any("allowed: one [[portal]] table for each" in line for line in errors(registry(tmp_path, text)))


def test_an_absent_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in errors(tmp_path / "absent.toml")[0]
    assert "no registry in this folder" in errors(tmp_path)[0]


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "gbk.toml").write_bytes(SONGJIANG.encode("gb18030"))
    assert "not TOML in UTF-8" in errors(tmp_path / "gbk.toml")[0]


@pytest.mark.parametrize(
    ("url", "owned"),
    [
        ("https://www.songjiang.gov.cn/a", True),
        ("http://xxgk.songjiang.gov.cn:8080/a", True),
        ("HTTPS://WWW.SONGJIANG.GOV.CN./a", True),
        ("https://songjiang.gov.cn/", True),
        ("https://www.jiading.gov.cn/", False),
        ("https://www.gov.cn/", False),
        ("https://notsongjiang.gov.cn/", False),
        ("https://www.songjiang.gov.cn.evil.example/", False),
        ("https://www.songjiang.gov.cn@evil.example/", False),
        ("https://evil.example\\@www.songjiang.gov.cn/", False),
        ("https://evil.example\\.songjiang.gov.cn/", False),
        ("ftp://www.songjiang.gov.cn/", False),
        ("mailto:a@songjiang.gov.cn", False),
        ("/zwgk/index.html", False),
        ("http://[::1", False),
        ("http://www.songjiang.gov.cn:port/", False),
        ("", False),
    ],
)
def test_a_portal_ends_with_its_registrable_domain(url: str, owned: bool) -> None:
    assert portal("https://www.songjiang.gov.cn/").owns(url) is owned


@pytest.mark.parametrize("home", ["http://127.0.0.1:8001/", "http://localhost:8001/", "http://[::1]:8001/"])
def test_a_portal_without_a_domain_is_one_host_and_port(home: str) -> None:
    row = portal(home)
    assert row.owns(f"{home}a/b?c")
    assert not row.owns(home.replace("8001", "8002"))
    assert not row.owns(home.replace(":8001", ""))
    assert not row.owns("http://10.0.0.1:8001/")


def test_hosts_and_the_hosts_of_columns_belong_to_the_portal() -> None:
    row = portal("http://a.example/", ("http://127.0.0.1:9000/nb/",), ("xxgk.example.org", "10.1.1.1:8080"))
    assert row.owns("http://127.0.0.1:9000/nb/1.html")
    assert row.owns("https://xxgk.example.org:444/")
    assert row.owns("http://10.1.1.1:8080/")
    assert not row.owns("http://10.1.1.1/")
    assert not row.owns("http://127.0.0.1:9001/")
    assert not row.owns("https://deeper.xxgk.example.org/")


def test_a_chinese_host_name_and_its_punycode_are_one() -> None:
    assert portal("http://政府.中国/").owns("http://www.xn--mxtq1m.xn--fiqs8s/")


def test_selecting_keeps_the_order_asked_for_and_none_means_all() -> None:
    portals = load_registry(None)
    assert [row.id for row in select(portals, ["putuo", "jingan", "putuo"])] == ["putuo", "jingan"]
    assert select(portals, []) == portals


def test_an_unknown_id_is_refused_with_its_near_match() -> None:
    with pytest.raises(ConfigError, match=r"portal 'songjang' is not in the registry; did you mean 'songjiang'\?"):
        select(load_registry(None), ["putuo", "songjang"])
