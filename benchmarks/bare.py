"""Bare WSGI with the page's bytes: what the server itself can do."""

import gzip
import os
from pathlib import Path

PAGE = Path(os.environ["BENCHMARK_PAGE"]).read_bytes()
PACKED = gzip.compress(PAGE, compresslevel=6)
HTML = ("Content-Type", "text/html; charset=utf-8")
HEADERS = [HTML, ("Content-Length", str(len(PAGE)))]
HEADERS_PACKED = [HTML, ("Content-Encoding", "gzip"), ("Content-Length", str(len(PACKED)))]


def application(environ, start_response):
    if "HTTP_ACCEPT_ENCODING" in environ:
        start_response("200 OK", HEADERS_PACKED)
        return [PACKED]
    start_response("200 OK", HEADERS)
    return [PAGE]
