"""The secrets of compose.yaml: random, made once, and such that the product takes them."""

import subprocess
from pathlib import Path

from archive.config import load_config

SCRIPT = Path(__file__).parents[2] / "deploy/secrets.sh"


def make(folder: Path) -> str:
    return subprocess.run([SCRIPT, folder], capture_output=True, text=True, check=True).stderr


def held(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8").rstrip("\n") for path in folder.iterdir()}


def test_the_product_takes_them_by_file(tmp_path: Path) -> None:
    make(tmp_path)
    named = ("catalog_url", "s3_access_key", "s3_secret_key")
    config = load_config({f"NIANBAO_{name.upper()}_FILE": str(tmp_path / name) for name in named}, tmp_path)
    secrets = held(tmp_path)
    assert (config.s3_access_key, config.s3_secret_key) == (secrets["s3_access_key"], secrets["s3_secret_key"])
    assert config.catalog_url == f"postgresql+psycopg://nianbao:{secrets['postgresql_password']}@postgresql/nianbao"


def test_they_differ_from_place_to_place_and_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        make(folder)
    one, other = (held(folder) for folder in folders)
    assert not set(one.values()) & set(other.values())
    assert {len(one[name]) for name in ("postgresql_password", "s3_secret_key")} == {32}
    assert folders[0].stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folders[0].iterdir()} == {0o444}


def test_what_stands_is_left_and_what_is_missing_is_made(tmp_path: Path) -> None:
    assert len(make(tmp_path).splitlines()) == 4
    before = held(tmp_path)
    assert make(tmp_path) == ""
    (tmp_path / "catalog_url").unlink()
    assert make(tmp_path) == f"secrets: {tmp_path}/catalog_url\n"
    assert held(tmp_path) == before
