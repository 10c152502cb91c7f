"""Bare WSGI with the page's bytes: what the server itself can do."""

import os
from pathlib import Path

PAGE = Path(os.environ["BENCHMARK_PAGE"]).read_bytes()
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(PAGE)))]


def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [PAGE]
