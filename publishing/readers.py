"""Readers' forms: what may be sent to us, by whom, and how often.

Readers have no session, so their forms carry no CSRF token. In its place
stands one rule about where a request comes from; and because nothing is asked
of who sends it, the size, the letters and the frequency are looked at here.
"""

import codecs
import ipaddress
import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from publishing.refusals import Refusal

View = Callable[..., HttpResponse]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LARGEST_REQUEST = 64 * 1024
"""Bytes. The longest comment takes at most 60 thousand, every letter written as %xx%xx%xx."""

LARGEST_GIVEN_BACK = 512 * 1024
"""Bytes. What is larger than ``LARGEST_REQUEST`` is not stored; up to here the words come back."""

NETWORK_KEY_HOLDS_FOR = timedelta(days=30)


def page_with_form(*, read: View, take: View, text: str | Sequence[str]) -> View:
    """Return a view that shows a page to GET and HEAD, and takes a reader's form by POST.

    ``read`` is a public page; ``take`` is called once the request has proved
    fit to be read. ``text`` names the field, or the fields, whose content is given
    back with every refusal, so that nothing a reader wrote is lost.
    """
    taking = readers_form(text=text)(take)

    @csrf_exempt
    @wraps(take)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return taking(request, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            return read(request, *args, **kwargs)
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

    view.is_public_page = getattr(read, "is_public_page", False)
    return view


def readers_form(*, text: str | Sequence[str]) -> Callable[[View], View]:
    """Make a view take a reader's POST: see ``page_with_form``. The answer is never cached.

    Refused are, in this order: what is too large (413), what cannot be read as
    a form in UTF-8 (400), and what comes from another site (403).
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def taking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                refuse_too_large(request)
            except Refusal as refusal:
                refusal.typed = _typed_too_long(request, text)
                raise
            refuse_unreadable(request)
            try:
                refuse_from_elsewhere(request)
                response = view(request, *args, **kwargs)
            except Refusal as refusal:
                refusal.typed = refusal.typed or typed_in(request, text)
                raise
            except Http404:
                raise Refusal(404, _no_such_page(), typed=typed_in(request, text)) from None
            response["Cache-Control"] = "no-store"
            return response

        return taking

    return decorate


def typed_in(request: HttpRequest, text: str | Sequence[str]) -> str:
    """Return what a reader wrote in one field, or in several, one below the other."""
    names = [text] if isinstance(text, str) else text
    return "\n\n".join(filter(None, (request.POST.get(name, "") for name in names)))


def refuse_too_large(request: HttpRequest) -> None:
    """Raise a refusal (413) for more than ``LARGEST_REQUEST``, by what it says and what it is."""
    try:
        said = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        said = 0
    if said > LARGEST_REQUEST or len(request.body) > LARGEST_REQUEST:
        raise Refusal(413, _("What you sent is longer than 64 KB. Nothing of it was stored."))


def refuse_unreadable(request: HttpRequest) -> None:
    """Raise a refusal (400) for what is no form, or not whole in UTF-8.

    Django puts a mark in the place of what it cannot decode; here nothing is
    accepted of which a part is already lost.
    """
    try:
        _strictly_decoded(request)
    except (ValueError, LookupError, MultiPartParserError, BadRequest, SuspiciousOperation):
        raise Refusal(400, _unreadable()) from None


def refuse_from_elsewhere(request: HttpRequest) -> None:
    """Raise a refusal (403) for a form that another site made the reader send.

    Browsers say so in Sec-Fetch-Site; older ones send at least an Origin with
    a POST. What sends neither is no browser, and cannot be used against a reader.
    """
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    origin = request.META.get("HTTP_ORIGIN")
    if site is not None:
        is_ours = site in ("same-origin", "none")
    else:
        is_ours = origin is None or origin == f"{request.scheme}://{request.get_host()}"
    if not is_ours:
        raise Refusal(
            403,
            _("This was sent from another site, so it was not stored. Send it from the page here."),
        )


def network_of(request: HttpRequest, at: datetime | None = None) -> str:
    """Return a keyed hash of the network a request comes from: 64 hexadecimal figures.

    Of the /24 or, for IPv6, the /64, as one reader may have every address in
    it. The key is made of the site's secret and changes every 30 days: the
    same network then looks like another.
    """
    period = _key_period(at or timezone.now())
    network = _network_around(_address_of(request))
    return salted_hmac(f"network {period}", network, algorithm="sha256").hexdigest()


def browser_of(request: HttpRequest, at: datetime | None = None) -> str:
    """Return a keyed hash of network and browser: 64 hexadecimal figures.

    It tells the readers of one network apart as far as that needs no cookie: by what their browsers
    call themselves. Anybody may call theirs anything, so what counts by it is limited by network
    as well. The key changes as that of ``network_of`` does.
    """
    browser = f"{network_of(request, at)} {request.META.get('HTTP_USER_AGENT', '')}"
    return salted_hmac("browser", browser, algorithm="sha256").hexdigest()


def network_key_changes_at(at: datetime) -> datetime:
    """Return when the key of ``network_of`` changes next: from then on all networks look new."""
    begins = (_key_period(at) + 1) * NETWORK_KEY_HOLDS_FOR.total_seconds()
    return datetime.fromtimestamp(begins, at.tzinfo)


def _key_period(at: datetime) -> int:
    return int(at.timestamp() // NETWORK_KEY_HOLDS_FOR.total_seconds())


def seconds_until_room(
    rows: models.QuerySet, *, most: int, within: timedelta, at: datetime, moment: str = "created_at"
) -> int:
    """Return how long a sender of ``rows`` has to wait until another fits: 0 if one fits now.

    At most ``most`` fit into any stretch of ``within``; ``moment`` is the field in which rows say
    when they came.
    """
    recent = rows.filter(**{f"{moment}__gt": at - within}).order_by(f"-{moment}")
    moments = list(recent.values_list(moment, flat=True)[:most])
    if len(moments) < most:
        return 0
    return max(1, math.ceil((moments[-1] + within - at).total_seconds()))


# Reading a form strictly


def _typed_too_long(request: HttpRequest, name: str) -> str:
    """Return what was typed into a field of a form that is too large, if it can be read at all."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_GIVEN_BACK:
            return ""
        refuse_unreadable(request)
    except (ValueError, Refusal):
        return ""
    return request.POST.get(name, "")


def _strictly_decoded(request: HttpRequest) -> None:
    """Read the form; raise one of several errors if a letter of it cannot be read."""
    if request.META.get("HTTP_TRANSFER_ENCODING") and not request.META.get("CONTENT_LENGTH"):
        raise ValueError("Without its length it would be read as empty.")
    if not request.body:
        return
    if codecs.lookup(request.content_params.get("charset", "utf-8")).name != "utf-8":
        raise LookupError("Another charset than UTF-8.")
    if request.content_type == "application/x-www-form-urlencoded":
        unquote_to_bytes(request.body).decode()
        request.POST  # noqa: B018  (reading it is what may fail)
    elif request.content_type == "multipart/form-data":
        _decode_multipart(request)
    else:
        raise ValueError("No form.")


def _decode_multipart(request: HttpRequest) -> None:
    text = request.body.decode()
    if request.FILES:
        raise ValueError("A file, where no form asks for one.")
    # Django reads what has no parts as a form without fields.
    if f"--{request.content_params['boundary']}" not in text:
        raise ValueError("No parts.")
    # Parts may be packed once more (in base64), and then hide what cannot be decoded.
    values = "".join(value for _name, values in request.POST.lists() for value in values)
    if values.count(_REPLACED) > text.count(_REPLACED):
        raise ValueError("Letters that are not UTF-8.")


_REPLACED = "\N{REPLACEMENT CHARACTER}"


def _unreadable() -> str:
    return _(
        "Your browser sent something that we could not make out: letters in a broken "
        "encoding, or a damaged form. Nothing of it was stored."
    )


def _no_such_page() -> str:
    return _(
        "There is no page at this address. It may have been withdrawn, or the address mistyped."
    )


# Whose request it is


def _address_of(request: HttpRequest) -> Address | None:
    """Return the nearest address that is not a proxy of ours: what lies beyond it is hearsay."""
    nearest = None
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    for word in [request.META.get("REMOTE_ADDR", ""), *reversed(forwarded)]:
        try:
            address = ipaddress.ip_address(word.strip())
        except ValueError:
            return nearest
        nearest = getattr(address, "ipv4_mapped", None) or address
        if not _is_trusted(nearest):
            return nearest
    return nearest


def _network_around(address: Address | None) -> str:
    if address is None:
        return "unknown"
    if address.version == 4:
        return str(ipaddress.IPv4Network((int(address), 24), strict=False))
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))


def _is_trusted(address: Address) -> bool:
    return any(address in proxies for proxies in settings.TRUSTED_PROXIES)
