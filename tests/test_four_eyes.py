"""With FOUR_EYES nobody approves or publishes their own last edit; without it, anybody may."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.deeds import publish
from articles.draft_links import make_link
from articles.recording import record
from articles.reviewing import record_review
from library.models import Source
from tests import build, desk

pytestmark = pytest.mark.django_db
OWN = "You made the last edit yourself"


@pytest.fixture
def four_eyes(settings):
    settings.FOUR_EYES = True


@pytest.fixture
def edith():
    return build.editor("edith")


@pytest.fixture
def emil():
    return build.editor("emil")


@pytest.fixture
def article(edith):
    made = build.article("one")
    record(made, by=edith)
    return made


def publishing(article, by):
    return publish(article.latest_revision, by=by, change_note="Out.")


def reviewing(article, by, **options):
    return record_review(
        article.latest_revision,
        person=build.person(),
        reviewed_on=timezone.localdate(),
        checked="All of it.",
        by=by,
        **options,
    )


def test_off_by_default_one_editor_does_everything(article, edith):
    reviewing(article, edith)
    assert publishing(article, edith).number == 1


def test_nobody_publishes_their_own_last_edit(four_eyes, article, edith, emil):
    with pytest.raises(ValidationError, match=OWN):
        publishing(article, edith)
    assert publishing(article, emil).number == 1


def test_nobody_approves_their_own_last_edit(four_eyes, article, edith, emil):
    with pytest.raises(ValidationError, match=OWN):
        reviewing(article, edith)
    assert reviewing(article, emil).recorded_by == emil


def test_it_holds_for_superusers_too(four_eyes, article):
    admin = User.objects.create_superuser("admin", "", "secret")
    article.title = "Changed"
    article.save()
    record(article, by=admin)
    with pytest.raises(ValidationError, match=OWN):
        publishing(article, admin)


def test_the_page_says_why_and_publishes_nothing(four_eyes, article, edith, emil):
    def press(account):
        form = desk.open_form(desk.client_of(account), desk.address(article, "publish"))
        form["change_note"] = "Out."
        return form.send(follow=True).content.decode()

    assert OWN in press(edith)
    assert not article.publications.exists()
    assert "Readers see version 1 now" in press(emil)


def test_what_the_library_changed_is_nobodys_edit(four_eyes, article, edith, emil):
    """A change in the library must not make its publisher the last to have edited the article."""
    cited = build.source()
    build.section(article, body=f"Cited.[@{cited.key}]")
    record(article, by=edith)
    Source.objects.filter(pk=cited.pk).update(title="Another title")

    for account in (emil, edith):
        form = desk.open_form(desk.client_of(account), desk.address(article, "publish"))
        form["change_note"] = "Out."
        answer = form.send(follow=True)
        if account == emil:
            assert "the article has changed since" in answer.content.decode()
    assert OWN in answer.content.decode()
    assert not article.publications.exists()
    assert publishing(article, emil).number == 1


def test_nobody_approves_their_own_edit_through_a_link_of_their_own(
    four_eyes, article, edith, emil
):
    with pytest.raises(ValidationError, match=OWN):
        make_link(article.latest_revision, by=edith, approves_as=build.person())
    link = make_link(article.latest_revision, by=emil, approves_as=build.person())
    assert reviewing(article, None, link=link, guest_name="Gus").guest_name == "Gus"
    assert make_link(article.latest_revision, by=edith, may_remark=True)


def test_an_import_by_the_system_is_not_held_up(four_eyes):
    assert build.published(build.article()).number == 1
