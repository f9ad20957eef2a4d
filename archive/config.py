"""The settings of one command: read once, from the environment and one TOML file, then passed on as plain keywords.

`NIANBAO_SEGMENT_BYTES` in the environment is `segment_bytes` in `nianbao.toml` of the working folder (`NIANBAO_CONFIG`
names another file); the environment wins. An empty value counts as none, as compose files pass unset variables on so.
`NIANBAO_S3_SECRET_KEY_FILE` names a file that holds the value, and so for each variable (`archive.secret`).
Relative paths start at the working folder, and `$NIANBAO_HOME` inside the two URLs stands for `home`.

Invariant: a `Config` that exists is valid as a whole. A wrong value is a `ConfigError` of one line that names the
variable, the value and what is allowed. No secret ever stands in a message, in `repr` or in the digest.
"""

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import msgspec

from archive import value
from archive.errors import ConfigError
from archive.secret import BY_FILE, held

Value = TypeVar("Value")

NO_CONTACT = "https://nianbao.invalid/contact"
"""Stands where no operator gave a contact: a name that cannot resolve (RFC 2606) rather than somebody else's."""

DEFAULTS = {
    "home": "./var",
    "catalog_url": "sqlite:///$NIANBAO_HOME/catalog.db",
    "objects_url": "file://$NIANBAO_HOME/objects",
    "allow_private_hosts": "false",
    "executor": "local",
    "segment_bytes": "1 GiB",
    "segment_seconds": "300",
    "withdrawn_after_hours": "24",
    "lease_seconds": "120",
    "contact": NO_CONTACT,
}
EXECUTORS = ("local", "procrastinate")
ALLOWED = {
    "home": "a folder, or a path where one can be made",
    "catalog_url": "sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE",
    "objects_url": "file:///FOLDER (absolute) or s3://BUCKET[/PREFIX]",
    "s3_endpoint": "HOST[:PORT], http://HOST[:PORT] or https://HOST[:PORT]",
    "s3_secure": "true or false, and not against the scheme in NIANBAO_S3_ENDPOINT",
    "portals": "a TOML file, or a folder of them",
    "allow_private_hosts": "true or false",
    "executor": " or ".join(EXECUTORS),
    "browser": "an executable file",
    "segment_bytes": "bytes, 1 or more, or with a unit: KiB MiB GiB KB MB GB",
    "segment_seconds": "whole seconds, 1 or more",
    "withdrawn_after_hours": "whole hours, 0 or more",
    "lease_seconds": "whole seconds, 1 or more",
    "contact": "a URL or a mail address, without spaces or brackets",
}
MASK = "***"
SECRETS = frozenset({"s3_access_key", "s3_secret_key"})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Config:
    home: Path
    catalog_url: str
    objects_url: str
    s3_endpoint: str | None
    """`host[:port]`; whether TLS is spoken is `s3_secure`."""
    s3_access_key: str | None
    s3_secret_key: str | None
    s3_region: str | None
    s3_secure: bool
    portals: Path | None
    """None: the registry shipped with the package."""
    allow_private_hosts: bool
    executor: str
    browser: Path | None
    """None: whatever Chromium is found."""
    segment_bytes: int
    segment_seconds: int
    withdrawn_after_hours: int
    lease_seconds: int
    """How long a run that is heard of no more keeps its portals from others; it is heard of three times as often."""
    contact: str
    """Who answers for the crawl, a URL or mail address: part of the User-Agent and of every warcinfo record."""

    def public(self) -> dict[str, str | int | None]:
        """All settings as an operator may see them: secrets and passwords masked, paths as text."""
        return {field.name: _public(field.name, getattr(self, field.name)) for field in fields(self)}

    def digest(self) -> str:
        """`sha256:` and 64 hex digits over the public settings: the same settings, the same digest."""
        return f"sha256:{hashlib.sha256(msgspec.json.encode(self.public(), order='sorted')).hexdigest()}"

    def __repr__(self) -> str:
        return f"Config({', '.join(f'{name}={value!r}' for name, value in self.public().items())})"


def load_config(environ: Mapping[str, str], cwd: Path) -> Config:
    """Raises ConfigError. Touches nothing but the files that hold settings, and `PATH` where a browser is named."""
    given = _Given(environ=environ, held=held(environ, cwd, map(variable, KEYS)), table=_table(environ, cwd))
    home = given.read("home", lambda text: value.home(cwd / text))
    config = Config(
        home=home,
        catalog_url=given.read("catalog_url", lambda text: value.catalog_url(text, home, cwd)),
        objects_url=given.read("objects_url", lambda text: value.objects_url(text, home)),
        s3_endpoint=given.optional("s3_endpoint", value.endpoint),
        s3_access_key=given.text("s3_access_key"),
        s3_secret_key=given.text("s3_secret_key"),
        s3_region=given.text("s3_region"),
        s3_secure=_s3_secure(given),
        portals=given.optional("portals", lambda text: cwd / text),
        allow_private_hosts=given.read("allow_private_hosts", value.truth),
        executor=given.read("executor", _executor),
        browser=given.optional("browser", lambda text: value.executable(text, cwd, environ.get("PATH"))),
        segment_bytes=given.read("segment_bytes", value.size),
        segment_seconds=given.read("segment_seconds", lambda text: value.whole(text, least=1)),
        withdrawn_after_hours=given.read("withdrawn_after_hours", lambda text: value.whole(text, least=0)),
        lease_seconds=given.read("lease_seconds", lambda text: value.whole(text, least=1)),
        contact=given.read("contact", value.contact),
    )
    _agree(config, given)
    return config


