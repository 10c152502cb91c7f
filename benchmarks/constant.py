"""A Django view that returns the page's bytes, without middleware: what Django itself costs."""

import gzip
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

PAGE = Path(os.environ["BENCHMARK_PAGE"]).read_bytes()
PACKED = gzip.compress(PAGE, compresslevel=6)

settings.configure(
    ALLOWED_HOSTS=["*"], MIDDLEWARE=[], ROOT_URLCONF=__name__, SECRET_KEY="not secret"
)


def page(request: HttpRequest) -> HttpResponse:
    if "HTTP_ACCEPT_ENCODING" in request.META:
        return HttpResponse(PACKED, headers={"Content-Encoding": "gzip"})
    return HttpResponse(PAGE)


urlpatterns = [re_path("", page)]
application = get_wsgi_application()
