"""Exporting comments: everything, as JSON that imports to the same."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import moderating, states
from comments.importing.on_record import rows_of
from comments.models import (
    Comment,
    Discussion,
    Follow,
    ImportedComment,
    Reader,
    Report,
    Suggestion,
    Transition,
)
from tests import build
from tests.test_comments_import import counts
from tests.test_comments_states import FORGOTTEN, assert_whole

pytestmark = pytest.mark.django_db


def export(path, **options):
    call_command("export_comments", str(path), stdout=io.StringIO(), **options)
    return path.read_bytes()


def imported(path, **options):
    out = io.StringIO()
    call_command("import_comments", str(path), format="json", apply=True, stdout=out, **options)
    return out.getvalue()


def forget_all():
    """Take everything that readers wrote out of the database."""
    for model in (Follow, Suggestion, Report, Transition, ImportedComment):
        model.objects.all().delete()
    Comment.objects.update(parent=None)
    Comment.objects.all().delete()
    Discussion.objects.all().delete()
    Reader.objects.all().delete()


@pytest.fixture
def article():
    """An article of which everything there can be is there."""
    editor = build.editor()
    made = build.published_article("embassy")
    reader = Reader.objects.create(
        email="anna@example.org", address_hash="", made_at=timezone.now(),
        confirmed_at=timezone.now(),
    )  # fmt: skip
    from comments.readers import address_hash

    Reader.objects.update(address_hash=address_hash(reader.email))
    top = build.comment(
        made, reader=reader, confirmed_at=timezone.now(), helpful=9, unhelpful=1, about="facts",
        body="“Quoted”\n\n*and* <b>marked</b> \N{SNOWMAN} \u2028",
    )  # fmt: skip
    waiting = build.comment(made, "pending", parent=top, spam_score=0.25, held_by="links")
    moderating.approve([waiting], by=editor)
    moderating.answer(waiting, body="Thank you.", by=editor)
    gone = build.comment(made, parent=top)
    build.comment(made, parent=gone)
    with transaction.atomic():
        states.move(states.lock([gone]), "removed", reason="writer", also=FORGOTTEN)
    moderating.reject([build.comment(made)], by=editor)
    build.comment(made, "spam")
    build.comment(made, "pending", edited_at=timezone.now() + timedelta(minutes=3))
    Report.objects.create(comment=top, category="false", text="No.", made_at=timezone.now())
    Report.objects.create(
        comment=top, category="spam", made_at=timezone.now(), settled_at=timezone.now(),
        settled_by=editor,
    )  # fmt: skip
    Comment.objects.filter(pk=top.pk).update(open_reports=1, pinned_at=timezone.now())
    Suggestion.objects.create(
        kind="correction", article=made, publication=made.publications.get(), comment=top,
        text="It was in 1918.", reader=reader, made_at=timezone.now(), token_hash="secret",
        name="Anna", credit="name", about="facts", about_title="Key facts",
    )  # fmt: skip
    Follow.objects.create(
        reader=reader, article=made, comment=top, made_at=timezone.now(),
        confirmed_at=timezone.now(),
    )  # fmt: skip
    Follow.objects.create(reader=reader, article=made, made_at=timezone.now())
    return made


def test_it_imports_to_the_same_bytes(article, tmp_path):
    first = export(tmp_path / "a.json")
    before = Comment.objects.count()
    forget_all()
    said = imported(tmp_path / "a.json")
    assert counts(said) == (before, before, 0, 0)
    assert "suggestions: read 1; taken 1; there already 0; not taken 0" in said
    assert_whole(article)
    assert export(tmp_path / "b.json") == first


def test_it_imports_to_the_same_bytes_with_addresses_that_are_trusted(article, tmp_path):
    first = export(tmp_path / "a.json", with_addresses=True)
    forget_all()
    said = imported(tmp_path / "a.json", trust_addresses=True)
    assert "follows: read 2; taken 2; there already 0; not taken 0" in said
    assert export(tmp_path / "b.json", with_addresses=True) == first
    assert Reader.objects.get().confirmed_at


def test_addresses_that_are_not_trusted_prove_nothing_and_follow_nothing(article, tmp_path):
    export(tmp_path / "a.json", with_addresses=True)
    forget_all()
    said = imported(tmp_path / "a.json")
    assert "follows: read 2; taken 0; there already 0; not taken 2" in said
    assert Reader.objects.get().confirmed_at is None
    assert not Comment.objects.filter(confirmed_at__isnull=False).exists()
    assert not Follow.objects.exists()


def test_without_being_asked_no_address_and_no_secret_is_in_it(article, tmp_path):
    text = export(tmp_path / "a.json").decode()
    assert "@" not in text
    assert "secret" not in text
    assert "token" not in text
    assert "network" not in text
    assert "follows" not in text
    assert "anna@example.org" in export(tmp_path / "b.json", with_addresses=True).decode()


def test_importing_it_where_it_comes_from_changes_nothing(article, tmp_path):
    first = export(tmp_path / "a.json", with_addresses=True)
    said = imported(tmp_path / "a.json", trust_addresses=True)
    read, taken, already, refused = counts(said)
    assert (taken, refused) == (0, 0)
    assert read == already == Comment.objects.count()
    assert "suggestions: read 1; taken 0; there already 1" in said
    assert "follows: read 2; taken 0; there already 2" in said
    assert export(tmp_path / "b.json", with_addresses=True) == first


def test_another_site_s_comment_of_the_same_number_is_another_comment(tmp_path):
    made = build.published_article("embassy")
    comment = build.comment(made, body="Theirs.")
    export(tmp_path / "a.json")
    Transition.objects.all().delete()
    number = comment.pk
    Comment.objects.all().delete()
    build.comment(made, pk=number, body="Ours.")
    assert counts(imported(tmp_path / "a.json")) == (1, 1, 0, 0)
    assert {one.body for one in Comment.objects.all()} == {"Theirs.", "Ours."}


def test_it_holds_one_article_if_asked(article, tmp_path):
    other = build.published_article("other")
    build.comment(other, body="Only this.")
    data = json.loads(export(tmp_path / "a.json", article="other"))
    assert [one["body"] for one in data["comments"]] == ["Only this."]
    assert [one["addresses"] for one in data["articles"]] == [["other"]]
    with pytest.raises(CommandError, match="No article has the address"):
        export(tmp_path / "b.json", article="nowhere")


def test_an_empty_site_exports_an_empty_file_that_imports(tmp_path):
    data = json.loads(export(tmp_path / "a.json"))
    assert (data["comments"], data["articles"]) == ([], [])
    assert counts(imported(tmp_path / "a.json")) == (0, 0, 0, 0)


def test_it_imports_however_it_was_written_anew(article, tmp_path):
    first = export(tmp_path / "a.json")
    forget_all()
    anew = tmp_path / "anew.json"
    anew.write_text(json.dumps(json.loads(first), indent=4))
    imported(anew)
    assert export(tmp_path / "b.json") == first


def test_a_row_that_somebody_damaged_is_refused_alone(article, tmp_path):
    data = json.loads(export(tmp_path / "a.json"))
    forget_all()
    data["comments"][0]["helpful"] = -1
    data["comments"][1]["state"] = "odd"
    data["comments"][2]["transitions"] = "none"
    data["comments"][3] = 17
    data["comments"][4]["about"] = "nul\0"
    data["comments"][5]["transitions"][0]["by"] = ["a", "list"]
    data["comments"][6]["parent"] = "on-record:\0"
    data["suggestions"][0]["text"] = "nul\0"
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(data))
    said = imported(bad)
    assert counts(said)[3] == 7
    for why in ("its “helpful” cannot", "its state “odd”", "its “transitions” cannot"):
        assert why in said
    assert_whole(article)


def test_a_file_that_breaks_off_is_refused_whole(article, tmp_path):
    whole = export(tmp_path / "a.json")
    forget_all()
    half = tmp_path / "half.json"
    half.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CommandError, match="or not whole"):
        imported(half)
    assert not Comment.objects.exists()


def test_an_old_file_stays_until_the_new_one_is_whole(article, tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    first = export(path)

    def fail(*_args, **_options):
        raise OSError("The disk is full")

    monkeypatch.setattr("website.management.commands.export_comments.export_comments", fail)
    with pytest.raises(CommandError, match="The disk is full"):
        export(path)
    assert path.read_bytes() == first
    assert list(tmp_path.iterdir()) == [path]


def test_nobody_else_on_the_machine_can_read_it(article, tmp_path):
    export(tmp_path / "a.json")
    assert (tmp_path / "a.json").stat().st_mode & 0o077 == 0


def test_more_comments_take_more_batches_and_not_more_queries_each(article, tmp_path, monkeypatch):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            export(tmp_path / "a.json", with_addresses=True)
        return len(queries)

    before = asked()
    for _ in range(30):
        build.comment(article)
    assert asked() == before


def test_numbers_at_the_edge_of_what_was_read_are_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("comments.importing.on_record.CHUNK", 1)
    path = tmp_path / "a.json"
    path.write_text(
        '{"format": "on-record-comments", "version": 1, "comments": [{"a": 1234}, 5678 , "x\\ny"]}'
    )
    assert list(rows_of(path)) == [
        ("comments", {"a": 1234}), ("comments", 5678), ("comments", "x\ny")
    ]  # fmt: skip


def test_moments_are_kept_to_the_microsecond(tmp_path):
    at = datetime(2026, 11, 20, 9, 14, 0, 123456, tzinfo=UTC)
    build.comment(build.published_article("embassy"), created_at=at)
    export(tmp_path / "a.json")
    forget_all()
    imported(tmp_path / "a.json")
    assert Comment.objects.get().created_at == at
