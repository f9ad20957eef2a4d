"""What the text of a setting may say: one function a kind of value. Each raises ValueError for what is not allowed, and
its caller knows the words for it."""

import re
import shutil
from pathlib import Path
from urllib.parse import quote

UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
TRUTHS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def home(path: Path) -> Path:
    if path.exists() and not path.is_dir():
        raise ValueError
    return path.resolve()


def catalog_url(text: str, home: Path, cwd: Path) -> str:
    url = text.replace("$NIANBAO_HOME", str(home))
    if re.fullmatch(r"postgresql\+psycopg://[^/]*/.+", url):
        return url
    file = url.removeprefix("sqlite:///")
    # A catalog in memory would be gone with the command that wrote it.
    if file == url or not file or file.startswith((":memory:", "file:", "?")):
        raise ValueError
    return f"sqlite:///{cwd / file}"


def objects_url(text: str, home: Path) -> str:
    url = text.replace("$NIANBAO_HOME", quote(str(home))).rstrip("/")
    if not re.fullmatch(r"file:///.+|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^/?#]+)*", url):
        raise ValueError
    return url


def endpoint(text: str) -> str:
    if not (match := re.fullmatch(r"(?:https?://)?((?:[\w.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?)/?", text, re.ASCII)):
        raise ValueError
    return match[1]


def truth(text: str) -> bool:
    if text.lower() not in TRUTHS:
        raise ValueError
    return TRUTHS[text.lower()]


def executable(text: str, cwd: Path, search_path: str | None) -> Path:
    found = shutil.which(cwd / text if "/" in text else text, path=search_path)
    if found is None:
        raise ValueError
    return Path(found)


def whole(text: str, *, least: int) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < least:
        raise ValueError
    return int(text)


def size(text: str) -> int:
    match = re.fullmatch(r"([0-9]{1,18}) ?([A-Za-z]*)", text)
    if not match or match[2].lower() not in UNITS or int(match[1]) == 0:
        raise ValueError
    return int(match[1]) * UNITS[match[2].lower()]


def contact(text: str) -> str:
    # It goes into the User-Agent's comment: RFC 9110, 5.6.5.
    if not re.fullmatch(r"https?://[!-'*-\[\]-~]+|[!-'*-\[\]-~]+@[!-'*-\[\]-~]+", text):
        raise ValueError
    return text
