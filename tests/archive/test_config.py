"""Settings: where they come from, which are refused and in what words, and that no secret leaks on the way."""

import sys
from pathlib import Path

import pytest

from archive.config import NO_CONTACT, Config, load_config
from archive.errors import ConfigError

S3 = {
    "NIANBAO_OBJECTS_URL": "s3://reports/warc",
    "NIANBAO_S3_ENDPOINT": "127.0.0.1:9000",
    "NIANBAO_S3_ACCESS_KEY": "access-key-word",
    "NIANBAO_S3_SECRET_KEY": "secret-key-word",
}


def load(cwd: Path, **settings: str) -> Config:
    return load_config({f"NIANBAO_{key.upper()}": value for key, value in settings.items()}, cwd)


def refusal(cwd: Path, environ: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(environ, cwd)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_without_any_setting_everything_stands_under_var(tmp_path: Path) -> None:
    config = load_config({}, tmp_path)
    assert config.home == tmp_path / "var"
    assert config.catalog_url == f"sqlite:///{tmp_path}/var/catalog.db"
    assert config.objects_url == f"file://{tmp_path}/var/objects"
    assert (config.segment_bytes, config.segment_seconds, config.withdrawn_after_hours) == (2**30, 300, 24)
    assert (config.executor, config.allow_private_hosts, config.s3_secure) == ("local", False, True)
    assert (config.portals, config.browser, config.contact) == (None, None, NO_CONTACT)
    assert not config.home.exists()


def test_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    (tmp_path / "nianbao.toml").write_text(
        'segment_seconds = 60\nsegment_bytes = "2 MiB"\nallow_private_hosts = true\n'
    )
    config = load(tmp_path, segment_seconds="7")
    assert (config.segment_seconds, config.segment_bytes, config.allow_private_hosts) == (7, 2 * 2**20, True)


def test_nianbao_config_names_another_file(tmp_path: Path) -> None:
    (tmp_path / "nianbao.toml").write_text("segment_seconds = 60\n")
    (tmp_path / "other.toml").write_text("segment_seconds = 61\n")
    assert load(tmp_path, config="other.toml").segment_seconds == 61


def test_a_missing_named_file_is_refused(tmp_path: Path) -> None:
    assert "NIANBAO_CONFIG" in refusal(tmp_path, {"NIANBAO_CONFIG": "absent.toml"})


def test_an_unknown_key_is_refused_with_its_near_match(tmp_path: Path) -> None:
    (tmp_path / "nianbao.toml").write_text("segment_byte = 1\n")
    line = refusal(tmp_path, {})
    assert "nianbao.toml: 'segment_byte' is no setting; did you mean 'segment_bytes'?" in line


@pytest.mark.parametrize("text", ["segment_bytes = [1]", "segment_bytes = 1.5", "segment_bytes = ", 'home = "\\u00'])
def test_a_file_that_holds_no_plain_values_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "nianbao.toml").write_text(text)
    assert "nianbao.toml" in refusal(tmp_path, {})


def test_an_empty_variable_counts_as_none(tmp_path: Path) -> None:
    config = load(tmp_path, segment_bytes="", portals=" ", s3_endpoint="")
    assert (config.segment_bytes, config.portals, config.s3_endpoint) == (2**30, None, None)


@pytest.mark.parametrize(
    ("text", "size"),
    [("1", 1), ("1048576", 2**20), ("1 GiB", 2**30), ("64KiB", 2**16), ("3 MB", 3_000_000), ("2gb", 2 * 10**9)],
)
def test_a_size_is_bytes_or_has_a_unit(tmp_path: Path, text: str, size: int) -> None:
    assert load(tmp_path, segment_bytes=text).segment_bytes == size


@pytest.mark.parametrize(
    ("key", "wrong", "allowed"),
    [
        ("HOME", "a-file", "a folder"),
        ("CATALOG_URL", "mysql://host/db", "sqlite:///FILE or postgresql+psycopg://"),
        ("CATALOG_URL", "sqlite:///:memory:", "sqlite:///FILE"),
        ("CATALOG_URL", "postgresql://host/db", "postgresql+psycopg://"),
        ("OBJECTS_URL", "file://relative/folder", "file:///FOLDER"),
        ("OBJECTS_URL", "s3://", "s3://BUCKET"),
        ("S3_ENDPOINT", "127.0.0.1:9000/bucket", "HOST[:PORT]"),
        ("S3_SECURE", "maybe", "true or false"),
        ("ALLOW_PRIVATE_HOSTS", "2", "true or false"),
        ("EXECUTOR", "celery", "local or procrastinate"),
        ("BROWSER", "no-such-chromium", "an executable file"),
        ("SEGMENT_BYTES", "0", "bytes, 1 or more"),
        ("SEGMENT_BYTES", "1 GIG", "KiB MiB GiB KB MB GB"),
        ("SEGMENT_SECONDS", "0", "1 or more"),
        ("WITHDRAWN_AFTER_HOURS", "-1", "0 or more"),
        ("CONTACT", "ops (at) example", "a URL or a mail address"),
        ("CONTACT", "https://a.example/\nX-Header: 1", "a URL or a mail address"),
    ],
)
def test_a_wrong_value_is_one_line_with_variable_value_and_what_is_allowed(
    tmp_path: Path, key: str, wrong: str, allowed: str
) -> None:
    (tmp_path / "a-file").touch()
    line = refusal(tmp_path, {f"NIANBAO_{key}": wrong})
    assert line.startswith(f"NIANBAO_{key}: {wrong!r} is wrong; allowed: ")
    assert allowed in line


