"""What readers' forms accept and refuse before a view is asked, whatever the form is about."""

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import RequestFactory

from comments.models import Comment
from publishing import readers
from tests import build

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/open/comments/"
FORM = {"name": "Anna", "body": "Words that must not be lost."}
URLENCODED = "application/x-www-form-urlencoded"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def article():
    return build.published_article("open")


def is_kept():
    return Comment.objects.exists()


# Where it comes from


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_form_of_our_own_page_is_taken(client, site):
    response = client.post(ADDRESS, FORM, headers={"Sec-Fetch-Site": site})

    assert response.status_code == 303
    assert is_kept()


@pytest.mark.parametrize("site", ["cross-site", "same-site", "something-new", ""])
def test_a_form_of_another_site_is_refused_and_its_words_given_back(client, site):
    response = client.post(ADDRESS, FORM, headers={"Sec-Fetch-Site": site})

    assert response.status_code == 403
    assert "sent from another site" in response.text
    assert FORM["body"] in response.text
    assert response["Cache-Control"] == "no-store"
    assert not is_kept()


def test_what_the_browser_says_of_the_site_counts_more_than_the_origin(client):
    ours = client.post(ADDRESS, FORM, headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"})
    theirs = client.post(
        ADDRESS, FORM, headers={"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}
    )

    assert (ours.status_code, theirs.status_code) == (303, 403)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://testserver", 303),
        ("https://testserver", 403),
        ("http://testserver.evil.example", 403),
        ("http://testserver:8000", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_an_older_browser_is_judged_by_its_origin(client, origin, status):
    assert client.post(ADDRESS, FORM, headers={"Origin": origin}).status_code == status


def test_what_says_nothing_of_its_origin_is_no_browser_and_is_taken(client):
    assert client.post(ADDRESS, FORM).status_code == 303


def test_no_token_and_no_cookie_is_asked_for_or_given(client):
    client.handler.enforce_csrf_checks = True

    response = client.post(ADDRESS, FORM)

    assert response.status_code == 303
    assert not response.cookies


# Who it is


def browser(agent, address="203.0.113.7", at=NOON):
    request = RequestFactory().get("/", REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    return readers.browser_of(request, at)


def test_browsers_of_one_network_are_told_apart_and_known_again():
    assert browser("One") == browser("One", address="203.0.113.99")
    assert browser("One") != browser("Other")
    assert browser("One") != browser("One", address="198.51.100.7")


def test_a_browser_looks_like_another_after_thirty_days():
    assert browser("One") != browser("One", at=NOON + timedelta(days=30))


def test_a_browser_without_a_name_is_known_by_its_network():
    assert len(browser("")) == 64


# How large it is


def test_a_request_of_more_than_64_kb_is_refused_unread(client):
    response = client.post(ADDRESS, {**FORM, "body": "x" * 65_536})

    assert response.status_code == 413
    assert "64 KB" in response.text
    assert response["Cache-Control"] == "no-store"
    assert not is_kept()


def test_a_request_is_refused_by_what_it_says_of_its_length_before_it_is_read():
    class Unread:
        def read(self, *args):
            raise AssertionError("It was read.")

    request = RequestFactory().post(ADDRESS, b"", content_type=URLENCODED)
    request.META["CONTENT_LENGTH"] = "65537"
    request._stream = Unread()

    with pytest.raises(readers.Refusal) as refused:
        readers.refuse_too_large(request)

    assert refused.value.status == 413


def test_a_request_is_refused_by_what_was_read_whatever_it_says():
    request = RequestFactory().post(ADDRESS, b"x" * 65_537, content_type=URLENCODED)
    request.META["CONTENT_LENGTH"] = "5"

    with pytest.raises(readers.Refusal) as refused:
        readers.refuse_too_large(request)

    assert refused.value.status == 413


def test_the_longest_comment_in_the_most_wasteful_letters_is_not_too_large(client):
    response = client.post(ADDRESS, {**FORM, "body": "文" * 5_000})

    assert response.status_code == 303
    assert Comment.objects.get().body == "文" * 5_000


# How it is written


@pytest.mark.parametrize(
    "body",
    [
        b"name=Anna&body=\xff\xfe",
        b"name=Anna&body=%FF%FE",
        b"name=Anna&body=%C3",
        b"name=Anna&body=%ED%A0%80",
        "name=Anna&body=Grüße".encode("latin-1"),
    ],
)
def test_letters_that_are_not_utf_8_are_refused(client, body):
    response = client.generic("POST", ADDRESS, body, content_type=URLENCODED)

    assert response.status_code == 400
    assert "broken encoding" in response.text
    assert not is_kept()


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "klingon", "utf-8-sig", "rot13"])
def test_another_or_an_unknown_charset_is_refused(client, charset):
    response = client.generic(
        "POST", ADDRESS, b"name=Anna&body=Words", content_type=f"{URLENCODED}; charset={charset}"
    )

    assert response.status_code == 400
    assert not is_kept()


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_utf_8_may_be_said_in_any_way(client, charset):
    response = client.generic(
        "POST", ADDRESS, b"name=Anna&body=Words", content_type=f"{URLENCODED}; charset={charset}"
    )

    assert response.status_code == 303


MULTIPART = "multipart/form-data; boundary=here"


def multipart(value: bytes, headers: bytes = b"") -> bytes:
    name = b'--here\r\nContent-Disposition: form-data; name="name"\r\n\r\nAnna\r\n'
    body = b'--here\r\nContent-Disposition: form-data; name="body"\r\n' + headers + b"\r\n"
    return name + body + value + b"\r\n--here--\r\n"


def test_a_form_in_several_parts_is_read_too(client):
    response = client.generic("POST", ADDRESS, multipart("Grüße".encode()), MULTIPART)

    assert response.status_code == 303
    assert Comment.objects.get().body == "Grüße"


@pytest.mark.parametrize(
    "body",
    [
        multipart(b"\xff\xfe"),
        multipart(b"//79", b"Content-Transfer-Encoding: base64\r\n"),
        b"no parts at all",
        multipart(b"PNG", b"Content-Type: image/png\r\n").replace(
            b'name="body"', b'name="body"; filename="x.png"'
        ),
    ],
)
def test_broken_parts_and_files_are_refused(client, body):
    response = client.generic("POST", ADDRESS, body, MULTIPART)

    assert response.status_code == 400
    assert not is_kept()


def test_a_boundary_that_is_none_is_refused(client):
    response = client.generic("POST", ADDRESS, multipart(b"x"), "multipart/form-data")

    assert response.status_code == 400


def test_a_mark_of_replacement_that_was_typed_is_no_fault(client):
    body = b"name=Anna&body=%EF%BF%BD stays"

    response = client.generic("POST", ADDRESS, body, content_type=URLENCODED)

    assert response.status_code == 303
    assert Comment.objects.get().body == "\N{REPLACEMENT CHARACTER} stays"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/octet-stream"])
def test_what_is_no_form_is_refused(client, kind):
    response = client.generic("POST", ADDRESS, b'{"name": "Anna"}', content_type=kind)

    assert response.status_code == 400


def test_a_request_without_its_length_is_not_taken_for_an_empty_one(client):
    response = client.generic(
        "POST", ADDRESS, b"", content_type=URLENCODED, headers={"Transfer-Encoding": "chunked"}
    )

    assert response.status_code == 400


def test_too_many_fields_are_refused(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    body = "&".join(f"a{n}=1" for n in range(11))

    response = client.generic("POST", ADDRESS, body, content_type=URLENCODED)

    assert response.status_code == 400


def test_an_empty_request_is_an_empty_form(client):
    response = client.generic("POST", ADDRESS, b"")

    assert response.status_code == 422


# How it is answered


def test_the_page_of_a_form_answers_get_and_head_and_no_other_method(client):
    assert client.get(ADDRESS).status_code == 200
    head = client.head(ADDRESS)
    assert (head.status_code, head.content) == (200, b"")
    for method in ("put", "patch", "delete", "options", "trace"):
        response = getattr(client, method)(ADDRESS)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, POST"


def test_no_answer_to_a_form_may_be_stored(client):
    taken = client.post(ADDRESS, FORM)
    refused = client.post(ADDRESS, {})
    unknown = client.post("/articles/nowhere/comments/", FORM)

    for response in (taken, refused, unknown):
        assert response["Cache-Control"] == "no-store"


def test_what_was_typed_is_given_back_where_there_is_no_such_page(client):
    response = client.post("/articles/nowhere/comments/", FORM)

    assert response.status_code == 404
    assert FORM["body"] in response.text


def test_a_refusal_is_data_for_a_script_that_asks_for_it(client):
    response = client.post(
        ADDRESS, FORM, headers={"Accept": "application/json", "Sec-Fetch-Site": "cross-site"}
    )

    assert response.status_code == 403
    assert "another site" in response.json()["error"]


# Whose network it is


def network(remote="203.0.113.7", forwarded=None, at=NOON, **extra):
    meta = {"REMOTE_ADDR": remote, **extra}
    if forwarded is not None:
        meta["HTTP_X_FORWARDED_FOR"] = forwarded
    return readers.network_of(RequestFactory().get("/", **meta), at)


@pytest.fixture
def proxies(settings):
    settings.TRUSTED_PROXIES = [
        ipaddress.ip_network("10.0.0.0/8"),
        ipaddress.ip_network("fd00::/8"),
    ]


def test_a_network_is_known_by_a_hash_that_does_not_tell_it():
    hashed = network()

    assert len(hashed) == 64
    assert "203" not in hashed[:3]


def test_a_reader_may_have_every_address_of_a_network():
    assert network("203.0.113.7") == network("203.0.113.255")
    assert network("203.0.113.7") != network("203.0.114.7")
    assert network("2001:db8:1:2::7") == network("2001:db8:1:2:ffff::1")
    assert network("2001:db8:1:2::7") != network("2001:db8:1:3::7")


def test_an_ipv4_address_written_as_ipv6_is_the_same_network():
    assert network("::ffff:203.0.113.7") == network("203.0.113.9")


def test_the_same_network_looks_like_another_with_another_secret(settings):
    before = network()
    settings.SECRET_KEY = "another secret of at least thirty-two characters"

    assert network() != before


def test_the_same_network_looks_like_another_after_thirty_days():
    assert network(at=NOON) == network(at=NOON + timedelta(hours=1))
    assert network(at=NOON) != network(at=NOON + timedelta(days=30))


def test_nobody_may_say_whose_request_they_forward_unless_we_trust_them():
    assert network("203.0.113.7", forwarded="198.51.100.1") == network("203.0.113.7")


def test_a_trusted_proxy_says_whose_request_it_forwards(proxies):
    assert network("10.0.0.1", forwarded="198.51.100.1") == network("198.51.100.1")
    assert network("fd00::1", forwarded="198.51.100.1") == network("198.51.100.1")


def test_what_a_reader_put_into_the_header_is_hearsay(proxies):
    said = "192.0.2.66, 198.51.100.1, 10.0.0.2"

    assert network("10.0.0.1", forwarded=said) == network("198.51.100.1")


def test_a_header_that_makes_no_sense_leaves_the_nearest_address(proxies):
    assert network("10.0.0.1", forwarded="nonsense") == network("10.0.0.1")
    assert network("10.0.0.1", forwarded="") == network("10.0.0.1")


def test_a_request_without_an_address_has_a_network_too():
    assert network("") == network("unix:")


# How often


def test_there_is_room_again_when_the_oldest_of_the_last_ones_is_old_enough(article):
    for minutes in (0, 1, 2):
        build.comment(article, created_at=NOON + timedelta(minutes=minutes))

    def room(minutes, most=3):
        return readers.seconds_until_room(
            Comment.objects.all(),
            most=most,
            within=timedelta(minutes=10),
            at=NOON + timedelta(minutes=minutes),
        )

    assert room(3) == 7 * 60
    assert room(3, most=4) == 0
    assert room(3, most=2) == 8 * 60
    assert room(9.999) == 1
    assert room(10) == 0


@time_machine.travel(NOON, tick=False)
def test_clocks_of_the_future_leave_no_room_for_longer_than_they_are_ahead(article):
    build.comment(article, created_at=NOON + timedelta(seconds=30))

    wait = readers.seconds_until_room(
        Comment.objects.all(), most=1, within=timedelta(minutes=10), at=NOON
    )

    assert wait == 630
