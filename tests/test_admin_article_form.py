"""The article's form: every part has a tab, every save is recorded, nothing typed is lost."""

from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.recording import record
from publishing.parts import parts
from tests import build, desk
from tests.pull_quotes.models import PullQuote

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return desk.client_of(build.editor())


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_an_incomplete_draft_is_saved(client):
    form = desk.open_form(client, desk.ARTICLES + "add/")
    form["title"] = "Only a title yet"

    response = form.send()

    article = Article.objects.get()
    assert response["Location"] == desk.address(article)
    assert article.latest_revision.document["article"]["title"] == "Only a title yet"


def test_even_an_empty_draft_is_saved(client):
    desk.open_form(client, desk.ARTICLES + "add/").send()

    article = Article.objects.get()
    assert (article.slug, article.revisions.count()) == ("", 1)


def test_the_first_save_with_a_title_gives_the_address(client):
    form = desk.open_form(client, desk.ARTICLES + "add/")
    form["title"] = "Was it ever severed?"
    form.send()

    article = Article.objects.get()
    assert article.slug == "was-it-ever-severed"

    form = desk.open_form(client, desk.address(article))
    form["title"] = "Another title"
    form.send()
    assert article.slug == "was-it-ever-severed"


def test_a_save_is_recorded_with_who_made_it(client):
    article = build.full_article()
    record(article, by=None)
    form = desk.open_form(client, desk.address(article))
    form["summary"] = "Said anew."

    form.send()

    latest = article.latest_revision
    assert (latest.number, latest.created_by.username) == (2, "editor")
    assert latest.document["article"]["summary"] == "Said anew."


def test_a_save_that_changes_nothing_records_nothing(client):
    article = build.full_article()
    record(article, by=None)

    assert desk.open_form(client, desk.address(article)).send().status_code == 302
    assert article.revisions.count() == 1


def test_topics_and_bylines_are_in_the_revision_of_the_same_save(client):
    article, topic, person = build.article(), build.topic(name="Treaties"), build.person()
    form = desk.open_form(client, desk.address(article))
    form["topics"], form["written_by"] = [topic.pk], [person.pk]

    form.send()

    own = article.latest_revision.document["article"]
    assert [one["name"] for one in own["topics"]] == ["Treaties"]
    assert [one["uid"] for one in own["written_by"]] == [str(person.uid)]


def test_rows_are_written_and_recorded_in_the_same_save(client):
    article = build.article()
    form = desk.open_form(client, desk.address(article))
    form["sections-0-body"] = "Written anew."
    form["facts-1-characteristic"], form["facts-1-value"] = "Founded", "In 1809."

    form.send()

    document = article.latest_revision.document
    assert document["parts"]["sections"]["rows"][0]["body"] == "Written anew."
    assert [row["characteristic"] for row in document["parts"]["facts"]["rows"]][-1] == "Founded"


def test_a_new_row_lands_last(client):
    article = build.article()
    build.section(article, heading="Second", position=7)
    form = desk.open_form(client, desk.address(article))
    form["sections-2-heading"] = "New"

    form.send()

    assert list(article.sections.values_list("heading", flat=True))[-1] == "New"


def test_a_new_row_may_be_put_between_others(client):
    article = Article.objects.create(title="Ordered")
    for heading in ("First", "Second"):
        build.section(article, heading=heading)
    form = desk.open_form(client, desk.address(article))
    form["sections-2-heading"], form["sections-2-position"] = "New", "2"
    form["sections-1-position"] = "3"

    form.send()

    assert list(article.sections.values_list("heading", flat=True)) == ["First", "New", "Second"]


def test_a_row_that_was_only_moved_is_no_row_yet(client):
    article = build.article()
    form = desk.open_form(client, desk.address(article))
    form["facts-1-position"] = "2"

    form.send()

    assert article.facts.count() == 1


def test_rows_change_places(client):
    article = Article.objects.create(title="Ordered")
    for heading in ("First", "Second", "Third"):
        build.section(article, heading=heading)
    form = desk.open_form(client, desk.address(article))
    for place, number in enumerate(("3", "1", "2")):
        form[f"sections-{place}-position"] = number

    form.send()

    rows = article.latest_revision.document["parts"]["sections"]["rows"]
    assert [row["heading"] for row in rows] == ["Second", "Third", "First"]


