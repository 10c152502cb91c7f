"""Where a link may lead, whoever wrote it."""

import re
from urllib.parse import urlsplit


def is_allowed_target(url: str) -> bool:
    """Tell whether a link may point there: http, https, mailto, ``/…`` on this site, ``#…``."""
    if not url.isprintable() or re.search(r"[\s\\\"'<>`]", url):
        return False
    if url.startswith(("#", "/")):
        return not url.startswith("//")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    # "https://www.state.gov@elsewhere.example/" leads elsewhere than it seems to.
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc


def is_external(url: str) -> bool:
    """Tell whether a link leads to an address of the web that is written out."""
    return url.lower().startswith(("http:", "https:"))
