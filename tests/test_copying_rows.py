"""Rows of any part are copied from one article to another, with what belongs to them."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from articles.copying import copy_rows
from articles.models import AuditEntry, Citation
from articles.recording import record
from publishing.parts import parts
from tests import build, desk
from tests.pull_quotes.models import PullQuote

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return desk.client_of(build.editor())


@pytest.fixture
def article():
    made = build.full_article(title="From here")
    PullQuote.objects.create(article=made, words="We leave tonight.", image=build.image("pink"))
    record(made, by=None)
    return made


@pytest.fixture
def other():
    made = build.article(title="To there")
    record(made, by=None)
    return made


def part_named(name: str):
    return next(part for part in parts() if part.name == name)


def address(name: str, *rows) -> str:
    query = "&".join(f"row={row.uid}" for row in rows)
    return f"{reverse('admin:articles_article_copy', args=[name])}?{query}"


# The deed


@pytest.mark.parametrize("part", parts(), ids=lambda part: part.name)
def test_a_row_of_every_part_is_copied_whole(part, article, other):
    row = part.working_rows(article)[0]
    before = part.read_row(row)

    (copy,) = copy_rows(part, [row], to=other, by=None)

    after = part.read_row(part.model.objects.get(pk=copy.pk))
    for plain in (before, after):
        plain.pop("uid")
        plain.pop("anchor", None)
    assert after == before
    assert copy.uid != row.uid
    assert copy.article == other
    assert part.model.objects.filter(pk=row.pk, article=article).exists()
    assert str(copy.uid) in other.latest_revision.content


def test_it_comes_last_with_an_anchor_that_is_free(article, other):
    section = article.sections.first()
    build.section(other, heading=section.heading, anchor=section.anchor)

    (copy,) = copy_rows(part_named("sections"), [section], to=other, by=None)

    assert list(other.sections.all())[-1] == copy
    assert copy.anchor == f"{section.anchor}-2"


def test_its_citations_and_its_picture_come_along(article, other):
    section = article.sections.exclude(image=None).get()

    (copy,) = copy_rows(part_named("sections"), [section], to=other, by=None)

    assert copy.image == section.image
    cited = Citation.objects.get(article=other)
    assert cited.source == Citation.objects.get(article=article, row_uid=section.uid).source
    assert cited.row_uid == copy.uid


def test_both_articles_are_recorded_and_it_is_written_down(article, other):
    article.title = "Changed, and not recorded yet"
    article.save()
    rows = list(article.events.all()[:2])

    copy_rows(part_named("timeline"), rows, to=other, by=build.editor())

    assert article.latest_revision.number == 2
    assert other.latest_revision.number == 2
    assert other.latest_revision.created_by.username == "editor"
    entry = AuditEntry.objects.get(deed=AuditEntry.Deed.COPIED)
    assert entry.article_uid == other.uid
    assert entry.details == {"part": "timeline", "rows": 2, "sources": [str(article.uid)]}


def test_a_row_can_be_copied_within_its_article(article):
    section = article.sections.first()
    (copy,) = copy_rows(part_named("sections"), [section], to=article, by=None)
    assert list(article.sections.all())[-1] == copy


def test_what_would_point_from_an_article_to_itself_is_refused(article, other):
    link = article.seealsos.create(target=other)

    with pytest.raises(ValidationError, match="points at the article"):
        copy_rows(part_named("see-also"), [link], to=other, by=None)
    assert not other.seealsos.exists()


def test_what_was_deleted_meanwhile_is_refused(article, other):
    section = article.sections.first()
    article.sections.filter(pk=section.pk).delete()
    with pytest.raises(ValidationError, match="was deleted meanwhile"):
        copy_rows(part_named("sections"), [section], to=other, by=None)


# The page


def test_the_tabs_lead_there_from_every_saved_row(client, article):
    page = client.get(desk.address(article)).content.decode()
    chief = desk.client_of(build.user("chief", is_superuser=True))
    everything = chief.get(desk.address(article)).content.decode()

    for part in parts():
        row = part.working_rows(article)[0]
        assert address(part.name, row) in everything
    assert address("sections", article.sections.first()) in page
    assert address("pull-quotes", PullQuote.objects.get()) not in page


def test_an_article_is_chosen_and_the_copy_is_there(client, article, other):
    section = article.sections.first()
    form = desk.open_form(client, address("sections", section))
    form["to"] = str(other.pk)

    answer = form.send()

    assert answer["Location"] == f"{desk.address(other)}#tab-sections"
    page = client.get(desk.address(other)).content.decode()
    assert "Copied to “To there”, where it is the last." in page
    assert other.sections.count() == 2


def test_the_form_of_a_row_leads_there_too(client, article):
    event = article.events.first()
    page = client.get(f"/admin/timeline/event/{event.pk}/change/").content.decode()
    assert address("timeline", event) in page


def test_several_are_chosen_in_their_list(client, article, other):
    questions = [article.questions.get(), build.question(other)]
    answer = client.post(
        "/admin/faq/question/",
        {"action": "copy_to_article", "_selected_action": [row.pk for row in questions]},
    )
    form = desk.open_form(client, answer["Location"])
    form["to"] = str(build.article(title="A third").pk)

    said = form.send(follow=True).content.decode()

    assert "2 rows copied to “A third”, where they are the last." in said


def test_a_refusal_is_said_on_the_page(client, article, other):
    link = article.seealsos.create(target=other)
    form = desk.open_form(client, address("see-also", link))
    form["to"] = str(other.pk)
    assert "points at the article" in form.send().content.decode()


@pytest.mark.parametrize("to", ["", "0", "x"])
def test_without_an_article_nothing_is_copied(client, article, to):
    form = desk.open_form(client, address("sections", article.sections.first()))
    form["to"] = to
    page = form.send()
    assert page.status_code == 200
    assert "desk-error" in page.content.decode()


def test_what_is_not_there_is_not_found(client, article, other):
    section = article.sections.first()
    assert client.get(address("sections")).status_code == 404
    assert client.get(address("no-part", section)).status_code == 404
    assert client.get(address("facts", section)).status_code == 404
    assert client.get(address("sections") + "row=nonsense").status_code == 404


def test_who_may_not_write_sections_copies_none(article, other):
    client = desk.client_of(build.user("helper", "view_article", "change_article", "view_section"))
    section = article.sections.first()

    assert client.get(address("sections", section)).status_code == 403
    answer = client.post(address("sections"), {"row": section.uid, "to": other.pk})
    assert answer.status_code == 403
    assert other.sections.count() == 1
    page = client.get(desk.address(article)).content.decode()
    assert reverse("admin:articles_article_copy", args=["sections"]) not in page