def test_a_row_is_deleted(client):
    article = build.article()
    form = desk.open_form(client, desk.address(article))
    form["facts-0-DELETE"] = "on"

    form.send()

    assert not article.facts.exists()
    assert "facts" not in article.latest_revision.document["parts"]


def test_two_rows_cannot_share_an_anchor(client):
    article = build.article()
    build.section(article, anchor="since-2016")
    form = desk.open_form(client, desk.address(article))
    form["sections-2-heading"], form["sections-2-anchor"] = "Another", "since-2016"
    form["sections-2-body"] = "This text must not be lost."

    response = form.send()

    assert response.status_code == 200
    assert "This text must not be lost." in response.content.decode()
    assert article.sections.count() == 2


def test_the_anchor_of_a_section_may_not_be_that_of_a_part(client):
    article = build.article()
    form = desk.open_form(client, desk.address(article))
    form["sections-0-anchor"] = "timeline"

    assert "is the name of a part" in form.send().content.decode()


def test_every_registered_part_has_its_tab():
    client = desk.client_of(build.user("chief", is_superuser=True))
    page = client.get(desk.address(build.full_article())).content.decode()

    assert [part.name for part in parts() if f'id="tab-{part.name}"' not in page] == []
    assert 'id="tab-pull-quotes"' in page


def test_a_part_that_settings_add_is_edited_without_a_line_of_its_own():
    client = desk.client_of(build.user("chief", is_superuser=True))
    article = build.article()
    form = desk.open_form(client, desk.address(article))
    form["pullquotes-0-words"] = "Never formally severed."

    form.send()

    assert PullQuote.objects.get().article == article
    rows = article.latest_revision.document["parts"]["pull-quotes"]["rows"]
    assert [row["words"] for row in rows] == ["Never formally severed."]


def test_tabs_of_what_one_may_not_see_are_not_there(client):
    page = client.get(desk.address(build.article())).content.decode()
    assert 'id="tab-pull-quotes"' not in page
    assert 'id="tab-timeline"' in page


def test_events_and_questions_are_lists_that_lead_to_their_forms(client):
    article = build.article()
    event = build.event(article, title="The Bolsheviks take power", date="1917-11-07")
    question = build.question(article, question="Was it ever severed?")

    page = client.get(desk.address(article)).content.decode()

    assert f'href="/admin/timeline/event/{event.pk}/change/?from=article"' in page
    assert "7 November 1917" in page
    assert f'href="/admin/faq/question/{question.pk}/change/?from=article"' in page
    assert f"/admin/timeline/event/add/?article={article.pk}&amp;from=article" in page


def test_questions_are_put_in_order_by_one_field(client):
    article = build.article()
    first, second, third = (build.question(article) for _ in range(3))
    form = desk.open_form(client, desk.address(article))
    form["order-faq"] = ",".join(str(one.uid) for one in (third, first, second))

    form.send()

    assert list(article.questions.all()) == [third, first, second]
    rows = article.latest_revision.document["parts"]["faq"]["rows"]
    assert [row["uid"] for row in rows] == [str(one.uid) for one in (third, first, second)]


def test_a_question_added_meanwhile_comes_after_those_put_in_order(client):
    article = build.article()
    first, second = build.question(article), build.question(article)
    form = desk.open_form(client, desk.address(article))
    form["order-faq"] = f"{second.uid},{first.uid}"
    added = build.question(article)

    form.send()

    assert list(article.questions.all()) == [second, first, added]


def test_the_sources_cited_are_listed_as_the_page_numbers_them(client):
    article = build.article()
    second, first = build.source(key="second"), build.source(key="first", kind="primary")
    build.section(article, heading="Why", body=f"One.[@{first.key}] Two.[@{second.key}]")
    record(article, by=None)

    page = client.get(desk.address(article)).content.decode()

    tab = page[page.index('id="tab-sources-cited"') :]
    assert tab.index(first.title) < tab.index(second.title)
    assert "Primary" in tab
    assert "section 2" in tab


def test_an_article_with_200_events_saves_without_loss(client):
    article = build.full_article()
    for number in range(200):
        build.event(article, title=f"Event {number}", date=f"19{number % 100:02}")
    record(article, by=None)
    form = desk.open_form(client, desk.address(article))
    assert len(form.values) < 120
    form["summary"] = "Said anew."

    assert form.send().status_code == 302

    document = article.latest_revision.document
    assert len(document["parts"]["timeline"]["rows"]) == 203
    assert document["article"]["summary"] == "Said anew."


