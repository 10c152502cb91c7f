"""Read the site's configuration from environment variables.

Each reader returns a typed value or raises `Misconfigured` with one sentence that names the
variable, says what is wrong with it and what would be right. A variable that is set to nothing
counts as not set. Passwords are never repeated in a sentence.
"""

import ipaddress
import os
import re
import secrets
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

PROJECT = Path(__file__).resolve().parent.parent
"""The folder of the checkout: relative paths count from here, wherever a command is started."""

SHORTEST_SECRET = 32
"""Characters. Anything shorter is a placeholder that somebody forgot, or can be guessed."""

YES = {"yes", "true", "on", "1"}
NO = {"no", "false", "off", "0"}


class Misconfigured(ImproperlyConfigured):
    """A setting in the environment cannot be used; the message says which one and why."""


# Plain values


def text(name: str, default: str) -> str:
    """The variable's text, without spaces around it."""
    return os.environ.get(name, "").strip() or default


def boolean(name: str, default: bool) -> bool:
    """True for yes, true, on or 1; False for no, false, off or 0; in any case of letters."""
    value = text(name, "").lower()
    if not value:
        return default
    if value in YES:
        return True
    if value in NO:
        return False
    raise Misconfigured(f"{name} is {value!r}, but it must be “yes” or “no”.")


def integer(name: str, default: int, minimum: int | None = None, maximum: int | None = None) -> int:
    """A whole number from `minimum` to `maximum`, both included."""
    value = text(name, "")
    if not value:
        return default
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
        raise Misconfigured(f"{name} is {value!r}, but it must be a whole number.")
    return _within(name, int(value), minimum, maximum)


def words(name: str, default: list[str]) -> list[str]:
    """A list, separated by commas or spaces."""
    return [word for word in re.split(r"[,\s]+", text(name, "")) if word] or list(default)


def choice(name: str, default: str, known: set[str]) -> str:
    """One of the words in `known`, in any case of letters; given back as `known` writes it."""
    value = text(name, default)
    for word in known:
        if word.lower() == value.lower():
            return word
    raise Misconfigured(f"{name} is {value!r}, but it must be one of {', '.join(sorted(known))}.")


def time_zone(name: str, default: str) -> str:
    """The name of a time zone, such as Europe/Berlin."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Misconfigured(
            f"{name} is {value!r}, but it must name a time zone, such as Europe/Berlin."
        ) from None
    return value


def language(name: str, default: str) -> str:
    """The code of a language, such as en-gb, de or zh-hans, in small letters as Django has it."""
    value = text(name, default).lower().replace("_", "-")
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", value):
        raise Misconfigured(
            f"{name} is {value!r}, but it must be the code of a language, such as en-gb or de."
        )
    return value


def contact(name: str) -> str:
    """An address to write to, such as mailto:desk@news.example or https://news.example/contact."""
    value = text(name, "")
    if value and not re.fullmatch(r"mailto:[^\s@]+@[^\s@]+|https://\S+", value):
        raise Misconfigured(
            f"{name} is {value!r}, but it must begin with mailto: or https://, such as "
            f"mailto:desk@news.example."
        )
    return value


def web_address(name: str, default: str) -> str:
    """The scheme and host of a site, such as https://news.example, without a slash at the end."""
    value = text(name, default)
    try:
        parts = urlsplit(value)
        is_right = parts.scheme in ("http", "https") and bool(parts.hostname)
        # Reading the port is what refuses nonsense in its place.
        is_right = is_right and (parts.port is None or parts.port > 0)
    except ValueError:
        is_right = False
    if not is_right or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise Misconfigured(
            f"{name} is {value!r}, but it must be the site's address, such as https://news.example."
        )
    return value.rstrip("/")


