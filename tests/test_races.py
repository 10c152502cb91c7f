"""Two people at the same moment: on every database their deeds happen one after the other."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from articles.addressing import change_slug, give_first_slug
from articles.deeds import Scheduled, cancel, expire, publish, schedule, withdraw
from articles.models import Address, Article, Publication
from articles.recording import record
from articles.verifying import State, verify
from comments import writing
from comments.models import Comment, Discussion, Report, Transition
from comments.moderating import approve, keep, mark_as_spam, pin, reject
from comments.seen import Seen
from comments.undoing import last_deeds, undo
from publishing.stamps import comments_stamp, tokens, touch
from tests import build
from tests.racing import at_once, errors

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5
HOUR = timedelta(hours=1)


def revisions_of(article: Article, count: int) -> list:
    """Record several different contents of an article."""
    made = []
    for number in range(count):
        article.title = f"Content {number}"
        article.save()
        made.append(record(article, by=None))
    return made


def assert_line_is_whole(article: Article) -> None:
    """At most one is live at any moment, numbers follow each other, and the chain holds."""
    line = list(article.publications.filter(cancelled_at=None).order_by("goes_live_at"))
    assert [publication.number for publication in line] == list(range(1, len(line) + 1))
    for publication, following in pairwise(line):
        assert publication.ends_at <= following.goes_live_at
    assert all(verdict.state == State.GOOD for verdict in verify(article))
    for publication in line:
        assert article.publications.live(publication.goes_live_at).count() <= 1


# Publishing


@pytest.mark.parametrize("count", [2, 4])
def test_of_publications_at_once_exactly_one_is_live(count):
    for _ in range(ROUNDS):
        article = build.article()
        revisions = revisions_of(article, count)

        outcomes = at_once(
            *(
                lambda revision=revision: publish(
                    revision, by=None, change_note="At once.", scheduled=Scheduled.KEEP
                )
                for revision in revisions
            )
        )

        assert errors(outcomes) == []
        assert sorted(publication.number for publication in outcomes) == list(range(1, count + 1))
        assert article.publications.live(timezone.now() + HOUR).count() == 1
        assert_line_is_whole(article)


def test_publishing_while_somebody_withdraws_leaves_one_of_both():
    for _ in range(ROUNDS):
        article = build.published_article()
        (revision,) = revisions_of(article, 1)

        outcomes = at_once(
            lambda revision=revision: publish(revision, by=None, change_note="At once."),
            lambda article=article: withdraw(article, by=None),
        )

        assert errors(outcomes) == []
        second = outcomes[0]
        second.refresh_from_db()
        live = article.publications.live(timezone.now() + HOUR)
        assert list(live) == ([] if second.ends_at else [second])
        assert_line_is_whole(article)


def test_two_people_cannot_schedule_the_same_moment():
    article = build.published_article()
    moment = timezone.now() + HOUR

    outcomes = at_once(
        *(
            lambda revision=revision: schedule(
                revision, goes_live_at=moment, by=None, change_note="Later."
            )
            for revision in revisions_of(article, 2)
        )
    )

    (error,) = errors(outcomes)
    assert isinstance(error, ValidationError)
    assert_line_is_whole(article)


def test_publishing_now_and_cancelling_what_waits_agree():
    for _ in range(ROUNDS):
        article = build.article()
        first, second = revisions_of(article, 2)
        waiting = schedule(first, goes_live_at=timezone.now() + HOUR, by=None, change_note="Later.")

        outcomes = at_once(
            lambda second=second: publish(
                second, by=None, change_note="Now.", scheduled=Scheduled.KEEP
            ),
            lambda waiting=waiting: cancel(waiting, by=None),
        )

        assert errors(outcomes) == []
        assert article.publications.live(timezone.now() + 2 * HOUR).get() == outcomes[0]
        assert_line_is_whole(article)


def test_an_expiry_and_the_next_publication_agree():
    for _ in range(ROUNDS):
        article = build.published_article()
        live = article.publications.get()
        (revision,) = revisions_of(article, 1)
        moment = timezone.now() + HOUR

        outcomes = at_once(
            lambda revision=revision: publish(revision, by=None, change_note="At once."),
            lambda live=live, moment=moment: expire(live, at=moment, by=None),
        )

        # Whoever comes second may find that it has ended already.
        assert all(isinstance(error, ValidationError) for error in errors(outcomes))
        assert not isinstance(outcomes[0], Exception)
        assert_line_is_whole(article)


def test_articles_published_at_once_wait_for_each_other_and_not_in_a_circle():
    articles = [build.article() for _ in range(6)]
    for article in articles:
        for other in articles:
            article.seealsos.create(target=other)

    outcomes = at_once(*(lambda article=article: build.published(article) for article in articles))

    assert errors(outcomes) == []
    assert Publication.objects.live(timezone.now() + HOUR).count() == 6


# Recording


def test_what_two_people_record_at_once_gets_numbers_that_follow_each_other():
    for _ in range(ROUNDS):
        article = build.article()
        facts = [build.fact(article) for _ in range(4)]

        def change_and_record(fact, article=article):
            fact.value = f"Changed {fact.pk}"
            fact.save()
            return record(article, by=None)

        outcomes = at_once(*(lambda fact=fact: change_and_record(fact) for fact in facts))

        assert errors(outcomes) == []
        numbers = list(article.revisions.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        latest = article.revisions.get(number=numbers[-1])
        assert all(f"Changed {fact.pk}" in latest.content for fact in facts)


def test_the_same_recorded_twice_at_once_is_one_revision():
    for _ in range(ROUNDS):
        article = build.article()

        outcomes = at_once(*[lambda article=article: record(article, by=None)] * 3)

        assert errors(outcomes) == []
        assert len(set(outcomes)) == 1
        assert article.revisions.count() == 1


# Addresses


def test_of_two_articles_that_want_one_address_one_gets_it():
    for number in range(ROUNDS):
        articles = [build.article(), build.article()]

        outcomes = at_once(
            *(
                lambda article=article, number=number: change_slug(
                    article, f"wanted-{number}", by=None
                )
                for article in articles
            )
        )

        (error,) = errors(outcomes)
        assert isinstance(error, ValidationError)
        assert Address.objects.filter(slug=f"wanted-{number}").count() == 1
        for article in articles:
            assert article.addresses.filter(is_current=True).count() == 1


def test_one_article_renamed_twice_at_once_has_one_address():
    for _ in range(ROUNDS):
        article = build.article()
        slugs = [f"{article.slug}-a", f"{article.slug}-b"]

        outcomes = at_once(
            *(
                lambda slug=slug, article=article: change_slug(article, slug, by=None)
                for slug in slugs
            )
        )

        assert errors(outcomes) == []
        assert article.addresses.get(is_current=True).slug in slugs
        assert article.addresses.count() == 3


def test_two_articles_that_swap_addresses_do_not_wait_in_a_circle():
    for _ in range(ROUNDS):
        first, second = build.article(), build.article()
        old_first, old_second = first.slug, second.slug

        outcomes = at_once(
            lambda first=first, slug=old_second: change_slug(first, slug, by=None),
            lambda second=second, slug=old_first: change_slug(second, slug, by=None),
        )

        assert all(isinstance(error, ValidationError) for error in errors(outcomes))
        assert len(errors(outcomes)) == 2


def test_two_new_articles_with_one_title_get_an_address_each():
    for number in range(ROUNDS):
        title = f"The same title {number}"
        articles = [Article.objects.create(title=title) for _ in range(3)]

        outcomes = at_once(
            *(lambda article=article: give_first_slug(article, by=None) for article in articles)
        )

        assert errors(outcomes) == []
        stem = f"the-same-title-{number}"
        assert {address.slug for address in outcomes} == {stem, f"{stem}-2", f"{stem}-3"}


# Comments


def test_a_comment_approved_twice_at_once_is_approved_once():
    article = build.published_article()
    editors = [build.editor("ada"), build.editor("grace")]
    for _ in range(ROUNDS):
        comment = build.comment(article, state="pending")

        decisions = at_once(
            *(lambda by=by, comment=comment: approve([comment], by=by) for by in editors)
        )

        assert errors(decisions) == []
        assert sorted((len(one.done), len(one.already)) for one in decisions) == [(0, 1), (1, 0)]
        (decided,) = [by for by, one in zip(editors, decisions, strict=True) if one.done]
        comment.refresh_from_db()
        assert comment.decided_by == decided


def test_comments_decided_in_opposite_orders_do_not_wait_in_a_circle():
    article, by = build.published_article(), build.editor()
    comments = [build.comment(article, state="pending") for _ in range(8)]
    for _ in range(ROUNDS):
        outcomes = at_once(
            lambda: approve(comments, by=by),
            lambda: reject(list(reversed(comments)), by=by),
        )

        assert errors(outcomes) == []
        assert len({comment.state for comment in Comment.objects.all()}) == 1


def test_a_comment_sent_twice_at_once_is_stored_once():
    article = build.published_article()
    live = article.publications.get()

    outcomes = at_once(
        *[lambda: writing.post(live, name="Ada", body="I was there.", network="a")] * 3
    )

    assert [type(error) for error in errors(outcomes)] == [writing.AlreadyReceived] * 2
    assert Comment.objects.count() == 1


def test_a_comment_mended_while_it_is_approved_is_not_shown_unseen():
    article, by = build.published_article(), build.editor()
    live = article.publications.get()
    for number in range(ROUNDS):
        posted = writing.post(live, name="Ada", body=f"First {number}.", network=f"n{number}")
        seen = {posted.comment.pk: Seen.of(posted.comment)}

        outcomes = at_once(
            lambda posted=posted, seen=seen: approve([posted.comment], by=by, seen=seen),
            lambda posted=posted, number=number: writing.mend(
                posted.comment, name="Ada", email="", body=f"Second {number}."
            ),
        )

        assert errors(outcomes) == []
        posted.comment.refresh_from_db()
        assert posted.comment.state == Comment.State.PENDING
        assert posted.comment.body == f"Second {number}."


def test_of_moderators_who_decide_at_once_about_what_they_saw_one_does():
    article = build.published_article()
    people = [build.editor(f"editor-{number}") for number in range(3)]
    for _ in range(ROUNDS):
        comment = build.comment(article, "pending")
        seen = {comment.pk: Seen.of(comment)}
        deeds = zip((approve, reject, mark_as_spam), people, strict=True)

        outcomes = at_once(
            *(
                lambda deed=deed, by=by, comment=comment, seen=seen: deed(
                    [comment], by=by, seen=seen
                )
                for deed, by in deeds
            )
        )

        assert errors(outcomes) == []
        assert [len(outcome.done) for outcome in outcomes].count(1) == 1
        assert Transition.objects.filter(comment=comment, by__isnull=False).count() == 1
    assert Discussion.objects.get().shown == article.comments.approved().count()


def test_a_decision_that_is_taken_back_twice_at_once_is_taken_back_once():
    article, by = build.published_article(), build.editor()
    for _ in range(ROUNDS):
        comment = build.comment(article, "pending")
        approve([comment], by=by)
        (deed,) = last_deeds(by, 1)

        outcomes = at_once(*[lambda deed=deed: undo(deed.last, by=by)] * 3)

        assert errors(outcomes) == []
        assert sorted(len(outcome.done) for outcome in outcomes) == [0, 0, 1]
        comment.refresh_from_db()
        assert comment.state == Comment.State.PENDING
    assert Discussion.objects.get().shown == 0


def test_of_comments_pinned_at_once_three_are():
    article, by = build.published_article(), build.editor()
    shown = [build.comment(article) for _ in range(5)]

    outcomes = at_once(*(lambda comment=comment: pin(comment, by=by) for comment in shown))

    assert len(errors(outcomes)) == 2
    assert Comment.objects.filter(pinned_at__isnull=False).count() == 3


def test_reports_settled_while_the_comment_is_rejected_are_settled_once():
    article, by = build.published_article(), build.editor()
    comment = build.comment(article)
    Report.objects.create(comment=comment, category="spam", made_at=timezone.now())
    Comment.objects.update(open_reports=1)
    comment.refresh_from_db()
    seen = {comment.pk: Seen.of(comment)}

    outcomes = at_once(
        lambda: keep([comment], by=by, seen=seen), lambda: reject([comment], by=by, seen=seen)
    )

    assert errors(outcomes) == []
    assert Comment.objects.get().open_reports == 0
    assert Comment.objects.get().state == Comment.State.REJECTED


def test_comments_posted_at_once_have_a_place_each():
    article = build.published_article()
    live = article.publications.get()
    root = build.comment(article)

    outcomes = at_once(
        *(
            lambda number=number: writing.post(
                live, name="Ada", body=f"Words {number}.", network=f"{number}", reply_to=root
            )
            for number in range(6)
        )
    )

    assert errors(outcomes) == []
    paths = list(Comment.objects.values_list("path", flat=True))
    assert len(set(paths)) == 7
    assert all(path.startswith(root.path) for path in paths)


# Stamps


def test_stamps_raised_in_opposite_orders_do_not_wait_in_a_circle():
    keys = [f"key {number}" for number in range(20)]

    def touch_often(order):
        for _ in range(30):
            with transaction.atomic():
                touch(*order)

    outcomes = at_once(lambda: touch_often(keys), lambda: touch_often(list(reversed(keys))))

    assert errors(outcomes) == []
    assert len(set(tokens(keys).values())) == 20


def test_whoever_touches_last_leaves_a_token_that_nobody_has_seen():
    article = build.published_article()
    key = comments_stamp(article.uid)
    for _ in range(ROUNDS):
        before = tokens([key])
        at_once(*[lambda: touch(key)] * 3)

        assert tokens([key]) != before