KEYS = tuple(field.name for field in fields(Config))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What the operator wrote, still as text."""

    environ: Mapping[str, str]
    held: Mapping[str, str]
    table: Mapping[str, str]

    def text(self, key: str) -> str | None:
        name = variable(key)
        return self.environ.get(name, "").strip() or self.held.get(name) or self.table.get(key, "").strip() or None

    def read(self, key: str, parse: Callable[[str], Value]) -> Value:
        text = self.text(key) or DEFAULTS[key]
        try:
            return parse(text)
        except ValueError as exc:
            raise ConfigError(f"{self._shown(key, text)} is wrong; allowed: {ALLOWED[key]}") from exc

    def optional(self, key: str, parse: Callable[[str], Value]) -> Value | None:
        return None if self.text(key) is None else self.read(key, parse)

    def _shown(self, key: str, text: str) -> str:
        name = variable(key)
        # It may be a password where a URL was meant.
        return f"{name}{BY_FILE}: {MASK!r}" if name in self.held else f"{name}: {_public(key, text)!r}"


def variable(key: str) -> str:
    return f"NIANBAO_{key.upper()}"


def near(word: str, known: tuple[str, ...]) -> str:
    """`did you mean 'x'?`, or what is allowed where nothing is like it: the end of an error's line."""
    matches = get_close_matches(word, known, n=1)
    if matches:
        return f"did you mean {matches[0]!r}?"
    return f"allowed: {', '.join(known[:20])}{', …' if len(known) > 20 else ''}"


def _table(environ: Mapping[str, str], cwd: Path) -> dict[str, str]:
    """The TOML file as texts, so that a value means the same wherever it stands."""
    named = environ.get("NIANBAO_CONFIG", "").strip()
    path = cwd / (named or "nianbao.toml")
    if not named and not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as exc:
        raise ConfigError(
            f"NIANBAO_CONFIG: {str(path)!r} cannot be read: {exc.strerror}; allowed: a TOML file"
        ) from exc
    except ValueError as exc:
        raise ConfigError(f"{path}: not TOML in UTF-8: {exc}") from exc
    return {_known(key, path): _scalar(key, value, path) for key, value in table.items()}


def _known(key: str, path: Path) -> str:
    if key not in KEYS:
        raise ConfigError(f"{path}: {key!r} is no setting; {near(key, KEYS)}")
    return key


def _scalar(key: str, value: object, path: Path) -> str:
    if not isinstance(value, str | int):
        raise ConfigError(
            f"{path}: {variable(key)}: a TOML {type(value).__name__} is wrong; allowed: text, number, true"
        )
    return str(value)


def _agree(config: Config, given: _Given) -> None:
    """Settings that are right alone and wrong together."""
    if config.executor == "procrastinate" and config.catalog_url.startswith("sqlite"):
        allowed = "postgresql+psycopg://… with NIANBAO_EXECUTOR=procrastinate"
        raise ConfigError(f"NIANBAO_CATALOG_URL: {config.catalog_url!r} is wrong; allowed: {allowed}")
    for key in ("s3_endpoint", "s3_access_key", "s3_secret_key") if config.objects_url.startswith("s3:") else ():
        if given.text(key) is None:
            raise ConfigError(f"{variable(key)}: not set; NIANBAO_OBJECTS_URL={config.objects_url} needs it")


def _public(key: str, value: object) -> str | int | None:
    if value is None or isinstance(value, int):
        return value
    if key in SECRETS:
        return MASK
    # Greedy, up to the last @: a password with an unescaped @ in it must not show its tail.
    text = re.sub(r"://([^:/?]*):.*@", rf"://\1:{MASK}@", str(value), flags=re.DOTALL)
    return re.sub(r"([?&]\w*(?:password|secret|token)=)[^&]*", rf"\1{MASK}", text, flags=re.IGNORECASE)


def _s3_secure(given: _Given) -> bool:
    endpoint = given.text("s3_endpoint") or ""
    said = given.optional("s3_secure", lambda text: _secure(text, endpoint))
    return not endpoint.startswith("http://") if said is None else said


def _secure(text: str, endpoint: str) -> bool:
    secure = value.truth(text)
    if endpoint.startswith("http://" if secure else "https://"):
        raise ValueError
    return secure


def _executor(text: str) -> str:
    if text not in EXECUTORS:
        raise ValueError
    return text
