"""Public pages: what they depend on, how they are kept, and how they are answered.

A public page is a pure function of what is live and what has been approved.
While it renders it says what it looked at (``reads``) and until when the
answer holds (``holds_until``); the finished page is then kept in memory as
bytes, and used again only while its tokens are unchanged and now lies in its
interval. ``PAGE_CACHE=off`` answers the same bytes and keeps none.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import has_vary_header, patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from publishing.stamps import tokens

Headers = list[tuple[str, str]]
LARGEST_KEPT_PAGE_NUMBER = 20
# The header that a proxy sets, as in settings.SECURE_PROXY_SSL_HEADER.
FORWARDED_PROTO = "HTTP_X_FORWARDED_PROTO"
# A page that was right for so many seconds, and is asked for again, is worth packing well.
SETTLED_AFTER = 10
# What an answer without content leaves out. It keeps the rest, policies above all.
_DESCRIBES_CONTENT = {"Content-Type", "Content-Length", "Content-Encoding", "Content-Language"}


@dataclass(slots=True)
class Page:
    """What one render has looked at, and the one moment at which it looks."""

    at: datetime
    tokens: dict[str, str] = field(default_factory=dict)
    until: datetime | None = None

    def reads(self, *keys: str) -> None:
        """Note the tokens of ``keys``. Call it before reading the content they stand for."""
        new = [key for key in keys if key not in self.tokens]
        if new:
            self.tokens.update(tokens(new))

    @property
    def version(self) -> str:
        """A name of all that was looked at so far: the same until some of it changes.

        Between two changes all moments have the same tokens and the same next change.
        """
        looked_at = repr((sorted(self.tokens.items()), self.until))
        return hashlib.sha256(looked_at.encode()).hexdigest()[:12]

    def holds_until(self, *moments: datetime | None) -> None:
        """Note moments at which the page changes by itself; None and the past count for nothing."""
        for moment in moments:
            if moment and moment > self.at and (self.until is None or moment < self.until):
                self.until = moment


@dataclass(frozen=True, slots=True)
class Body:
    """One encoding of a page: its bytes, and the name of these very bytes."""

    content: bytes
    etag: str
    headers: Headers
    headers_alone: Headers


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A finished page, with all that decides whether it may be used."""

    tokens: dict[str, str]
    since: float
    until: float | None
    plain: Body
    gzipped: Body
    brotlied: Body
    is_packed_well: bool = False

    @property
    def size(self) -> int:
        bodies = (self.plain, self.gzipped, self.brotlied)
        return sum(len(body.content) for body in bodies)

    def body_for(self, accepted: str) -> Body:
        """Return the smallest body that an Accept-Encoding header allows."""
        codings = _allowed_codings(accepted)
        if "br" in codings:
            return self.brotlied
        return self.gzipped if "gzip" in codings else self.plain

    def holds_at(self, moment: float) -> bool:
        """Is ``moment`` (seconds since 1970) inside the interval the page was made for?"""
        return self.since <= moment and (self.until is None or moment < self.until)


class Kept:
    """The kept pages of one process: the least recently used leave when the bytes run out."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._pages: OrderedDict[tuple, KeptPage] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple) -> KeptPage | None:
        """Return the page under ``key`` if it is still right, and forget it if it is not.

        Costs one statement when there is a page, none when there is not.
        """
        page = self._pages.get(key)
        if page is None:
            return None
        if not page.holds_at(time.time()) or tokens(page.tokens) != page.tokens:
            self._forget(key, page)
            return None
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
        return page

    def put(self, key: tuple, page: KeptPage) -> None:
        """Keep ``page``; one larger than the whole budget is not kept."""
        if page.size > self.most_bytes:
            return
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self.bytes += page.size
            while self.bytes > self.most_bytes:
                self._drop(next(iter(self._pages)))

    def exchange(self, key: tuple, page: KeptPage, better: KeptPage) -> None:
        """Keep ``better`` in the place of ``page``, if that is still what is kept there."""
        with self._lock:
            if self._pages.get(key) is page:
                self._pages[key] = better
                self.bytes += better.size - page.size

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._pages.clear()
            self.bytes = 0

    def _forget(self, key: tuple, page: KeptPage) -> None:
        with self._lock:
            if self._pages.get(key) is page:
                self._drop(key)

    def _drop(self, key: tuple) -> None:
        if page := self._pages.pop(key, None):
            self.bytes -= page.size


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a page, with all that decides whether it may be used."""

    value: Any
    tokens: dict[str, str]
    since: datetime
    until: datetime | None


