"""Every address of the site: each app answers for its own."""

from django.contrib import admin
from django.urls import include, path

from publishing.editing.preview import markdown_preview

urlpatterns = [
    # Of markdownx's two addresses the preview only; pictures are taken by the library.
    path(
        "admin/markdown/preview/",
        markdown_preview,
        {"permission": "articles.change_article"},
        name="markdown_preview",
    ),
    path("admin/", admin.site.urls),
    path("articles/", include("comments.article_urls")),
    path("articles/", include("articles.urls")),
    path("comments/", include("comments.urls")),
    path("feeds/", include("comments.feed_urls")),
    path("readers/", include("comments.reader_urls")),
    path("suggestions/", include("comments.suggestion_urls")),
    path("draft/", include("articles.draft_urls")),
    path("timeline/", include("timeline.urls")),
    path("timeline.", include("timeline.data_urls")),
    path("faq/", include("faq.urls")),
    path("", include("articles.public_urls")),
    path("", include("website.urls")),
]
