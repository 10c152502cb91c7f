"""What the environment may say, and the sentence with which nonsense is refused."""

import multiprocessing
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from config import env


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHOICE", "SECRET_KEY", "SECRET_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)


def refusal(read: Callable[..., object], *arguments: object, **options: object) -> str:
    """The sentence with which the reader refuses what CHOICE holds."""
    with pytest.raises(env.Misconfigured) as refused:
        read("CHOICE", *arguments, **options)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "CHOICE" in sentence
    return sentence


# Plain values


def test_what_is_not_set_or_set_to_nothing_is_the_default(monkeypatch):
    assert env.text("CHOICE", "as before") == "as before"
    monkeypatch.setenv("CHOICE", " ")
    assert env.text("CHOICE", "as before") == "as before"
    assert env.boolean("CHOICE", True) is True
    assert env.integer("CHOICE", 7) == 7
    assert env.words("CHOICE", ["one"]) == ["one"]


@pytest.mark.parametrize("said", ["yes", "True", "ON", "1"])
def test_a_yes_may_be_said_in_several_ways(monkeypatch, said):
    monkeypatch.setenv("CHOICE", said)
    assert env.boolean("CHOICE", False) is True


@pytest.mark.parametrize("said", ["no", "False", "OFF", "0"])
def test_a_no_may_be_said_in_several_ways(monkeypatch, said):
    monkeypatch.setenv("CHOICE", said)
    assert env.boolean("CHOICE", True) is False


def test_what_is_neither_yes_nor_no_is_refused(monkeypatch):
    monkeypatch.setenv("CHOICE", "maybe")
    assert refusal(env.boolean, True) == "CHOICE is 'maybe', but it must be “yes” or “no”."


@pytest.mark.parametrize("said", ["8O", "1.5", "1e3", "0x10", "١٢", "9" * 30])
def test_what_is_not_a_whole_number_is_refused(monkeypatch, said):
    monkeypatch.setenv("CHOICE", said)
    assert "must be a whole number" in refusal(env.integer, 1)


def test_numbers_keep_within_their_bounds(monkeypatch):
    monkeypatch.setenv("CHOICE", "65535")
    assert env.integer("CHOICE", 1, minimum=1, maximum=65535) == 65535
    monkeypatch.setenv("CHOICE", "65536")
    assert "at most 65535" in refusal(env.integer, 1, minimum=1, maximum=65535)
    monkeypatch.setenv("CHOICE", "0")
    assert "at least 1" in refusal(env.integer, 1, minimum=1, maximum=65535)


def test_words_are_separated_by_commas_or_spaces(monkeypatch):
    monkeypatch.setenv("CHOICE", "example.org, www.example.org  news.example.org,")
    assert env.words("CHOICE", []) == ["example.org", "www.example.org", "news.example.org"]


def test_a_choice_is_one_of_the_words_that_are_known(monkeypatch):
    levels = {"INFO", "WARNING"}
    assert env.choice("CHOICE", "WARNING", levels) == "WARNING"
    monkeypatch.setenv("CHOICE", "info")
    assert env.choice("CHOICE", "WARNING", levels) == "INFO"
    monkeypatch.setenv("CHOICE", "loud")
    assert refusal(env.choice, "WARNING", levels).endswith("one of INFO, WARNING.")


def test_a_time_zone_must_exist(monkeypatch):
    assert env.time_zone("CHOICE", "UTC") == "UTC"
    monkeypatch.setenv("CHOICE", "Europe/Berlin")
    assert env.time_zone("CHOICE", "UTC") == "Europe/Berlin"
    for nowhere in ("Mars/Olympus", "../../etc/passwd", "Europe"):
        monkeypatch.setenv("CHOICE", nowhere)
        assert "must name a time zone" in refusal(env.time_zone, "UTC")


def test_networks_are_addresses_with_or_without_a_width(monkeypatch):
    monkeypatch.setenv("CHOICE", "127.0.0.1 10.0.0.0/8 ::1")
    assert [str(network) for network in env.networks("CHOICE", [])] == [
        "127.0.0.1/32",
        "10.0.0.0/8",
        "::1/128",
    ]
    monkeypatch.setenv("CHOICE", "proxy.example.org")
    assert "'proxy.example.org'" in refusal(env.networks, [])


