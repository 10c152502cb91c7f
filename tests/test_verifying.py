"""The chain of publications: whatever is changed in the past, and by whatever way, is found."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from articles.deeds import cancel, expire, publish, schedule, withdraw
from articles.models import Publication, Revision
from articles.recording import record
from articles.redacting import redact
from articles.verifying import seal_of, verify
from publishing.canonical import canonical_json, digest_of
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    """An article with four publications, the second of them reviewed."""
    made = build.article("chained")
    reviewer = build.person(name="The sources desk")
    for number in range(1, 5):
        clock.move_to(NOON + number * HOUR)
        made.title = f"Title {number}"
        made.save()
        revision = record(made, by=None)
        if number == 2:
            made.reviews.create(
                digest=revision.digest, person=reviewer, reviewed_on=NOON.date(), checked="Dates."
            )
        publish(revision, by=None, change_note=f"Change {number}.", is_major=number != 3)
    return made


def states(article) -> list[str]:
    return [str(verdict.state) for verdict in verify(article)]


def reasons(article) -> list[str]:
    return [verdict.reason for verdict in verify(article)]


def number(count: int) -> Publication:
    return Publication.objects.get(number=count)


def test_what_nobody_touched_is_good(article):
    assert states(article) == ["good"] * 4
    assert reasons(article) == [""] * 4


def test_each_publication_is_sealed_with_the_one_before(article):
    chain = list(Publication.objects.order_by("number"))

    assert chain[0].previous_seal == ""
    assert [one.previous_seal for one in chain[1:]] == [one.seal for one in chain[:-1]]
    assert len({one.seal for one in chain}) == 4
    assert all(one.seal == seal_of(one) for one in chain)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"change_note": "Nothing."}, "what it says of itself was changed"),
        ({"is_major": False}, "what it says of itself was changed"),
        ({"number": 22}, "what it says of itself was changed"),
        (
            {"goes_live_at": NOON + 2 * HOUR - timedelta(seconds=1)},
            "what it says of itself was changed",
        ),
        ({"digest": "0" * 64}, "what it says of itself was changed"),
        ({"seal": "0" * 64}, "what it says of itself was changed"),
        ({"reviews": []}, "what it says of itself was changed"),
        ({"previous_seal": "0" * 64}, "it does not follow the publication before it"),
        ({"title": "Another title"}, "what readers see is not its content"),
        ({"question": "Another question?"}, "what readers see is not its content"),
        ({"short_answer": "Another answer."}, "what readers see is not its content"),
        ({"summary": "Another summary."}, "what readers see is not its content"),
        ({"search_text": "Other words."}, "what readers see is not its content"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_changed_column_is_found(article, changed, reason):
    Publication.objects.filter(number=2).update(**changed)

    assert states(article)[1] == "broken"
    assert reasons(article)[1] == reason
    assert states(article)[0] == states(article)[3] == "good"


def test_changed_content_is_found(article):
    revision = number(2).revision
    content = revision.content.replace("Title 2", "Title II")
    Revision.objects.filter(pk=revision.pk).update(content=content)

    assert states(article) == ["good", "broken", "good", "good"]
    assert reasons(article)[1] == "its content was changed"


def test_content_changed_together_with_its_digests_is_found_too(article):
    revision = number(2).revision
    content = revision.content.replace("Title 2", "Title II")
    Revision.objects.filter(pk=revision.pk).update(content=content, digest=digest_of(content))
    Publication.objects.filter(number=2).update(title="Title II", digest=digest_of(content))
    assert reasons(article)[1] == "what it says of itself was changed"

    Publication.objects.filter(number=2).update(seal=seal_of(number(2)))
    assert reasons(article)[2] == "it does not follow the publication before it"


def test_content_that_says_the_same_in_other_bytes_is_found(article):
    revision = number(2).revision
    content = json.dumps(revision.document, indent=1)
    assert canonical_json(json.loads(content)) == revision.content
    Revision.objects.filter(pk=revision.pk).update(content=content)

    assert states(article)[1] == "broken"


def test_another_revision_in_its_place_is_found(article):
    Publication.objects.filter(number=2).update(revision=number(1).revision)

    assert states(article) == ["good", "broken", "good", "good"]


def test_a_changed_review_is_found(article):
    publication = number(2)
    [review] = publication.reviews
    Publication.objects.filter(number=2).update(reviews=[{**review, "checked": "Everything."}])

    assert states(article) == ["good", "broken", "good", "good"]


def test_a_review_added_afterwards_is_found(article):
    [review] = number(2).reviews
    Publication.objects.filter(number=4).update(reviews=[review])

    assert states(article) == ["good", "good", "good", "broken"]


def test_a_page_prepared_from_other_words_is_found(article):
    prepared = number(2).prepared
    prepared["parts"]["sections"][0]["html"] = "<p>Other words.</p>"
    Publication.objects.filter(number=2).update(prepared=prepared)

    assert states(article) == ["good", "broken", "good", "good"]
    assert reasons(article)[1] == "what readers see is not its content"


def test_what_another_build_prepared_is_not_shown_and_so_not_looked_at(article):
    Publication.objects.filter(number=2).update(prepared={}, prepared_by="another")

    assert states(article) == ["good"] * 4


@pytest.mark.parametrize(("gone", "after"), [(1, 0), (2, 1), (3, 2)])
def test_a_publication_that_is_gone_is_missed_by_the_one_behind_it(article, gone, after):
    number(gone).delete()

    verdicts = list(verify(article))
    assert [verdict.state for verdict in verdicts].count("broken") == 1
    assert verdicts[after].reason == "it does not follow the publication before it"


def test_a_gap_that_was_closed_is_found_too(article):
    number(2).delete()
    Publication.objects.filter(number=3).update(previous_seal=number(1).seal)

    assert states(article) == ["good", "broken", "good"]
    assert reasons(article)[1] == "what it says of itself was changed"


def test_publications_in_another_order_are_found(article):
    second, third = number(2), number(3)
    Publication.objects.filter(pk=third.pk).update(goes_live_at=NOON, ends_at=NOON)
    Publication.objects.filter(pk=second.pk).update(
        goes_live_at=third.goes_live_at, ends_at=third.ends_at
    )
    Publication.objects.filter(pk=third.pk).update(
        goes_live_at=second.goes_live_at, ends_at=second.ends_at
    )

    assert states(article) == ["good", "broken", "broken", "broken"]


def test_two_publications_that_exchanged_their_numbers_are_found(article):
    Publication.objects.filter(number=2).update(number=99)
    Publication.objects.filter(number=3).update(number=2)
    Publication.objects.filter(number=99).update(number=3)

    assert states(article) == ["good", "broken", "broken", "good"]


def test_a_publication_put_in_between_is_found(article):
    made = number(2)
    made.pk, made.number, made.goes_live_at = None, 99, made.goes_live_at + HOUR / 2
    made.save()

    assert states(article) == ["good", "good", "broken", "good", "good"]


def test_a_redacted_one_is_said_to_be_and_what_readers_see_of_it_is_still_checked(article):
    redact(article, passages=["Title 2"], reason="A court order.", by=None)
    assert states(article) == ["good", "redacted", "good", "good"]
    assert reasons(article)[1] == "A court order."

    Publication.objects.filter(number=2).update(summary="Another summary.")
    assert states(article) == ["good", "broken", "good", "good"]


def test_what_the_deeds_do_breaks_nothing(article, clock):
    waiting = schedule(
        article.latest_revision, goes_live_at=NOON + 9 * HOUR, by=None, change_note="Waits."
    )
    assert states(article) == ["good"] * 5
    cancel(waiting, by=None)
    expire(number(4), at=NOON + 8 * HOUR, by=None)
    article.addresses.update(slug="elsewhere")
    assert states(article) == ["good"] * 4
    withdraw(article, by=None)
    clock.move_to(NOON + 10 * HOUR)
    build.published(article)

    assert states(article) == ["good"] * 5


def test_the_page_of_an_open_period_is_the_same_on_another_day(clock):
    article = build.article()
    rows = "2016 | .. | Reduced | reduced | Fewer people.\n"
    build.section(article, body=f"```periods\ntitle: Since 2016\n{rows}```")
    build.published(article)
    clock.move_to(NOON + 24_000 * HOUR)

    assert states(article) == ["good"]


# The command


def verified() -> str:
    said = StringIO()
    try:
        call_command("verify_history", stdout=said)
    except CommandError as error:
        return f"{said.getvalue()}Error: {error}"
    return said.getvalue()


def test_the_command_says_a_line_of_each_article_that_was_published(article):
    build.published_article("another")
    build.article("never-published")

    assert verified() == "chained: 4 publications, all good\nanother: 1 publication, all good\n"


def test_the_command_fails_when_an_article_is_broken_and_says_where(article):
    build.published_article("another")
    redact(article, passages=["Title 3"], reason="A court order.", by=None)
    Publication.objects.filter(number=2, article=article).update(change_note="Nothing.")

    assert verified() == (
        "chained: 4 publications; number 2 is broken (what it says of itself was changed); "
        "number 3 is redacted (A court order.)\n"
        "another: 1 publication, all good\n"
        "Error: The history of 1 article is broken."
    )


def test_the_command_has_nothing_to_say_of_an_empty_site():
    assert verified() == ""
