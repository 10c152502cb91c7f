"""Every address of the site: each app answers for its own."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("articles/", include("articles.urls")),
    path("timeline/", include("timeline.urls")),
    path("faq/", include("faq.urls")),
    path("", include("articles.public_urls")),
    path("", include("website.urls")),
]