class Fragments:
    """Pieces of pages that outlive the page: the body, while only the discussion changes."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._fragments: OrderedDict[tuple, Fragment] = OrderedDict()
        self._lock = threading.Lock()

    def remembered(self, key: tuple, page: Page, make: Callable[[Page], Any]) -> Any:
        """Return ``make(page)``, or what it returned before if that is still right.

        ``make`` gets a ``Page`` of its own, so that what it looks at later is
        known apart. It depends on all that the outer page has looked at
        before, which it was made from, and the outer page on all of its own.
        """
        fragment = self._fragments.get(key) if settings.PAGE_CACHE else None
        if fragment is None or not self._is_right(fragment, page.at):
            looked = Page(at=page.at, tokens=dict(page.tokens), until=page.until)
            value = make(looked)
            fragment = Fragment(value, looked.tokens, page.at, looked.until)
            if settings.PAGE_CACHE:
                self._keep(key, fragment)
        # A token the page read before stays: what it read then may be older than the fragment.
        page.tokens = {**fragment.tokens, **page.tokens}
        page.holds_until(fragment.until)
        return fragment.value

    def clear(self) -> None:
        """Forget every fragment."""
        with self._lock:
            self._fragments.clear()

    def _is_right(self, fragment: Fragment, at: datetime) -> bool:
        in_time = fragment.since <= at and (fragment.until is None or at < fragment.until)
        return in_time and tokens(fragment.tokens) == fragment.tokens

    def _keep(self, key: tuple, fragment: Fragment) -> None:
        with self._lock:
            self._fragments[key] = fragment
            self._fragments.move_to_end(key)
            while len(self._fragments) > self.most:
                self._fragments.popitem(last=False)


class Packer:
    """Packs settled pages as small as brotli can, one at a time, beside the readers.

    That takes a second for the longest page, which nobody waits for and
    which a page that changes at each look is not worth. No page waits for its
    turn: what is wanted is asked for again, and a process that is told to stop
    would first pack all that wait.
    """

    def __init__(self, memory: Kept) -> None:
        self._memory = memory
        self._is_packing = False
        self._lock = threading.Lock()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="packer")

    def consider(self, key: tuple, page: KeptPage) -> None:
        """Have a settled page that was asked for packed well, unless another one just is."""
        if page.is_packed_well or time.time() - page.since < SETTLED_AFTER:
            return
        with self._lock:
            if self._is_packing:
                return
            self._is_packing = True
        self._worker.submit(self.pack, key, page)

    def pack(self, key: tuple, page: KeptPage) -> None:
        """Exchange the page in memory for one that says the same in fewer bytes."""
        try:
            self._memory.exchange(key, page, packed_well(page))
        finally:
            with self._lock:
                self._is_packing = False


kept = Kept(settings.PAGE_CACHE_BYTES)
packer = Packer(kept)
fragments = Fragments(most=128)
# One render of an address at a time in a process: a stripe of locks, as a dictionary of them grows.
_rendering = [threading.Lock() for _ in range(64)]


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make ``view(request, page, …)`` a public page: GET and HEAD, storable, revalidated, kept.

    The view gets a ``Page`` and tells it what it reads. Only answers with
    status 200 are kept; a redirect or a 404 is made each time.
    """

    @wraps(view)
    def public(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = Page(at=timezone.now())
        response = view(request, page, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "public, no-cache")
        if response.status_code == 200:
            response.page = page
        return response

    # Exempt, as it changes nothing: who posts here is told that this takes no posts (405).
    guarded = csrf_exempt(require_safe(public))
    guarded.is_public_page = True
    return guarded


def key_of(environ: dict[str, Any]) -> tuple | None:
    """Return the key a request's page is kept under, or None for one that is not kept.

    Kept are addresses without a query, and small page numbers: an unknown
    query could otherwise fill the memory with copies of one page.
    """
    query = environ.get("QUERY_STRING", "")
    if query and not _is_small_page_number(query):
        return None
    return (
        _scheme(environ),
        environ.get("HTTP_HOST"),
        environ.get("PATH_INFO"),
        query,
    )


def kept_answer(environ: dict[str, Any]) -> tuple[int, Headers, bytes] | None:
    """Return (status, headers, body) from a kept page that is still right, or None.

    Meant for GET and HEAD. This one function answers at the WSGI door and
    inside Django alike.
    """
    key = key_of(environ)
    if key is None:
        return None
    page = _kept_page(key)
    return answer(page, environ) if page else None


def answer(page: KeptPage, environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
    """Return (status, headers, body): 200 with the bytes, or 304 if the reader has them."""
    body = page.body_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known and _names(known, body.etag):
        return 304, list(body.headers_alone), b""
    return 200, list(body.headers), b"" if environ["REQUEST_METHOD"] == "HEAD" else body.content


class KeptPagesMiddleware:
    """Answers from kept pages and keeps what it sees made; outermost, to keep all headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or not _is_public_page(request.path_info):
            return self.get_response(request)
        key = key_of(request.META)
        if key is None or not settings.PAGE_CACHE:
            return self._make(request, None)
        with _rendering[hash(key) % len(_rendering)]:
            if found := _kept_page(key):
                return _as_response(*answer(found, request.META))
            return self._make(request, key)

    def _make(self, request: HttpRequest, key: tuple | None) -> HttpResponse:
        response = self.get_response(request)
        page = getattr(response, "page", None)
        if page is None or response.streaming or _is_personal(response):
            return response
        finished = finish(response, page)
        if key is not None:
            kept.put(key, finished)
        return _as_response(*answer(finished, request.META))


def finish(response: HttpResponse, page: Page) -> KeptPage:
    """Compress and name the content once, and gather the headers that go with it.

    The name is made of the headers too: a policy that was changed in the
    settings reaches readers who have the content already.
    """
    patch_vary_headers(response, ["Accept-Encoding"])
    headers = [(name, value) for name, value in response.items() if name != "Content-Length"]
    content = response.content
    gzipped = gzip.compress(content, compresslevel=6, mtime=0)
    # As quick as gzip, and a quarter smaller; the next quality takes twice as long for little.
    brotlied = brotli.compress(content, quality=5)
    name = hashlib.blake2b(repr(headers).encode() + content, digest_size=16).hexdigest()
    return KeptPage(
        tokens=dict(page.tokens),
        since=page.at.timestamp(),
        until=page.until.timestamp() if page.until else None,
        plain=_body(content, f'"{name}"', headers),
        gzipped=_body(gzipped, f'"{name}-gzip"', [*headers, ("Content-Encoding", "gzip")]),
        # Weak, as the same content may come packed in fewer bytes later.
        brotlied=_body(brotlied, f'W/"{name}-br"', [*headers, ("Content-Encoding", "br")]),
    )


def packed_well(page: KeptPage) -> KeptPage:
    """Return the page with the smallest body that brotli makes, under the name it has."""
    was = page.brotlied
    content = brotli.compress(page.plain.content, quality=11)
    headers = [pair for pair in was.headers if pair[0] not in ("ETag", "Content-Length")]
    return replace(page, brotlied=_body(content, was.etag, headers), is_packed_well=True)


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what every template may say about the site."""
    return {"site_name": settings.SITE_NAME}


def _kept_page(key: tuple) -> KeptPage | None:
    if page := kept.get(key):
        packer.consider(key, page)
    return page


def _body(content: bytes, etag: str, headers: Headers) -> Body:
    own = [("ETag", etag), ("Content-Length", str(len(content)))]
    every = [*headers, *own]
    alone = [pair for pair in every if pair[0] not in _DESCRIBES_CONTENT]
    return Body(content=content, etag=etag, headers=every, headers_alone=alone)


def _as_response(status: int, headers: Headers, content: bytes) -> HttpResponse:
    response = HttpResponse(content, status=status)
    del response.headers["Content-Type"]
    for name, value in headers:
        response.headers[name] = value
    return response


def _is_personal(response: HttpResponse) -> bool:
    """Is the answer for one reader: does it set a cookie, depend on one, or forbid storing?"""
    return (
        bool(response.cookies)
        or has_vary_header(response, "Cookie")
        or "no-store" in response.headers["Cache-Control"]
    )


def _scheme(environ: dict[str, Any]) -> str:
    """Return "http" or "https" as Django sees it, so that no other word makes a page of its own."""
    said = environ.get(FORWARDED_PROTO)
    if said is None or not settings.SECURE_PROXY_SSL_HEADER:
        return environ["wsgi.url_scheme"]
    return "https" if said.partition(",")[0].strip() == "https" else "http"


def _is_public_page(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "is_public_page", False)
    except Resolver404:
        return False


def _is_small_page_number(query: str) -> bool:
    name, _, number = query.partition("=")
    return (
        name == "page"
        and number.isascii()
        and number.isdigit()
        and len(number) <= 2
        and number[0] != "0"
        and int(number) <= LARGEST_KEPT_PAGE_NUMBER
    )


@lru_cache(maxsize=256)
def _allowed_codings(accepted: str) -> frozenset[str]:
    """Return the codings that the header allows. A weight of nothing (``gzip;q=0``) refuses one."""
    allowed = {}
    for item in accepted.lower().split(","):
        coding, *parameters = (piece.strip() for piece in item.split(";"))
        allowed.setdefault(coding, not any(_is_zero_weight(one) for one in parameters))
    return frozenset(coding for coding, is_allowed in allowed.items() if is_allowed)


def _is_zero_weight(parameter: str) -> bool:
    name, _, weight = parameter.partition("=")
    return name.strip() == "q" and weight.strip().rstrip("0") in ("", "0.", ".")


def _names(header: str, etag: str) -> bool:
    """Does an If-None-Match header name this etag? Weak comparison, as RFC 9110 asks."""
    if header == etag:
        return True
    named: Iterable[str] = parse_etags(header)
    return "*" in named or etag.removeprefix("W/") in (name.removeprefix("W/") for name in named)
