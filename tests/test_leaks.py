"""No draft, scheduled revision, waiting comment, unused library row or file is in a public answer.

Every text field of every model gets a random word of its own; then every
public address is asked for, and none may hold a word that is not published.
"""

import itertools
import re
import secrets
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from articles.citation_styles import STYLES
from articles.deeds import schedule, withdraw
from articles.models import Article
from articles.recording import record
from articles.share_pictures import lines_of, name_of
from comments import suggesting
from comments.models import Comment, Suggestion
from comments.readers import reader_of
from library.renditions import make as make_renditions
from tests import build

pytestmark = pytest.mark.django_db

PUBLIC_APPS_WITH_WORKING_ROWS = ("articles", "library", "timeline", "faq", "pull_quotes")
KEPT_AS_IT_IS = {"file", "digest", "date", "key", "slug", "anchor", "kind", "precision"}


def secret_word() -> str:
    return f"secret{secrets.token_hex(6)}"


def fill_with_secrets(row: models.Model) -> None:
    """Put a random word into every free text field of a row."""
    changed = {}
    for field in row._meta.concrete_fields:
        if field.name in KEPT_AS_IT_IS or field.choices or not field.editable:
            continue
        if field.name == "state" and not row.state:
            continue
        if isinstance(field, models.URLField):
            changed[field.name] = f"https://{secret_word()}.example/"
        elif isinstance(field, models.CharField | models.TextField):
            changed[field.name] = secret_word()
        elif isinstance(field, models.JSONField):
            changed[field.name] = [secret_word()]
    if getattr(row, "is_decorative", False) or isinstance(row, apps.get_model("articles.SeeAlso")):
        changed.pop("alt", None)
    # Past the rules of the row: the audit log, for one, refuses to be changed.
    models.QuerySet(type(row)).filter(pk=row.pk).update(**changed)


def fill_everything_with_secrets() -> None:
    for label in PUBLIC_APPS_WITH_WORKING_ROWS:
        for model in apps.get_app_config(label).get_models():
            name = model.__name__
            if name.startswith("Publi") or name in ("Revision", "Review", "Address", "Citation"):
                continue
            for row in model.objects.all():
                fill_with_secrets(row)


def public_addresses(article: Article, comment: Comment) -> list[str]:
    """Every address outside the admin, with the arguments of what there is to find."""
    arguments = {
        "slug": [article.slug, *article.topics.values_list("slug", flat=True),
                 *article.written_by.values_list("slug", flat=True)],
        "number": [1, 2],
        "day": [timezone.now().date().isoformat()],
        "name": build.stored_files(),
        "pk": sorted({comment.pk, *Suggestion.objects.values_list("pk", flat=True)}),
        "id": [comment.pk],
        "comment_id": [comment.pk],
        "signed": ["forged"],
        "style": [*STYLES],
        "digest": [picture_of(article), "0" * 32],
        "uid": [*article.events.values_list("uid", flat=True)],
    }  # fmt: skip
    return sorted(
        address
        for pattern in patterns(get_resolver().url_patterns)
        for address in filled(pattern, arguments)
    )


def picture_of(article: Article) -> str:
    """Return the name of the picture of what was published first, if anything was."""
    published = article.publications.order_by("number").first()
    if published is None:
        return "1" * 32
    return name_of(lines_of(published.revision.document["article"], published.updated_at))