def networks(name: str, default: list[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """A list of addresses (`192.0.2.7`) and networks (`10.0.0.0/8`)."""
    found = []
    for word in words(name, default):
        try:
            found.append(ipaddress.ip_network(word))
        except ValueError as error:
            raise Misconfigured(
                f"{name} contains {word!r}, but it must list addresses such as 127.0.0.1 "
                "or networks such as 10.0.0.0/8."
            ) from error
    return found


def path(name: str, default: str | Path) -> Path:
    """An absolute path. `~` is the home folder; relative ones count from the project's folder."""
    value = text(name, str(default))
    if "\0" in value:
        raise Misconfigured(f"{name} contains a character that no path can have.")
    return Path(os.path.abspath(PROJECT / Path(value).expanduser()))


def _within(name: str, number: int, minimum: int | None, maximum: int | None) -> int:
    """`number` itself, if it is not below `minimum` nor above `maximum`."""
    if minimum is not None and number < minimum:
        raise Misconfigured(f"{name} is {number}, but it must be at least {minimum}.")
    if maximum is not None and number > maximum:
        raise Misconfigured(f"{name} is {number}, but it must be at most {maximum}.")
    return number


# The secret


def secret_key(data_directory: Path) -> str:
    """The site's secret: SECRET_KEY, the content of SECRET_KEY_FILE, or one made on first start.

    The one that is made is kept in `data_directory`/secret_key, readable by its owner alone;
    processes that start at the same moment agree on one.
    """
    given = text("SECRET_KEY", "")
    file = text("SECRET_KEY_FILE", "")
    if given and file:
        raise Misconfigured("Both SECRET_KEY and SECRET_KEY_FILE are set; set only one of them.")
    if given:
        return _long_enough("SECRET_KEY", given)
    if file:
        return _secret_in(path("SECRET_KEY_FILE", file), "SECRET_KEY_FILE")
    kept = data_directory / "secret_key"
    if not kept.exists():
        _keep_new_secret(kept)
    return _secret_in(kept, "the kept secret")


def _secret_in(file: Path, name: str) -> str:
    """The secret that `file` holds."""
    try:
        content = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{name} cannot be read from {file}: {_reason(error)}.") from error
    return _long_enough(f"{name} in {file}", content)


def _long_enough(name: str, secret: str) -> str:
    """`secret` itself, unless it is too short to be one."""
    if len(secret) < SHORTEST_SECRET:
        raise Misconfigured(
            f"{name} has {len(secret)} characters, but a secret needs at least {SHORTEST_SECRET}."
        )
    return secret


def _keep_new_secret(kept: Path) -> None:
    """Make a secret and keep it in the file `kept`, unless another process was quicker."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        # The temporary file is private (0600) and complete before it gets its name, and a link
        # never replaces a name: of two processes one wins, and nobody ever reads half a secret.
        with tempfile.NamedTemporaryFile("w", dir=kept.parent, prefix="secret_key-") as draft:
            draft.write(secrets.token_urlsafe(48) + "\n")
            draft.flush()
            os.fsync(draft.fileno())
            os.link(draft.name, kept)
    except FileExistsError:
        pass
    except OSError as error:
        raise Misconfigured(
            f"The site's secret cannot be kept in {kept}: {_reason(error)}; "
            "set DATA_DIR to a folder that can be written to, or set SECRET_KEY."
        ) from error


def _reason(error: Exception) -> str:
    """Why reading or writing failed, in the system's words."""
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8 text"


# Addresses of services


def database(name: str, default: str | Path) -> dict[str, Any]:
    """One entry of Django's DATABASES, from an address.

    `sqlite:///var/site.sqlite3` (from the project's folder), `sqlite:////srv/site.sqlite3`
    (absolute), or `postgres://user:password@host:5432/name`; for a socket
    `postgres:///name?host=/run/postgresql`. What may follow the question mark is in
    SQLITE_CHOICES and POSTGRES_CHOICES. `default` may be the path of an SQLite file.
    """
    if isinstance(default, Path) and not text(name, ""):
        return _sqlite(name, str(default), {})
    address = _address(name, str(default))
    if address.scheme == "sqlite":
        return _sqlite(name, _file_of(name, address), _choices(name, address, SQLITE_CHOICES))
    if address.scheme in ("postgres", "postgresql"):
        return _postgres(name, address)
    raise Misconfigured(
        f"{name} begins with {address.scheme!r}, but it must begin with sqlite: or postgres:."
    )


SQLITE_CHOICES = {"timeout"}
POSTGRES_CHOICES = {
    *("host", "pool", "connect_timeout", "application_name", "target_session_attrs"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey"),
}

PREPARED = {"server_side_binding": True, "prepare_threshold": 3}
"""How psycopg prepares statements: what was asked three times on a connection."""

# WAL lets readers read while somebody writes. With synchronous=FULL each commit waits for the
# disk: with NORMAL, a power cut may take back commits that were already acknowledged to a reader
# or an editor. fullfsync is what macOS needs for the same; elsewhere it does nothing.
SQLITE_START = (
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; "
    "PRAGMA cache_size = -16000; PRAGMA journal_size_limit = 67108864"
)


def _sqlite(name: str, file: str, choices: dict[str, str]) -> dict[str, Any]:
    """Settings for the SQLite file, opened so that what was acknowledged is kept."""
    timeout = _number(name, "timeout", choices.get("timeout", "20"), 1, 600)
    # A transaction takes the write lock when it begins: one that read first and then wanted to
    # write would be refused at once, whatever the timeout, when another had written in between.
    options = {"timeout": timeout, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_START}
    if file == ":memory:":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": options}
    place = Path(os.path.abspath(PROJECT / Path(file).expanduser()))
    # Tests use a file too, so that what they prove about several threads holds for the real one;
    # each run its own, so that runs may overlap.
    tests = Path(tempfile.gettempdir()) / f"{place.stem}-test-{os.getpid()}.sqlite3"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(place),
        # Opening the file costs a millisecond, a hundred times an indexed look-up.
        "CONN_MAX_AGE": 600,
        "OPTIONS": options,
        "TEST": {"NAME": str(tests)},
    }


def _postgres(name: str, address: SplitResult) -> dict[str, Any]:
    """Settings for PostgreSQL by psycopg 3: with a pool of connections unless it says `pool=no`.

    A connection of the pool is this process's own, so the server keeps what it worked out for a
    statement that is asked again, and is then given the values alone: for small queries that is
    most of their time. Behind PgBouncer, where `pool=no` belongs, the next statement may meet
    another connection, which knows none of them.
    """
    choices = _choices(name, address, POSTGRES_CHOICES)
    database_name = unquote(address.path.removeprefix("/"))
    if not database_name or "/" in database_name:
        raise Misconfigured(f"{name} must end with the name of a database, as in …/onrecord.")
    pool = _pool(name, choices.pop("pool", "yes"))
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": choices.pop("host", "") or unquote(address.hostname or ""),
        "PORT": _port(name, address),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**choices, "pool": pool, **PREPARED} if pool else choices,
    }
    if not pool:
        settings["CONN_MAX_AGE"] = 60
    return settings