def test_relative_paths_count_from_the_project_wherever_a_command_starts(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert env.path("CHOICE", "var") == env.PROJECT / "var"
    monkeypatch.setenv("CHOICE", str(tmp_path / "data" / ".." / "elsewhere"))
    assert env.path("CHOICE", "var") == tmp_path / "elsewhere"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CHOICE", "~/data")
    assert env.path("CHOICE", "var") == tmp_path / "data"


# The secret


def test_a_secret_is_made_once_and_kept_for_its_owner_alone(tmp_path):
    made = env.secret_key(tmp_path / "var")
    assert len(made) >= env.SHORTEST_SECRET
    assert env.secret_key(tmp_path / "var") == made
    kept = tmp_path / "var" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [file.name for file in kept.parent.iterdir()] == ["secret_key"]


def test_another_data_directory_has_another_secret(tmp_path):
    assert env.secret_key(tmp_path / "one") != env.secret_key(tmp_path / "two")


def test_processes_that_start_at_once_agree_on_one_secret(tmp_path):
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(env.secret_key, [tmp_path / "var"] * 16, chunksize=1))) == 1


def test_a_given_secret_is_used_and_none_is_made(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "k" * 50)
    assert env.secret_key(tmp_path / "var") == "k" * 50
    assert not (tmp_path / "var").exists()


def test_a_secret_may_be_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("f" * 50 + "\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "secret"))
    assert env.secret_key(tmp_path / "var") == "f" * 50


def test_two_secrets_are_one_too_many(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "k" * 50)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "secret"))
    with pytest.raises(env.Misconfigured, match="Both SECRET_KEY and SECRET_KEY_FILE are set"):
        env.secret_key(tmp_path)


def test_a_short_secret_is_refused_without_repeating_it(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "changeme")
    with pytest.raises(env.Misconfigured, match="8 characters") as refused:
        env.secret_key(tmp_path)
    assert "changeme" not in str(refused.value)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe" * 40])
def test_a_secret_file_that_holds_none_is_refused(monkeypatch, tmp_path, content):
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "secret"))
    with pytest.raises(env.Misconfigured, match="SECRET_KEY_FILE"):
        env.secret_key(tmp_path)


def test_a_data_directory_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(env.Misconfigured, match="set DATA_DIR"):
        env.secret_key(tmp_path / "file" / "var")


# The database


def test_the_default_database_may_be_any_path(tmp_path):
    odd = tmp_path / "50% of #1?" / "site.sqlite3"
    assert env.database("CHOICE", odd)["NAME"] == str(odd)


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("sqlite:///var/site.sqlite3", env.PROJECT / "var/site.sqlite3"),
        ("sqlite:////srv/site.sqlite3", Path("/srv/site.sqlite3")),
        ("sqlite:////srv/my%20site.sqlite3", Path("/srv/my site.sqlite3")),
    ],
)
def test_sqlite_is_named_by_its_path(monkeypatch, address, path):
    monkeypatch.setenv("CHOICE", address)
    assert env.database("CHOICE", "unused:")["NAME"] == str(path)


def test_sqlite_loses_nothing_that_was_acknowledged(tmp_path):
    options = env.database("CHOICE", tmp_path / "site.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode = WAL" in options["init_command"]
    assert "synchronous = FULL" in options["init_command"]
    assert options["timeout"] == 20


def test_sqlite_waits_as_long_as_it_is_told(monkeypatch):
    monkeypatch.setenv("CHOICE", "sqlite:///var/site.sqlite3?timeout=60")
    assert env.database("CHOICE", "unused:")["OPTIONS"]["timeout"] == 60


def test_postgres_is_named_by_an_address(monkeypatch):
    monkeypatch.setenv("CHOICE", "postgres://desk:p%40ss%2Fword@db.example:5433/onrecord")
    database = env.database("CHOICE", "unused:")
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["USER"], database["PASSWORD"]) == ("desk", "p@ss/word")
    assert (database["HOST"], database["PORT"]) == ("db.example", "5433")
    assert database["NAME"] == "onrecord"


