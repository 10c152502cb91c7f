"""The site, made to forget before each request: what a page costs right after a change.

BENCHMARK_FORGETS says what: ``page``, as after an approved comment, when the
body is still right; or ``everything``, as after a publication.
"""

import os

from config.wsgi import application as site
from publishing.pages import fragments, kept

forgets_everything = os.environ["BENCHMARK_FORGETS"] == "everything"


def application(environ, start_response):
    kept.clear()
    if forgets_everything:
        fragments.clear()
    return site(environ, start_response)
