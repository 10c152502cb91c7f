"""The checks: what each finds and what it leaves alone, and how much it matters to a site."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.checking import checks, found, levels, set_levels
from articles.deeds import NotReady, withdraw
from articles.documents import read_document
from articles.models import Article, AuditEntry, CheckLevel
from articles.recording import record
from library.models import Image
from publishing.checks import Level
from publishing.parts import parts
from tests import build, desk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LEVELS = "/admin/articles/checklevel/"
LONG_WORDS = "Multilateral institutionalisation notwithstanding intergovernmental considerations "


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article() -> Article:
    return build.full_article(title="Whole", review_due_on=date(2027, 5, 1))


def of(article: Article, name: str) -> list[tuple[str, str, str]]:
    """Return (part, field, sentence) of what one check finds."""
    return [
        (one.part, one.field, one.message)
        for _level, one in found(read_document(article))
        if one.check == name
    ]


def sentences(article: Article, name: str) -> list[str]:
    return [message for _part, _field, message in of(article, name)]


# What every page needs


def test_what_every_page_needs_is_always_required(article):
    Article.objects.filter(pk=article.pk).update(title="", summary="  ")

    assert of(article, "complete") == [
        ("article", "title", "Give the article a title."),
        ("article", "summary", "Write the summary that lists show."),
    ]
    with pytest.raises(ValidationError):
        set_levels({"complete": Level.OFF}, by=None)
    CheckLevel.objects.create(check_name="complete", level=Level.OFF)
    assert levels()["complete"] == Level.REQUIRED
    assert len(of(article, "complete")) == 2


# The article's own fields


@pytest.mark.parametrize(("words", "is_found"), [(60, False), (61, True)])
def test_a_summary_is_no_longer_than_a_summary(article, words, is_found):
    article.summary = "word " * words
    article.save()

    expected = [("article", "summary", "The summary has 61 words. Lists want 60 at the most.")]
    assert of(article, "summary-length") == (expected if is_found else [])


@pytest.mark.parametrize(
    ("due", "is_found"),
    [(None, False), (date(2026, 11, 22), False), (date(2026, 11, 21), True)],
)
def test_a_review_is_overdue_from_the_next_day_on(article, due, is_found):
    article.review_due_on = due
    article.save()

    assert bool(of(article, "review-overdue")) is is_found
    if is_found:
        [(part, field, message)] = of(article, "review-overdue")
        assert (part, field) == ("article", "review_due_on")
        assert "21 November 2026" in message


# Pictures


def test_a_picture_needs_words_or_is_called_decorative(article):
    assert of(article, "image-alternative") == []
    document = read_document(article)
    document["article"]["image"]["alt"] = ""

    [(level, problem)] = [one for one in found(document) if one[1].check == "image-alternative"]
    assert (level, problem.part, problem.field) == (Level.REQUIRED, "library.image", "alt")
    assert problem.uid == str(article.image.uid)

    document["article"]["image"]["is_decorative"] = True
    assert not [one for _, one in found(document) if one.check == "image-alternative"]


def test_a_picture_says_whose_it_is_wherever_it_stands(article):
    assert of(article, "image-credit") == []
    Image.objects.update(credit="")
    # A third picture: of whoever wrote it.
    article.written_by.update(portrait=build.image("crimson", alt="A face", credit=""))

    assert sorted(of(article, "image-credit")) == [
        ("library.image", "credit", "The picture “A face” has no credit."),
        ("library.image", "credit", "The picture “A field of navy” has no credit."),
        ("library.image", "credit", "The picture “A field of olive” has no credit."),
    ]


def test_a_picture_shown_twice_is_told_once(article):
    Image.objects.update(credit="")
    build.section(article, image=article.image)
    assert len(of(article, "image-credit")) == 2


# Facts, events, answers: dated and sourced


def test_a_fact_is_dated_and_sourced():
    article = build.article()
    article.facts.all().delete()
    cited = build.source()
    build.fact(article, characteristic="Good", value=f"True.[@{cited.key}]")
    assert of(article, "fact-undated") == of(article, "fact-unsourced") == []

    build.fact(article, characteristic="Bad", value="True.", as_of=None)
    assert of(article, "fact-undated") == [
        ("facts", "as_of", "Say on which day “Bad” was last true.")
    ]
    assert of(article, "fact-unsourced") == [("facts", "value", "“Bad” cites no source.")]


def test_a_fact_without_words_is_asked_for_words_first():
    article = build.article()
    article.facts.all().delete()
    build.fact(article, characteristic="Empty", value="")
    assert of(article, "fact-unsourced") == []
    assert sentences(article, "complete") == ["“Empty” has no value."]


def test_an_answer_is_dated_and_sourced(article):
    assert of(article, "answer-undated") == of(article, "answer-unsourced") == []

    build.question(article, question="Why?", answer="Because.")
    assert of(article, "answer-undated") == [
        ("faq", "as_of", "Say on which day the answer to “Why?” was last true.")
    ]
    assert of(article, "answer-unsourced") == [
        ("faq", "answer", "The answer to “Why?” cites no source.")
    ]


def test_an_event_is_dated_and_sourced():
    article = build.article()
    cited = build.source()
    build.event(article, title="Good", text=f"It was.[@{cited.key}]")
    assert of(article, "event-unsourced") == []

    build.event(article, title="Bad", date="")
    assert of(article, "event-unsourced") == [("timeline", "text", "“Bad” cites no source.")]
    assert of(article, "complete") == [("timeline", "date", "“Bad” has no date.")]


# Bounds of events


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"date": "2026-11-22"}, ""),
        ({"date": "2026-11-23"}, "“It” begins in the future."),
        ({"date": "2031"}, "“It” begins in the future."),
        ({"date": "2020/.."}, ""),
        ({"date": "../2020"}, ""),
        ({"date": "2022-02", "as_of": date(2022, 2, 1)}, ""),
        ({"date": "2022-02", "as_of": date(2022, 1, 31)},
         "“It” is told as of a day before it happened."),
    ],
)  # fmt: skip
def test_an_event_has_begun_and_is_not_told_before_it_happened(given, sentence):
    article = build.article()
    build.event(article, title="It", **given)
    assert sentences(article, "event-bounds") == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("first", "second", "is_found"),
    [
        ("1809/1917", "1917/1933", False),
        ("1809/1917-11", "1917-12/1933", False),
        ("1809/1918", "1917/1933", True),
        ("1809/..", "1917/1933", True),
        ("1809/", "1917/1933", False),
    ],
)
def test_a_period_is_over_when_the_next_begins(first, second, is_found):
    article = build.article()
    for title, when in (("One", first), ("Two", second)):
        build.event(article, title=title, date=when, state=title, state_shape="force")
    # An event that is no period may overlap whatever it likes.
    build.event(article, title="Talks", date="1900/1950")

    expected = ["The period “One” is not over when “Two” begins."] if is_found else []
    assert sentences(article, "event-bounds") == expected


# Texts


@pytest.mark.parametrize(
    ("body", "left_out"),
    [
        ("No heading.", []),
        ("## One\n\nText.\n\n### Two\n\nText.\n\n## Three", []),
        ("## One\n\nText.\n\n#### Two\n\nText.", ["Two"]),
        ("### One\n\nText.\n\n## Two\n\nText.", ["One"]),
    ],
)
def test_headings_leave_no_level_out(body, left_out):
    article = build.article()
    article.sections.all().delete()
    build.section(article, body=body)

    assert of(article, "heading-order") == [
        ("sections", "body", f"In “section 1” the heading “{one}” leaves a level out.")
        for one in left_out
    ]


@pytest.mark.parametrize(
    ("body", "is_found"),
    [
        ("The treaty was signed in May. It held for nine years. " * 10, False),
        (LONG_WORDS * 20 + "prevailed.", True),
        (LONG_WORDS * 3 + "prevailed.", False),  # too short to be judged
    ],
)
def test_a_text_is_not_too_hard_to_read(body, is_found):
    article = build.article()
    article.sections.all().delete()
    build.section(article, body=body)

    found_here = of(article, "hard-to-read")
    assert bool(found_here) is is_found
    if is_found:
        assert found_here[0][:2] == ("sections", "body")


def test_other_languages_than_english_are_not_measured(settings):
    settings.LANGUAGE_CODE = "de"
    article = build.article()
    build.section(article, body=LONG_WORDS * 20 + "prevailed.")
    assert of(article, "hard-to-read") == []


def test_a_source_that_is_cited_is_in_the_library(article):
    assert of(article, "unknown-source") == []
    section = article.sections.first()
    section.body = "Cited.[@nowhere]"
    section.save()

    assert of(article, "unknown-source") == [
        ("sections", "body", "“section 1” cites [@nowhere], which is not in the library.")
    ]


# Links within the site


@pytest.fixture
def linking():
    """Return a function: does a link to ``target``, in an article, lead nowhere?"""

    def leads_nowhere(target: str, article: Article | None = None) -> bool:
        article = article or build.article()
        build.section(article, heading="Linking", body=f"See [there]({target}).")
        return bool(of(article, "broken-link"))

    return leads_nowhere


@pytest.mark.parametrize("target", ["#nowhere", "/nowhere/", "/articles/nowhere/", "/people/no/",
                                    "/topics/nowhere/", "/admin/", "#section-x"])  # fmt: skip
def test_a_link_to_nowhere_is_found(linking, target):
    assert linking(target)


@pytest.mark.parametrize("target", ["#sections", "#sources", "#history", "/", "/articles/",
                                    "/timeline/?actor=x", "https://elsewhere.example/",
                                    "mailto:desk@example.org"])  # fmt: skip
def test_a_link_to_what_is_always_there_is_not(linking, target):
    assert not linking(target)


def test_links_to_rows_and_drawings_of_the_page_are_followed(linking):
    article = build.article()
    fact = build.fact(article, characteristic="Embassy")
    build.section(article, heading="Drawn", body="```bars\ntitle: By year\n2001 | 3\n```")

    assert not linking(f"#fact-{fact.anchor}", article)
    assert not linking("#drawn", article)
    assert not linking("#figure-drawn-by-year", article)
    assert linking("#figure-drawn-by-month", article)


def test_another_article_is_found_while_it_is_live(linking):
    other = build.published_article("other", title="Other")
    section = other.sections.get()

    assert not linking("/articles/other/")
    assert not linking(f"/articles/other/#{section.anchor}")
    assert linking("/articles/other/#nowhere")
    assert not linking(f"/topics/{other.topics.get().slug}/")

    withdraw(other, by=None)
    assert linking("/articles/other/")
    assert linking(f"/topics/{other.topics.get().slug}/")


def test_see_also_names_what_readers_find(article):
    other = build.article()
    row = article.seealsos.create(target=other)
    assert of(article, "see-also-not-live") == [
        (
            "see-also",
            "target",
            "Under “See also”, readers do not find an article that is not live.",
        )
    ]
    build.published(other)
    assert of(article, "see-also-not-live") == []
    assert row.pk


# Questions asked twice


def test_a_question_is_asked_once_in_an_article():
    article = build.article()
    build.question(article, question="Was it ever severed?")
    build.question(article, question="Was it?")
    assert of(article, "duplicate-question") == []

    build.question(article, question="was it EVER “severed”")
    assert of(article, "duplicate-question") == [
        ("faq", "question", "“was it EVER “severed”” is asked twice.")
    ]


@pytest.mark.parametrize("question", ["Wer öffnete die Türen?", "Почему закрыли посольство?"])
def test_a_question_is_asked_in_one_live_article(question):
    other = build.article(title="Other")
    build.question(other, question=question)
    record(other, by=None)
    article = build.article()
    build.question(article, question=question.upper().replace("?", " ?"))
    assert of(article, "duplicate-question") == []  # the other is a draft

    build.published(other)
    [message] = sentences(article, "duplicate-question")
    assert message.endswith("is asked in “Other” too.")
    assert of(other, "duplicate-question") == []

    withdraw(other, by=None)
    assert of(article, "duplicate-question") == []


# Levels


@pytest.mark.parametrize("level", list(Level))
def test_a_level_decides_whether_a_check_blocks_is_shown_or_is_silent(level):
    article = build.article()
    article.facts.all().delete()
    build.fact(article, characteristic="Bad", value="True.")
    set_levels({"fact-unsourced": level}, by=None)

    told = [one for one in found(read_document(article)) if one[1].check == "fact-unsourced"]

    assert [one[0] for one in told] == ([] if level == Level.OFF else [level])
    if level == Level.REQUIRED:
        with pytest.raises(NotReady) as refused:
            build.published(article)
        assert [one.check for one in refused.value.problems] == ["fact-unsourced"]
    else:
        assert build.published(article).number == 1


@pytest.mark.parametrize("name", [one.name for one in checks() if not one.is_fixed])
def test_every_check_but_one_can_be_set_to_every_level(name):
    for level in Level:
        set_levels({name: level}, by=None)
        assert levels()[name] == level


def test_an_undated_fact_blocks_only_while_the_site_wants_it():
    article = build.article()
    build.fact(article, as_of=None)
    with pytest.raises(NotReady):
        build.published(article)

    set_levels({"fact-undated": Level.RECOMMENDED}, by=None)
    assert build.published(article).number == 1


def test_nothing_is_asked_when_a_draft_is_saved():
    article = Article.objects.create()
    assert record(article, by=None).number == 1


def test_checks_have_names_of_their_own_and_parts_name_only_theirs():
    names = [one.name for one in checks()]
    assert len(names) == len(set(names))
    for part in parts():
        assert all(one.name in names for one in part.checks)


def test_the_cost_of_checking_does_not_grow_with_the_rows():
    def count(article: Article) -> int:
        document = read_document(article)
        with CaptureQueriesContext(connection) as queries:
            found(document)
        return len(queries)

    def fill(article: Article, rows: int) -> None:
        for number in range(rows):
            other = build.article()
            build.section(article, body=f"[one](/articles/{other.slug}/) [two](#x{number})")
            build.question(article, question=f"Question of {rows}, {number}?")
            article.seealsos.create(target=other)

    few, many = build.full_article(), build.full_article()
    fill(few, 2)
    fill(many, 9)
    assert count(many) == count(few) < 10


# The pages


@pytest.fixture
def chief():
    return desk.client_of(
        build.user("chief", *build.WRITING, "change_checklevel", "view_checklevel")
    )


def test_an_administrator_sets_levels(chief):
    form = desk.open_form(chief, LEVELS)
    assert form["fact-undated"] == "required"
    assert "complete" not in form
    form["fact-undated"], form["hard-to-read"] = "off", "required"

    assert form.send()["Location"] == LEVELS

    assert {**levels(), "complete": "required"}["fact-undated"] == Level.OFF
    assert levels()["hard-to-read"] == Level.REQUIRED
    assert set(CheckLevel.objects.values_list("check_name", flat=True)) == {
        "fact-undated",
        "hard-to-read",
    }
    entry = AuditEntry.objects.first()
    assert (entry.deed, entry.user_name) == ("set-checks", "chief")
    assert entry.details == {"fact-undated": "Off", "hard-to-read": "Required"}


def test_a_check_that_is_not_sent_stays_as_it_is(chief):
    set_levels({"fact-undated": Level.OFF}, by=None)
    form = desk.open_form(chief, LEVELS)
    del form.values["fact-undated"]
    form["hard-to-read"] = "off"
    form.send()
    assert levels()["fact-undated"] == levels()["hard-to-read"] == Level.OFF


def test_a_level_that_does_not_exist_is_refused(chief):
    form = desk.open_form(chief, LEVELS)
    form["fact-undated"] = "sometimes"
    assert form.send().status_code == 200
    assert not CheckLevel.objects.exists()


def test_editors_do_not_set_levels():
    client = desk.client_of(build.editor())
    assert client.get(LEVELS).status_code == 403
    assert client.post(LEVELS, {"fact-undated": "off"}).status_code == 403

    reader = desk.client_of(build.user("reader", "view_checklevel"))
    page = reader.get(LEVELS).content.decode()
    assert "disabled" in page
    assert 'class="desk-button is-main">Save' not in page
    assert reader.post(LEVELS, {"fact-undated": "off"}).status_code == 403
    assert not CheckLevel.objects.exists()


def checks_page(article: Article, user) -> str:
    response = desk.client_of(user).get(desk.address(article, "checks"))
    assert response.status_code == 200
    return response.content.decode()


def test_each_finding_leads_to_the_very_field(article):
    Article.objects.filter(pk=article.pk).update(title="")
    fact = build.fact(article, characteristic="Bad", value="True.")
    event = build.event(article, title="Bad", date="2031")
    Image.objects.filter(pk=article.image.pk).update(credit="")
    record(article, by=None)

    page = checks_page(article, build.editor())

    form = desk.address(article)
    for target in (
        f"{form}#id_title",
        f"{form}#row-{fact.uid}-value",
        f"/admin/timeline/event/{event.pk}/change/?from=article#id_date",
        f"/admin/library/image/{article.image.pk}/change/#id_credit",
    ):
        assert f'<a href="{target}">' in page


def test_only_what_the_editor_can_mend_is_recommended(article):
    Image.objects.filter(pk=article.image.pk).update(credit="")
    build.event(article, title="Later", date="2031")
    record(article, by=None)
    narrow = build.user("narrow", "view_article", "change_article", "change_event")

    page = checks_page(article, narrow)

    assert "“Later” begins in the future." in page
    assert "has no credit" not in page


def test_a_draft_that_lacks_nothing_says_so(article):
    article.facts.exclude(value__contains="[@").delete()
    article.events.exclude(text__contains="[@").delete()
    record(article, by=None)
    assert "Nothing is missing." in checks_page(article, build.editor())


def test_what_is_recommended_is_shown_and_passed_over_when_publishing(article):
    build.fact(article, characteristic="Bad", value="True.")
    record(article, by=None)
    client = desk.client_of(build.editor())
    form = desk.open_form(client, desk.address(article, "publish"))
    page = client.get(form.url).content.decode()
    assert "“Bad” cites no source." in page
    assert "It may be published all the same." in page

    form["change_note"] = "First published."
    form.send()
    assert article.publications.count() == 1


def test_what_the_library_mended_is_no_longer_asked_for(article):
    set_levels({"image-credit": Level.REQUIRED}, by=None)
    Image.objects.filter(pk=article.image.pk).update(credit="")
    record(article, by=None)
    client = desk.client_of(build.editor())
    address = desk.address(article, "publish")
    assert "has no credit" in client.get(address).content.decode()

    Image.objects.filter(pk=article.image.pk).update(credit="The archive")
    page = client.get(address).content.decode()
    assert "has no credit" not in page
    assert 'name="change_note"' in page


def test_a_stranger_sees_no_checks(article):
    client = desk.client_of(build.stranger())
    assert client.get(desk.address(article, "checks")).status_code == 403


def test_past_the_deadline_of_a_review_the_clock_alone_decides(article, clock):
    assert of(article, "review-overdue") == []
    clock.shift(timedelta(days=300))
    assert len(of(article, "review-overdue")) == 1
