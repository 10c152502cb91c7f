"""Make the content that is measured, and count queries. Run in the benchmark's own environment."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  (needs the settings)
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks.article import standard_article  # noqa: E402
from comments.models import Comment  # noqa: E402
from publishing.pages import fragments, kept  # noqa: E402

COMMENTS = (20, 200, 2000)
HOST = "127.0.0.1"


def pages(slug: str, comment: int) -> list[str]:
    """Return every kind of public page."""
    article = f"/articles/{slug}/"
    return [
        "/", "/articles/", article, f"{article}history/", f"{article}history/1/",
        f"{article}history/1/changes/", f"/articles/{slug}.json", f"{article}comments/",
        f"/comments/{comment}/", "/timeline/", "/faq/", "/people/desk/", "/topics/speed/",
    ]  # fmt: skip


def queries(client: Client, address: str) -> tuple[int, int]:
    """Return how many queries a page costs when it is rendered, and when it is kept."""
    counts = []
    for is_first in (True, False):
        if is_first:
            kept.clear()
            fragments.clear()
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address, headers={"host": HOST})
        assert response.status_code == 200, (address, response.status_code)
        counts.append(len(captured))
    return counts[0], counts[1]


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    counted: dict[str, dict[str, tuple[int, int]]] = {}
    client = Client()
    for comments in COMMENTS:
        slug = f"standard-{comments}"
        article = standard_article(slug, comments=comments)
        if comments == 200:
            continue
        comment = Comment.objects.filter(article=article).order_by("pk").first()
        for address in pages(slug, comment.pk):
            kind = address.replace(slug, "…").replace(f"/comments/{comment.pk}/", "/comments/…/")
            counted.setdefault(kind, {})[str(comments)] = queries(client, address)
    print(json.dumps({"queries": counted, "database": connection.display_name}))


if __name__ == "__main__":
    main()
