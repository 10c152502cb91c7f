"""Corrections: shown on the page, kept in the log, and never quietly dropped."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from articles.deeds import NotReady, publish, schedule, withdraw
from articles.models import Article, Correction, PublishedCorrection
from articles.recording import record
from articles.redacting import redact
from articles.restoring import import_document, restore
from tests import build, desk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article() -> Article:
    made = build.article("relations", title="Relations")
    build.fact(made, characteristic="Embassy", value="Open.", anchor="embassy")
    build.correction(
        made,
        wrong="The embassy closed in 1918.",
        right="It closed in *February 1919*.",
        noticed_by="a reader in Riga",
        about="fact-embassy",
    )
    return made


def text(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def sentences(refused: pytest.ExceptionInfo) -> str:
    return " ".join(refused.value.messages)


def test_the_page_says_what_was_wrong_what_is_right_and_who_noticed(client, article):
    build.published(article)

    page = text(client, "/articles/relations/")

    assert "The embassy closed in 1918." in page
    assert "It closed in <em>February 1919</em>." in page
    assert "Noticed by a reader in Riga" in page
    assert '<a href="#fact-embassy">Embassy</a>' in page


def test_nothing_of_it_is_public_before_it_is_published(client, article):
    later = NOON + timedelta(hours=1)
    build.published_article("other")
    schedule(record(article, by=None), goes_live_at=later, by=None, change_note="Corrected.")

    assert "embassy closed" not in text(client, "/corrections/")
    assert "No corrections yet" in text(client, "/corrections/")

    with time_machine.travel(later, tick=False):
        assert "embassy closed" in text(client, "/corrections/")


def test_the_log_shows_the_newest_first_and_leads_to_the_page(client, article):
    other = build.article("treaties", title="Treaties")
    build.correction(other, wrong="Signed in May.", corrected_on=date(2026, 11, 21))
    build.published(article)
    build.published(other)

    page = text(client, "/corrections/")

    assert page.index("Signed in May.") < page.index("The embassy closed in 1918.")
    assert "2 corrections" in page
    anchor = PublishedCorrection.objects.get(publication__article=article).anchor
    assert f'href="/articles/relations/#{anchor}"' in page
    assert f'id="{anchor}"' in text(client, "/articles/relations/")


def test_the_log_is_paged(client, article):
    for number in range(30):
        build.correction(article, wrong=f"Wrong {number}.")
    build.published(article)

    assert "31 corrections" in text(client, "/corrections/")
    assert "The embassy closed in 1918." in text(client, "/corrections/?page=2")


def test_footer_and_history_lead_to_the_log(client, article):
    build.published(article)

    page = text(client, "/articles/relations/")

    assert page.count('href="/corrections/"') == 2


def test_a_withdrawn_articles_corrections_leave_with_it(client, article):
    build.published(article)
    withdraw(article, by=None)

    assert "embassy closed" not in text(client, "/corrections/")


def test_a_correction_that_was_published_cannot_be_left_out(client, article):
    build.published(article)
    article.corrections.all().delete()

    with pytest.raises(NotReady) as refused:
        build.published(article)

    assert "was published, so it stays in the log" in sentences(refused)
    assert "The embassy closed in 1918." in sentences(refused)
    assert "The embassy closed in 1918." in text(client, "/articles/relations/")


def test_it_may_be_left_out_while_no_reader_has_seen_it(article):
    tomorrow = NOON + timedelta(days=1)
    scheduled = schedule(
        record(article, by=None), goes_live_at=tomorrow, by=None, change_note="Corrected."
    )
    article.corrections.all().delete()

    published = publish(
        record(article, by=None), by=None, change_note="Without it.", scheduled="keep"
    )

    assert not published.publishedcorrections.exists()
    assert scheduled.publishedcorrections.exists()


def test_restoring_an_older_revision_is_allowed_and_publishing_it_is_not(article):
    before = article.corrections.get()
    Correction.objects.filter(pk=before.pk).delete()
    old = record(article, by=None)
    before.pk = None
    before.save()
    build.published(article)

    restored = restore(old, by=None)

    with pytest.raises(NotReady):
        publish(restored.revision, by=None, change_note="As it was.")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("wrong", "", "does not say what was wrong"),
        ("right", "", "Say what is right"),
        ("corrected_on", None, "on which day"),
    ],
)
def test_an_incomplete_one_may_be_saved_and_not_published(article, field, value, sentence):
    article.corrections.update(**{field: value})

    revision = record(article, by=None)

    with pytest.raises(NotReady) as refused:
        publish(revision, by=None, change_note="Corrected.")
    assert sentence in sentences(refused)


def test_who_noticed_may_stay_unsaid(client, article):
    article.corrections.update(noticed_by="")
    build.published(article)

    assert "Noticed by" not in text(client, "/articles/relations/")


def test_a_place_that_is_gone_is_not_linked(client, article):
    article.facts.filter(anchor="embassy").delete()
    build.published(article)

    assert 'href="#fact-embassy"' not in text(client, "/articles/relations/")


def test_its_words_may_be_redacted_and_it_stays(client, article):
    build.published(article)

    redact(article, passages=["a reader in Riga"], reason="Privacy.", by=None)
    build.published(article)

    for address in ("/corrections/", "/articles/relations/", "/articles/relations/history/1/"):
        assert "Riga" not in text(client, address)
        assert "The embassy closed in 1918." in text(client, address)


def test_schema_org_is_told(client, article):
    build.published(article)

    page = text(client, "/articles/relations/")

    graph = json.loads(re.search(r'ld\+json">(.+?)</script>', page, re.DOTALL)[1])["@graph"]
    told = next(node for node in graph if node["@type"] == "Article")["correction"]
    assert [one["@type"] for one in told] == ["CorrectionComment"]
    assert told[0]["datePublished"] == "2026-11-20"
    assert "The embassy closed in 1918." in told[0]["text"]
    assert "It closed in February 1919." in told[0]["text"]


def test_it_is_exported_and_imported(article):
    recorded = record(article, by=None)
    Article.objects.all().delete()

    imported = import_document(recorded.document, by=None)

    assert imported.revision.digest == recorded.digest
    assert Correction.objects.get().noticed_by == "a reader in Riga"


def test_an_editor_enters_one_in_the_articles_form():
    article = build.article()
    record(article, by=None)
    form = desk.open_form(desk.client_of(build.editor()), desk.address(article))
    form["corrections-0-wrong"] = "Three consulates."
    form["corrections-0-right"] = "None since 2021."
    form["corrections-0-noticed_by"] = "A reader"
    form["corrections-0-corrected_on"] = "2026-11-22"

    assert form.send().status_code == 302

    entered = Correction.objects.get(article=article)
    assert (entered.wrong, entered.noticed_by) == ("Three consulates.", "A reader")
    assert "corrections" in article.latest_revision.document["parts"]


def test_somebody_who_may_not_change_corrections_is_not_given_the_rows():
    article = build.article()
    record(article, by=None)
    client = desk.client_of(build.user("reader", "view_article"))

    assert "corrections-0-wrong" not in client.get(desk.address(article)).content.decode()
