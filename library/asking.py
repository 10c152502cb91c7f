"""Asking whether an address on the web still answers, within strict limits.

Only the background worker calls this. An address is what an editor typed, so it
may lead anywhere: nothing but http and https on their own ports is asked, and
nothing inside our own networks. Each host is looked up once and the connection
goes to the very address that was looked at, so a name cannot point elsewhere a
moment later; every redirect is looked at in the same way.
"""

import contextlib
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Timer
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SECONDS_TO_WAIT = 10
"""For each step: looking the host up apart, connecting, and each piece of the answer."""
SECONDS_IN_ALL = 20
"""For one request, whatever a server does to keep us."""
MOST_REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
GONE = {404, 410}
REDIRECTS = {301, 302, 303, 307, 308}


class Outcome(TextChoices):
    """What asking an address came to."""

    WORKS = "works", _("Answers")
    GONE = "gone", _("Not found")
    NO_ANSWER = "no-answer", _("No answer")
    NOT_ASKED = "not-asked", _("Not asked: not on the public web")


class NotPublic(Exception):
    """The address is none that may be asked."""


@dataclass(frozen=True, slots=True)
class Place:
    """A host's address as the network knows it."""

    family: int
    address: str
    port: int


MayConnect = Callable[[Place], bool]


def is_public(place: Place) -> bool:
    """Is it an address of the public internet, on a port where the web is served?"""
    found = ipaddress.ip_address(place.address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return found.is_global and not found.is_multicast and place.port in PORTS.values()


def ask(url: str, *, may_connect: MayConnect = is_public) -> Outcome:
    """Return whether something answers at ``url``. Never raises for what a server does.

    HEAD first; GET where the server does not like HEAD, whose body is not read at all.
    A page behind a login or a wall answers too: only 404 and 410 are gone.
    ``may_connect`` says which places of the network may be connected to.
    """
    try:
        status = _status(url, "HEAD", may_connect)
        if status >= 400:
            status = _status(url, "GET", may_connect)
    except NotPublic:
        return Outcome.NOT_ASKED
    except (OSError, HTTPException, ValueError):
        return Outcome.NO_ANSWER
    if status in GONE:
        return Outcome.GONE
    return Outcome.NO_ANSWER if status >= 500 else Outcome.WORKS


def _status(url: str, method: str, may_connect: MayConnect) -> int:
    """Return the status at the end of the redirects."""
    for _step in range(MOST_REDIRECTS + 1):
        status, location = _ask_once(_readable(url), method, may_connect)
        if status not in REDIRECTS or not location:
            return status
        url = urljoin(url, location)
    raise HTTPException("too many redirects")


def _readable(url: str) -> SplitResult:
    """Return the parts of an address that may be asked; raises ``NotPublic`` for any other."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        raise NotPublic
    return parts


def _ask_once(parts: SplitResult, method: str, may_connect: MayConnect) -> tuple[int, str | None]:
    """Return the status of one answer, and where it redirects to."""
    host = str(parts.hostname).encode("idna").decode()
    port = parts.port or PORTS[parts.scheme]
    connection = HTTPConnection(host, port, timeout=SECONDS_TO_WAIT)
    connection.sock = _connected(host, port, parts.scheme, may_connect)
    # A server that sends a letter every nine seconds would keep us for ever.
    watch = Timer(SECONDS_IN_ALL, _hang_up, [connection.sock])
    watch.daemon = True
    watch.start()
    try:
        headers = {"User-Agent": user_agent(), "Accept": "*/*", "Connection": "close"}
        connection.request(method, _target(parts), headers=headers)
        answer: HTTPResponse = connection.getresponse()
        return answer.status, answer.getheader("Location")
    finally:
        watch.cancel()
        connection.close()


def _connected(host: str, port: int, scheme: str, may_connect: MayConnect) -> socket.socket:
    """Return a connection to the host, every one of whose addresses may be connected to."""
    places = _places(host, port)
    if not all(may_connect(place) for place in places):
        raise NotPublic
    sock = socket.create_connection((places[0].address, port), timeout=SECONDS_TO_WAIT)
    if scheme == "http":
        return sock
    try:
        context = ssl.create_default_context()
        return context.wrap_socket(sock, server_hostname=host)
    except OSError:
        sock.close()
        raise


def _places(host: str, port: int) -> list[Place]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [Place(family, address[0], address[1]) for family, *_rest, address in found]


def _hang_up(sock: socket.socket) -> None:
    # It may have ended meanwhile.
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _target(parts: SplitResult) -> str:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # What is not allowed in a request line is written as browsers write it.
    return "".join(
        one if "!" <= one <= "~" else "".join(f"%{byte:02X}" for byte in one.encode())
        for one in path
    )


def user_agent() -> str:
    """Return how we introduce ourselves, so that a server's people know who asks, and why."""
    name = "".join(one for one in settings.SITE_NAME if one.isascii() and one.isalnum())
    return f"{name or 'OnRecord'}-SourceCheck/1 (looks weekly whether cited sources still answer)"
