"""Settings by file: read like any other, refused in one line, and never shown."""

from pathlib import Path

import pytest

from archive.config import Config, load_config
from tests.archive.test_config import S3, refusal

URL = "postgresql+psycopg://nianbao:pass-word@db/nianbao"
LINE = "a file that holds the value, in one line of UTF-8"


def by_file(folder: Path, **values: str) -> dict[str, str]:
    """The environment that names a file for each of the values."""
    for key, value in values.items():
        (folder / key).write_text(value, "utf-8")
    return {f"NIANBAO_{key.upper()}_FILE": key for key in values}


def load(folder: Path, **values: str) -> Config:
    return load_config(by_file(folder, **values), folder)


def test_a_catalog_url_with_its_password_comes_out_of_a_file(tmp_path: Path) -> None:
    config = load(tmp_path, catalog_url=f"{URL}\n")
    assert config.catalog_url == URL
    assert "pass-word" not in repr(config)


def test_keys_of_s3_come_out_of_files(tmp_path: Path) -> None:
    said = {name: value for name, value in S3.items() if not name.endswith("_KEY")}
    config = load_config(said | by_file(tmp_path, s3_access_key="reader ", s3_secret_key=" word of it\r\n"), tmp_path)
    assert (config.s3_access_key, config.s3_secret_key) == ("reader", "word of it")


def test_any_setting_may_come_out_of_a_file_and_wins_over_the_toml_file(tmp_path: Path) -> None:
    (tmp_path / "nianbao.toml").write_text("segment_seconds = 60\n")
    assert load(tmp_path, segment_seconds="7").segment_seconds == 7


def test_a_variable_beside_its_file_is_refused_and_an_empty_one_is_not(tmp_path: Path) -> None:
    files = by_file(tmp_path, s3_secret_key="secret-key-word")
    line = refusal(tmp_path, files | {"NIANBAO_S3_SECRET_KEY": "another-word"})
    assert line == "NIANBAO_S3_SECRET_KEY: set beside NIANBAO_S3_SECRET_KEY_FILE; allowed: one of the two"
    assert load_config(files | {"NIANBAO_S3_SECRET_KEY": ""}, tmp_path).s3_secret_key == "secret-key-word"


def test_an_empty_name_of_a_file_counts_as_none(tmp_path: Path) -> None:
    assert load_config({"NIANBAO_CATALOG_URL_FILE": " "}, tmp_path).catalog_url.startswith("sqlite:///")


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    line = refusal(tmp_path, {"NIANBAO_CATALOG_URL_FILE": "absent"})
    path = str(tmp_path / "absent")
    assert line == f"NIANBAO_CATALOG_URL_FILE: {path!r} cannot be read: No such file or directory; allowed: {LINE}"
    assert "Is a directory" in refusal(tmp_path, {"NIANBAO_CATALOG_URL_FILE": str(tmp_path)})


@pytest.mark.parametrize("held", [b"", b" \n", b"one-word\nanother-word\n", b"\xffword", b"wo\0rd"])
def test_a_file_that_holds_no_one_line_is_refused_without_what_it_holds(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "key").write_bytes(held)
    line = refusal(tmp_path, {"NIANBAO_S3_SECRET_KEY_FILE": "key"})
    assert line == f"NIANBAO_S3_SECRET_KEY_FILE: {str(tmp_path / 'key')!r} is wrong; allowed: {LINE}"


def test_a_wrong_value_out_of_a_file_is_not_shown(tmp_path: Path) -> None:
    line = refusal(tmp_path, by_file(tmp_path, catalog_url="pass-word"))
    assert line.startswith("NIANBAO_CATALOG_URL_FILE: '***' is wrong; allowed: sqlite:///FILE or postgresql+psycopg://")