def test_postgres_may_be_reached_by_its_socket(monkeypatch):
    monkeypatch.setenv("CHOICE", "postgresql:///onrecord?host=/run/postgresql")
    database = env.database("CHOICE", "unused:")
    assert (database["HOST"], database["PORT"], database["USER"]) == ("/run/postgresql", "", "")


@pytest.mark.parametrize(
    ("choice", "largest"), [("", 8), ("?pool=yes", 8), ("?pool=20", 20), ("?pool=1", 1)]
)
def test_postgres_connections_are_kept_in_a_pool(monkeypatch, choice, largest):
    monkeypatch.setenv("CHOICE", f"postgres://db.example/onrecord{choice}")
    assert env.database("CHOICE", "unused:")["OPTIONS"]["pool"]["max_size"] == largest


def test_postgres_keeps_statements_that_are_asked_again(monkeypatch):
    monkeypatch.setenv("CHOICE", "postgres://db.example/onrecord")
    options = env.database("CHOICE", "unused:")["OPTIONS"]
    assert (options["server_side_binding"], options["prepare_threshold"]) == (True, 3)


def test_postgres_does_without_a_pool_if_told_and_keeps_no_statement_then(monkeypatch):
    monkeypatch.setenv("CHOICE", "postgres://db.example/onrecord?pool=no&sslmode=require")
    assert env.database("CHOICE", "unused:")["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("mysql://db.example/onrecord", "'mysql'"),
        ("var/site.sqlite3", "must be an address"),
        ("sqlite://var/site.sqlite3", "three slashes"),
        ("sqlite:///", "three slashes"),
        ("sqlite:///site.sqlite3#1", "%23"),
        ("sqlite:///site.sqlite3?timeout=long", "timeout"),
        ("sqlite:///site.sqlite3?timeout=1&timeout=2", "twice"),
        ("sqlite:///site.sqlite3?sslmode=require", "'sslmode'"),
        ("postgres://db.example", "name of a database"),
        ("postgres://db.example/on/record", "name of a database"),
        ("postgres://db.example:70000/onrecord", "port"),
        ("postgres://db.example:http/onrecord", "port"),
        ("postgres://[db.example/onrecord", "can be read"),
        ("postgres://db.example/onrecord?pool=many", "pool"),
        ("postgres://db.example/onrecord?pool=9999", "at most 1000"),
        ("postgres://db.example/onrecord?sslmod=require", "'sslmod'"),
    ],
)
def test_a_database_that_cannot_be_meant_is_refused(monkeypatch, address, part):
    monkeypatch.setenv("CHOICE", address)
    assert part in refusal(env.database, "unused:")


@pytest.mark.parametrize("path", ["", "/on/record", ":bad/onrecord", "℀/onrecord"])
def test_a_refusal_never_repeats_a_password(monkeypatch, path):
    monkeypatch.setenv("CHOICE", f"postgres://desk:geheim@db.example{path}")
    assert "geheim" not in refusal(env.database, "unused:")


# The site's own address


@pytest.mark.parametrize("address", ["https://news.example", "http://127.0.0.1:8000/"])
def test_the_sites_address_is_its_scheme_and_host(monkeypatch, address):
    monkeypatch.setenv("CHOICE", address)
    assert env.web_address("CHOICE", "unused") == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    ["news.example", "ftp://news.example", "https://", "https://news.example/desk",
     "https://news.example:port", "https://news.example/?a=1"],
)  # fmt: skip
def test_what_is_no_address_of_a_site_is_refused(monkeypatch, address):
    monkeypatch.setenv("CHOICE", address)
    with pytest.raises(env.Misconfigured, match="it must be the site's address"):
        env.web_address("CHOICE", "unused")


@pytest.mark.parametrize("given", ["", "mailto:desk@news.example", "https://news.example/holes"])
def test_whom_to_write_to_is_a_mail_or_web_address(monkeypatch, given):
    monkeypatch.setenv("CHOICE", given)
    assert env.contact("CHOICE") == given


