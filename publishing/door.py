"""The WSGI door: kept pages are answered here, before Django's handler.

The same ``kept_answer`` runs inside Django (``KeptPagesMiddleware``); here it
saves the handler, the middleware and the signals, which together cost several
times the one statement that proves the page still right.
"""

import http
import ipaddress
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from publishing.pages import FORWARDED_PROTO, Headers, kept_answer

logger = logging.getLogger(__name__)

StartResponse = Callable[[str, Headers], Any]
_STATUS_LINES = {code.value: f"{code.value} {code.phrase}" for code in http.HTTPStatus}


class Door:
    """Wraps a WSGI application; hosts are safe here, as only pages Django made are kept."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if FORWARDED_PROTO in environ:
            _forget_hearsay(environ)
        if settings.PAGE_CACHE and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            found = self._look(environ)
            if found:
                status, headers, body = found
                start_response(_STATUS_LINES[status], headers)
                return [body]
        return self.application(environ, start_response)

    def _look(self, environ: dict[str, Any]) -> tuple[int, Headers, bytes] | None:
        """Ask twice: a connection that the database has closed is found out by the first try."""
        for _ in range(2):
            try:
                return kept_answer(environ)
            except (DatabaseError, InterfaceError):
                logger.info("A connection was unusable at the door.", exc_info=True)
                connection.close()
        return None


def _forget_hearsay(environ: dict[str, Any]) -> None:
    """Only a proxy of ours may say that a reader came by https."""
    if not _is_proxy_of_ours(environ.get("REMOTE_ADDR", "")):
        del environ[FORWARDED_PROTO]


def _is_proxy_of_ours(word: str) -> bool:
    try:
        address = ipaddress.ip_address(word)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in settings.TRUSTED_PROXIES)
