"""Writes for what is there already what records and publications write of themselves from now on."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import migrations

from publishing.canonical import digest, digest_of

A_TIME = 50


def find(apps: Any, schema_editor: Any) -> None:
    _find_files(apps)
    _find_uses(apps)


def _find_files(apps: Any) -> None:
    recorded_files = apps.get_model("articles", "RecordedFile").objects
    revisions = (
        apps.get_model("articles", "Revision").objects.order_by("pk").only("article", "content")
    )
    for revision in revisions.iterator(chunk_size=A_TIME):
        names = {
            row["file"]
            for row in _library_rows(json.loads(revision.content))
            if row.get("file") and row.get("digest")
        }
        recorded_files.bulk_create(
            [
                recorded_files.model(article_id=revision.article_id, name=name)
                for name in sorted(names)
            ],
            ignore_conflicts=True,
        )


def _find_uses(apps: Any) -> None:
    publications = apps.get_model("articles", "Publication").objects
    uses = apps.get_model("articles", "PublishedUse").objects
    read = publications.order_by("pk").select_related("revision")
    read = read.only("digest", "redacted_at", "reviews", "revision__content")
    for publication in read.iterator(chunk_size=A_TIME):
        content = publication.revision.content
        shown = digest_of(content) if publication.redacted_at else publication.digest
        publications.filter(pk=publication.pk).update(shown_digest=shown)
        rows = [*_library_rows(json.loads(content)), *_rows_in(publication.reviews)]
        uses.bulk_create(
            uses.model(publication_id=publication.pk, uid=uid, digest=words)
            for uid, words in sorted({(row["uid"], digest(row)) for row in rows})
        )


def _library_rows(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    rows = [document["article"]]
    rows += [row for data in document["parts"].values() for row in data["rows"]]
    for row in rows:
        yield from _rows_in(list(row.values()))
    yield from _rows_in([*document["sources"], *document.get("images", [])])


def _rows_in(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        if "uid" in data:
            yield data
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from _rows_in(item)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_revision_names_and_uses_of_the_library"),
    ]

    operations = [migrations.RunPython(find, migrations.RunPython.noop)]