def patterns(found, before=""):
    for pattern in found:
        path = before + str(pattern.pattern)
        if path.startswith("admin/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path


def filled(path: str, arguments: dict[str, list]):
    names = re.findall(r"<(?:\w+:)?(\w+)>", path)
    for values in itertools.product(*(arguments[name] for name in names)):
        address = "/" + path
        for value in values:
            address = re.sub(r"<(?:\w+:)?\w+>", str(value), address, count=1)
        yield address


def answers(client, addresses) -> dict[str, tuple[int, str]]:
    found = {}
    for address in addresses:
        response = client.get(address)
        content = response.getvalue() if response.streaming else response.content
        headers = "".join(response.headers.values())
        found[address] = (response.status_code, content.decode(errors="replace") + headers)
    return found


def assert_nothing_secret(found: dict[str, tuple[int, str]]) -> None:
    leaking = [address for address, (_status, text) in found.items() if "secret" in text]
    assert leaking == []


def waiting_comment(article: Article) -> Comment:
    return Comment.objects.create(
        article=article,
        publication=article.publications.first(),
        name=secret_word(),
        reader=reader_of(f"{secret_word()}@reader.example", at=timezone.now()),
        body=secret_word(),
        body_html=f"<p>{secret_word()}</p>",
        created_at=timezone.now(),
        path="0000001",
    )


def test_a_published_article_shows_none_of_its_draft(client):
    article = build.full_article()
    build.published(article, remark=secret_word())
    comment = waiting_comment(article)
    fill_everything_with_secrets()
    record(article, by=None)

    found = answers(client, public_addresses(article, comment))

    assert found[f"/articles/{article.slug}/"][0] == 200
    assert found[f"/articles/{article.slug}/history/1/"][0] == 200
    assert found[f"/comments/{comment.pk}/"][0] == 404
    assert_nothing_secret(found)


def test_a_scheduled_publication_shows_nothing_before_its_time(client):
    article = build.full_article()
    build.published(article)
    comment = waiting_comment(article)
    secret = secret_word()
    Article.objects.filter(pk=article.pk).update(
        title=secret, question=secret, short_answer=secret, summary=secret
    )
    for rows, field in (
        (article.facts, "value"), (article.sections, "body"),
        (article.events, "text"), (article.questions, "answer"),
    ):  # fmt: skip
        rows.update(**{field: secret})
    article.topics.add(build.topic(name=secret_word(), slug=secret_word()))
    article.image = build.image("purple", alt=secret_word())
    article.save(update_fields=["image"])
    schedule(
        record(article, by=None),
        goes_live_at=timezone.now() + timedelta(hours=1),
        by=None,
        change_note=secret_word(),
    )

    found = answers(client, public_addresses(article, comment))

    assert_nothing_secret({k: v for k, v in found.items() if not k.startswith("/topics/secret")})
    assert {status for address, (status, _) in found.items() if "/topics/secret" in address} == {
        404
    }
    assert found[f"/articles/{article.slug}/history/2/"][0] == 404
    assert found[f"/media/{article.image.file}"][0] == 404


def test_an_unpublished_article_is_nowhere(client):
    build.published_article()
    article = build.full_article("secret-address")
    fill_everything_with_secrets()
    record(article, by=None)
    other = build.published_article()
    comment = waiting_comment(other)

    found = answers(client, public_addresses(article, comment))
    found = {k: v for k, v in found.items() if k != f"/articles/{other.slug}/"}

    own = {
        a: status for a, (status, _) in found.items() if a.startswith("/articles/secret-address")
    }
    assert own
    assert set(own.values()) <= {404, 405}
    assert_nothing_secret({k: v for k, v in found.items() if v[0] == 200})


def test_a_withdrawn_article_is_nowhere(client):
    article = build.full_article("withdrawn")
    build.published(article)
    comment = waiting_comment(article)
    Comment.objects.filter(pk=comment.pk).update(
        state="approved", has_place=True, decided_at=timezone.now()
    )
    withdraw(article, by=None)

    found = answers(client, public_addresses(article, comment))

    shown = {a for a, (status, _) in found.items() if status not in (404, 405)}
    assert shown == {"/", "/articles/", "/timeline/", "/faq/",
                     "/timeline/embed/", "/timeline.json", "/timeline.csv", "/timeline.ics",
                     "/timeline.timelinejs.json", "/timeline.days.json", "/timeline.names.json",
                     "/corrections/", "/people/",
                     "/healthz", "/readyz",
                     "/feeds/articles.atom", "/feeds/articles.json", "/feeds/corrections.atom",
                     "/feeds/corrections.json", "/feeds/comments.atom", "/feeds/comments.json",
                     "/sitemap.xml", "/sitemap-lists.xml",
                     "/sitemap-articles-1.xml", "/sitemap-events-1.xml",
                     "/robots.txt", "/site.webmanifest", "/readers/", "/search/",
                     "/search/suggestions.json",
                     "/opensearch.xml", "/favicon.ico"}  # fmt: skip
    assert_nothing_secret(found)


def test_no_rendition_and_no_word_of_an_image_that_only_a_draft_shows_is_public(client):
    article = build.full_article()
    build.published(article)
    comment = waiting_comment(article)
    drafted = build.image("purple", alt=secret_word(), caption=secret_word(), credit=secret_word())
    make_renditions(drafted.file)
    build.section(article, heading=secret_word(), body=f"![{secret_word()}](image:{drafted.key})")
    record(article, by=None)

    found = answers(client, public_addresses(article, comment))

    assert_nothing_secret(found)
    names = [name for name in build.stored_files() if drafted.digest in name]
    assert len(names) > 1
    assert {found[f"/media/{name}"][0] for name in names} == {404}


def test_a_file_is_served_once_a_publication_shows_it(client):
    article = build.article()
    article.image = build.image("gold")
    article.save()
    address = default_storage.url(article.image.file)
    assert client.get(address).status_code == 404

    build.published(article)

    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"


def test_what_readers_suggest_to_the_editors_is_nowhere(client):
    article = build.full_article()
    live = build.published(article)
    comment = waiting_comment(article)
    private = {
        "text": secret_word(),
        "right": secret_word(),
        "source": f"https://{secret_word()}.example/",
        "name": secret_word(),
        "email": f"{secret_word()}@reader.example",
        "about_title": secret_word(),
        "credit": "name",
    }
    for kind in Suggestion.Kind.values:
        for is_public in (False, True):
            words = {**private, "text": secret_word(), "is_public": is_public}
            suggesting.suggest(live, kind=kind, **words)
    first = Suggestion.objects.filter(kind="correction").first()
    suggesting.answer(first, by=None, turn=0, reply=secret_word())
    suggesting.accept(first, by=None, turn=1, reply=secret_word())
    question = Suggestion.objects.filter(kind="question").first()
    suggesting.accept(question, by=None, turn=0)
    other = Suggestion.objects.filter(kind="correction", state="new").get()
    suggesting.decline(other, by=None, turn=0, reply=secret_word())

    found = answers(client, public_addresses(article, comment))

    for suggestion in Suggestion.objects.all():
        assert found[f"/suggestions/{suggestion.pk}/"][0] == 404
    assert found[f"/articles/{article.slug}/suggest/"][0] == 200
    assert_nothing_secret(found)