@pytest.mark.parametrize(
    "given", ["desk@news.example", "mailto:desk", "http://news.example", "https://a b"]
)
def test_other_words_are_refused_as_a_contact(monkeypatch, given):
    monkeypatch.setenv("CHOICE", given)
    with pytest.raises(env.Misconfigured, match="it must begin with mailto: or https://"):
        env.contact("CHOICE")


# Cache and e-mail


@pytest.mark.parametrize(
    ("address", "backend"),
    [
        ("memory:", "locmem.LocMemCache"),
        ("database:", "db.DatabaseCache"),
        ("file:////srv/cache", "filebased.FileBasedCache"),
        ("none:", "dummy.DummyCache"),
    ],
)
def test_caches_are_chosen_by_address(monkeypatch, address, backend):
    monkeypatch.setenv("CHOICE", address)
    assert env.cache("CHOICE", "unused:")["BACKEND"].endswith(backend)


def test_redis_is_used_where_its_package_is_installed(monkeypatch):
    monkeypatch.setenv("CHOICE", "redis://cache.example:6379/0")
    monkeypatch.setattr(env, "find_spec", lambda name: object())
    assert env.cache("CHOICE", "unused:")["LOCATION"] == "redis://cache.example:6379/0"
    monkeypatch.setattr(env, "find_spec", lambda name: None)
    assert "install the package redis" in refusal(env.cache, "unused:")


def test_an_unknown_cache_is_refused(monkeypatch):
    monkeypatch.setenv("CHOICE", "memcached://cache.example")
    assert "'memcached'" in refusal(env.cache, "unused:")


@pytest.mark.parametrize(
    ("address", "port", "use_tls", "use_ssl"),
    [
        ("smtp://mail.example", 587, True, False),
        ("smtp://mail.example:2525", 2525, True, False),
        ("smtps://mail.example", 465, False, True),
        ("smtp+plain://localhost", 25, False, False),
    ],
)
def test_mail_goes_out_as_the_address_says(monkeypatch, address, port, use_tls, use_ssl):
    monkeypatch.setenv("CHOICE", address)
    options = env.email("CHOICE", "unused:")["OPTIONS"]
    assert (options["port"], options["use_tls"], options["use_ssl"]) == (port, use_tls, use_ssl)


def test_mail_may_need_a_name_and_a_password(monkeypatch):
    monkeypatch.setenv("CHOICE", "smtp://desk%40news.example:p%3Aw@mail.example")
    options = env.email("CHOICE", "unused:")["OPTIONS"]
    assert (options["username"], options["password"]) == ("desk@news.example", "p:w")
    assert options["host"] == "mail.example"


@pytest.mark.parametrize(
    ("address", "backend"),
    [
        ("console:", "console"),
        ("memory:", "locmem"),
        ("none:", "dummy"),
        ("file:////srv/mail", "filebased"),
    ],
)
def test_mail_may_stay_on_the_machine(monkeypatch, address, backend):
    monkeypatch.setenv("CHOICE", address)
    assert env.email("CHOICE", "unused:")["BACKEND"].split(".")[-2] == backend


def test_mail_that_cannot_be_sent_is_refused(monkeypatch):
    monkeypatch.setenv("CHOICE", "smtp://")
    assert "names no host" in refusal(env.email, "unused:")
    monkeypatch.setenv("CHOICE", "pigeon://loft")
    assert "'pigeon'" in refusal(env.email, "unused:")


def test_a_language_is_read_as_people_write_its_code(monkeypatch):
    assert env.language("CHOICE", "en-gb") == "en-gb"
    for typed, code in (("de", "de"), ("pt_BR", "pt-br"), ("zh-Hans", "zh-hans")):
        monkeypatch.setenv("CHOICE", typed)
        assert env.language("CHOICE", "en-gb") == code


@pytest.mark.parametrize("typed", ["German", "d", "de;fr", "../de", "de-"])
def test_what_is_no_code_of_a_language_is_refused(monkeypatch, typed):
    monkeypatch.setenv("CHOICE", typed)
    assert "such as en-gb" in refusal(env.language, "en-gb")