def test_more_facts_than_djangos_own_limit_of_fields_would_take(client):
    article = build.article()
    for number in range(150):
        build.fact(article, characteristic=f"Fact {number}", as_of=date(2026, 1, 1))
    form = desk.open_form(client, desk.address(article))
    assert 1000 < sum(map(len, form.values.values())) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS

    assert form.send().status_code == 302
    assert article.facts.count() == 151


def test_the_form_asks_as_many_questions_of_the_database_whatever_it_holds(client):
    few, many = build.full_article(), build.full_article()
    for number in range(30):
        build.event(many, title=f"Event {number}", image=build.image(f"#0000{number + 16}"))
        build.question(many)
        build.fact(many)
        build.section(many, image=build.image(f"#00{number + 16}00"))
        many.seealsos.create(target=few)
    for article in (few, many):
        record(article, by=None)

    assert queries(client, desk.address(many)) == queries(client, desk.address(few))


def test_saving_asks_as_much_with_2_events_as_with_200(client):
    few, many = build.full_article(), build.full_article()
    for _ in range(200):
        build.event(many)
    counts = []
    for article in (few, many):
        record(article, by=None)
        form = desk.open_form(client, desk.address(article))
        form["summary"] = "Said anew."
        with CaptureQueriesContext(connection) as captured:
            assert form.send().status_code == 302
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_save_and_publish_saves_first(client):
    article = build.article()
    form = desk.open_form(client, desk.address(article))
    form["title"] = "Typed just now"

    assert form.send("_publish")["Location"] == desk.address(article, "publish")
    assert article.latest_revision.document["article"]["title"] == "Typed just now"
    form = desk.open_form(client, desk.address(article))
    assert form.send("_schedule")["Location"] == desk.address(article, "schedule")


def test_an_author_writes_and_is_offered_no_publishing():
    article = build.article()
    page = desk.client_of(build.author()).get(desk.address(article)).content.decode()

    assert "Save draft" in page
    assert 'name="_publish"' not in page
    assert desk.address(article, "withdraw") not in page


def test_who_may_only_look_gets_the_words_and_no_button():
    article = build.article(title="To be read")
    build.section(article, heading="A section to be read")
    looker = build.user("looker", "view_article", "view_section")
    response = desk.client_of(looker).get(desk.address(article))

    page = response.content.decode()
    assert response.status_code == 200
    assert "A section to be read" in page
    assert "Save draft" not in page
    assert 'name="title"' not in page


def test_an_article_that_was_published_is_not_deleted():
    article = build.published_article()
    client = desk.client_of(build.user("chief", is_superuser=True))

    page = client.get(desk.address(article, "delete"))
    answer = client.post(desk.address(article, "delete"), {"post": "yes"})

    assert "was published, so it stays" in page.content.decode()
    assert "Nothing was deleted" in answer.content.decode()
    assert Article.objects.filter(pk=article.pk).exists()


def test_nor_by_the_list():
    published, draft = build.published_article(), build.article()
    client = desk.client_of(build.user("chief", is_superuser=True))
    chosen = {"action": "delete_selected", "_selected_action": [published.pk], "post": "yes"}

    client.post(desk.ARTICLES, chosen)
    assert Article.objects.filter(pk=published.pk).exists()

    client.post(desk.ARTICLES, {**chosen, "_selected_action": [draft.pk]})
    assert not Article.objects.filter(pk=draft.pk).exists()


def test_deleting_a_draft_records_the_articles_that_named_it(client):
    named, naming = build.article(), build.article()
    naming.seealsos.create(target=named)
    record(naming, by=None)

    client.post(desk.address(named, "delete"), {"post": "yes"})

    latest = naming.latest_revision
    assert latest.number == 2
    assert latest.created_by.username == "editor"
    assert "see-also" not in latest.document["parts"]


def test_a_browsers_line_breaks_change_nothing(client):
    article = build.article(summary="One line.\n\nAnother line.")
    section = build.section(article, body="A paragraph.\n\nAnother one.")
    record(article, by=None)
    form = desk.open_form(client, desk.address(article))
    for values in form.values.values():
        values[:] = [str(value).replace("\n", "\r\n") for value in values]

    assert "Saved as revision 1." in form.send(follow=True).content.decode()

    section.refresh_from_db()
    assert section.body == "A paragraph.\n\nAnother one."
    assert article.revisions.count() == 1