def _pool(name: str, choice: str) -> dict[str, int] | None:
    """The pool of each process: none for `no`, the usual one for `yes`, or at most a number."""
    if choice.lower() in NO:
        return None
    largest = 8 if choice.lower() in YES - {"1"} else _number(name, "pool", choice, 1, 1000)
    return {"min_size": 1, "max_size": largest, "timeout": 10}


def cache(name: str, default: str) -> dict[str, Any]:
    """One entry of Django's CACHES, from an address.

    `memory:` (each process its own), `database:` (a table of the site's database), `file:///folder`,
    `redis://host:6379/0` (needs the package redis), `none:`.
    """
    address = _address(name, default)
    if address.scheme == "memory":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if address.scheme == "none":
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    if address.scheme == "database":
        table = {"LOCATION": "cache"}
        return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", **table}
    if address.scheme == "file":
        folder = {"LOCATION": str(PROJECT / _file_of(name, address))}
        return {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", **folder}
    if address.scheme in ("redis", "rediss", "unix"):
        if find_spec("redis") is None:
            raise Misconfigured(f"{name} asks for Redis; install the package redis for that.")
        server = {"LOCATION": text(name, default)}
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", **server}
    raise Misconfigured(
        f"{name} begins with {address.scheme!r}, but it must begin with memory:, database:, "
        "file:, redis: or none:."
    )


def email(name: str, default: str) -> dict[str, Any]:
    """One entry of Django's MAILERS, from an address.

    `smtp://user:password@host:587` (turns to TLS, or refuses), `smtps://…` (TLS from the start),
    `smtp+plain://…` (never TLS: a relay on the same machine), `console:`, `file:///folder`,
    `memory:`, `none:`.
    """
    address = _address(name, default)
    backends = "django.core.mail.backends"
    plain = {"console": "console", "memory": "locmem", "none": "dummy"}
    if address.scheme in plain:
        return {"BACKEND": f"{backends}.{plain[address.scheme]}.EmailBackend"}
    if address.scheme == "file":
        folder = {"file_path": str(PROJECT / _file_of(name, address))}
        return {"BACKEND": f"{backends}.filebased.EmailBackend", "OPTIONS": folder}
    if address.scheme in SMTP_PORTS:
        return {"BACKEND": f"{backends}.smtp.EmailBackend", "OPTIONS": _smtp(name, address)}
    raise Misconfigured(
        f"{name} begins with {address.scheme!r}, but it must begin with smtp:, smtps:, "
        "smtp+plain:, console:, file:, memory: or none:."
    )


SMTP_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


def _smtp(name: str, address: SplitResult) -> dict[str, Any]:
    """Options of Django's SMTP mailer."""
    if not address.hostname:
        raise Misconfigured(f"{name} names no host, as in smtp://user:password@mail.example:587.")
    return {
        "host": address.hostname,
        "port": int(_port(name, address) or SMTP_PORTS[address.scheme]),
        "username": unquote(address.username or ""),
        "password": unquote(address.password or ""),
        "use_tls": address.scheme == "smtp",
        "use_ssl": address.scheme == "smtps",
        "timeout": 20,
    }


# What the readers of addresses share


def _address(name: str, default: str) -> SplitResult:
    """The address, taken apart."""
    try:
        address = urlsplit(text(name, default))
    except ValueError:
        # Not with the reason, nor as its consequence: it would repeat the password.
        raise Misconfigured(f"{name} is not an address that can be read.") from None
    if not address.scheme:
        raise Misconfigured(
            f"{name} must be an address that begins with what it is, as in sqlite:."
        )
    if address.fragment:
        raise Misconfigured(f"{name} contains a “#”; write it as %23.")
    return address


def _port(name: str, address: SplitResult) -> str:
    """The port as text; empty when none is given."""
    try:
        return str(address.port or "")
    except ValueError as error:
        raise Misconfigured(f"{name} has a port that is not a number from 1 to 65535.") from error


def _file_of(name: str, address: SplitResult) -> str:
    """The path in `sqlite:///relative`, `file:////absolute`, or `:memory:`."""
    if address.netloc == ":memory:" or address.path == ":memory:":
        return ":memory:"
    if address.netloc or not address.path.startswith("/") or address.path == "/":
        raise Misconfigured(
            f"{name} must have three slashes before a path in the project's folder, as in "
            f"{address.scheme}:///var/name, or four before an absolute one."
        )
    return unquote(address.path.removeprefix("/"))


def _choices(name: str, address: SplitResult, known: set[str]) -> dict[str, str]:
    """What follows the question mark; nothing that is not known, and nothing twice."""
    pairs = parse_qsl(address.query, keep_blank_values=True)
    for key, _ in pairs:
        if key not in known:
            raise Misconfigured(
                f"{name} has the choice {key!r}, but it may only have {', '.join(sorted(known))}."
            )
    if len(dict(pairs)) < len(pairs):
        raise Misconfigured(f"{name} gives the same choice twice.")
    return dict(pairs)


def _number(name: str, choice: str, value: str, minimum: int, maximum: int) -> int:
    """The whole number that a choice after the question mark gives."""
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise Misconfigured(f"{name} has {choice}={value!r}, but it must be a whole number.")
    return _within(f"{choice} in {name}", int(value), minimum, maximum)