def test_relative_paths_start_at_the_working_folder(tmp_path: Path) -> None:
    config = load(tmp_path, home="here", portals="sites.toml", catalog_url="sqlite:///own.db")
    assert (config.home, config.portals) == (tmp_path / "here", tmp_path / "sites.toml")
    assert config.catalog_url == f"sqlite:///{tmp_path}/own.db"
    assert config.objects_url == f"file://{tmp_path}/here/objects"


def test_home_may_be_named_inside_a_url(tmp_path: Path) -> None:
    config = load(tmp_path, home="/srv/nianbao", objects_url="file://$NIANBAO_HOME/elsewhere/")
    assert config.objects_url == "file:///srv/nianbao/elsewhere"


def test_a_home_with_a_blank_or_chinese_name_makes_a_valid_objects_url(tmp_path: Path) -> None:
    assert load(tmp_path, home="/srv/年报 1").objects_url == "file:///srv/%E5%B9%B4%E6%8A%A5%201/objects"


def test_a_browser_is_a_path_or_a_name_on_path(tmp_path: Path) -> None:
    here = Path(sys.executable)
    assert load(tmp_path, browser=str(here)).browser == here
    assert load_config({"NIANBAO_BROWSER": here.name, "PATH": str(here.parent)}, tmp_path).browser == here


@pytest.mark.parametrize("missing", ["S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY"])
def test_s3_without_endpoint_or_keys_is_refused(tmp_path: Path, missing: str) -> None:
    line = refusal(tmp_path, {key: value for key, value in S3.items() if key != f"NIANBAO_{missing}"})
    assert line == f"NIANBAO_{missing}: not set; NIANBAO_OBJECTS_URL=s3://reports/warc needs it"


@pytest.mark.parametrize(
    ("endpoint", "said", "secure"),
    [("h:9000", "", True), ("h:9000", "off", False), ("http://h:9000", "", False), ("https://h:9000/", "true", True)],
)
def test_the_endpoints_scheme_says_whether_tls_is_spoken(
    tmp_path: Path, endpoint: str, said: str, secure: bool
) -> None:
    config = load(tmp_path, s3_endpoint=endpoint, s3_secure=said)
    assert (config.s3_endpoint, config.s3_secure) == ("h:9000", secure)


def test_an_endpoint_whose_scheme_contradicts_s3_secure_is_refused(tmp_path: Path) -> None:
    environ = {"NIANBAO_S3_ENDPOINT": "http://h:9000", "NIANBAO_S3_SECURE": "true"}
    assert refusal(tmp_path, environ).startswith("NIANBAO_S3_SECURE: 'true' is wrong")


def test_procrastinate_needs_postgresql(tmp_path: Path) -> None:
    assert refusal(tmp_path, {"NIANBAO_EXECUTOR": "procrastinate"}).startswith("NIANBAO_CATALOG_URL: 'sqlite:///")
    url = "postgresql+psycopg://nianbao@db/nianbao"
    assert load(tmp_path, executor="procrastinate", catalog_url=url).catalog_url == url


def test_no_secret_stands_in_repr_or_public_settings(tmp_path: Path) -> None:
    url = "postgresql+psycopg://nianbao:p@ss:w/ord@db/nianbao?sslpassword=hidden&connect_timeout=3"
    config = load_config({**S3, "NIANBAO_CATALOG_URL": url}, tmp_path)
    assert config.catalog_url == url
    assert config.s3_secret_key == "secret-key-word"
    for shown in (repr(config), str(config), str(config.public())):
        assert not any(word in shown for word in ("p@ss", "ord@", "hidden", "access-key-word", "secret-key-word"))
        assert "postgresql+psycopg://nianbao:***@db/nianbao?sslpassword=***&connect_timeout=3" in shown


def test_no_password_stands_in_a_refusal(tmp_path: Path) -> None:
    line = refusal(tmp_path, {"NIANBAO_CATALOG_URL": "postgres://nianbao:pass-word@db/nianbao"})
    assert "'postgres://nianbao:***@db/nianbao' is wrong" in line


def test_the_digest_changes_with_a_setting_and_not_with_a_secret(tmp_path: Path) -> None:
    digest = load_config(S3, tmp_path).digest()
    assert digest == load_config({**S3, "NIANBAO_S3_SECRET_KEY": "another"}, tmp_path).digest()
    assert digest != load_config({**S3, "NIANBAO_SEGMENT_SECONDS": "1"}, tmp_path).digest()
    assert digest.startswith("sha256:")
    assert len(digest) == 71
