"""The roles may do what docs/roles.md says, and nothing else: every cell of its table is tried."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, CheckLevel, DraftLink
from articles.recording import record
from articles.reviewing import open_request, submit
from comments.banning import ban, is_banned
from comments.models import Comment
from comments.rules import rules_for
from comments.seen import token_of
from tests import build, desk, suggestions
from website.models import RightGiven, SavedFilter
from website.roles import ROLES, give_rights, give_rights_after_migrating

pytestmark = pytest.mark.django_db


def matrix() -> dict[str, dict[str, bool]]:
    """Return {action: {role: may}} as the page says."""
    lines = (Path(settings.BASE_DIR) / "docs" / "roles.md").read_text().splitlines()
    table = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("| ")
    ]
    roles = table[0][1:]
    return {
        row[0]: {role: cell == "yes" for role, cell in zip(roles, row[1:], strict=True)}
        for row in table[1:]
    }


@dataclass
class World:
    """What there is to act on."""

    draft: Article
    published: Article
    waiting: Article
    unread: Article
    comment: Comment


@pytest.fixture
def world() -> World:
    draft, waiting = build.full_article("draft"), build.article("waiting")
    record(draft, by=None)
    draft.title = "Another title"
    draft.save()
    record(draft, by=None)
    submit(record(waiting, by=None), by=None)
    published = build.published_article("published")
    comment = build.comment(published, state="pending")
    unread = build.article("unread")
    record(unread, by=None)
    return World(draft, published, waiting, unread, comment)


def member_of(role: str) -> Client:
    """Return a browser in which somebody of a role is logged in."""
    account = User.objects.create_user(f"one-{role}", is_staff=True)
    account.groups.add(Group.objects.get(name=role))
    return desk.client_of(account)


def get(name: str) -> Callable[[Client, World], int]:
    return lambda client, world: client.get(reverse(name)).status_code


def of(article: str, deed: str, *rest: int) -> Callable[[Client, World], int]:
    return lambda client, world: (
        client.get(desk.address(getattr(world, article), deed, *rest)).status_code
    )


def change(client: Client, world: World) -> int:
    address = desk.address(world.draft)
    if client.get(address).status_code != 200:
        return 403
    form = desk.open_form(client, address)
    if "title" not in form:
        return client.post(address, {"title": "Changed"}).status_code
    form["title"] = "Changed"
    return form.send().status_code


def see_queue(client: Client, world: World) -> int:
    return client.get("/admin/articles/reviewrequest/").status_code


def claim(client: Client, world: World) -> int:
    answer = client.post(
        desk.address(world.waiting, "reviewing"),
        {"claim": "1", "request": open_request(world.waiting).pk},
    )
    assert (answer.status_code == 302) == bool(open_request(world.waiting).claimed_by)
    return answer.status_code


def leave_remark(client: Client, world: World) -> int:
    page = desk.address(world.draft, "reviewing")
    answer = client.post(page, {"remark": "1", "text": "Is that so?", "place": ""})
    assert (answer.status_code == 302) == world.draft.remarks.exists()
    return answer.status_code


def approve(client: Client, world: World) -> int:
    values = {
        "revision": world.waiting.latest_revision.number,
        "person": build.person().pk,
        "reviewed_on": timezone.localdate().isoformat(),
        "checked": "All of it.",
    }
    answer = client.post(desk.address(world.waiting, "review"), values)
    assert (answer.status_code == 302) == world.waiting.reviews.exists()
    return answer.status_code


def make_link(client: Client, world: World) -> int:
    answer = client.post(desk.address(world.draft, "links"), {"hours": "48"})
    assert (answer.status_code == 302) == world.draft.draft_links.exists()
    return answer.status_code


def let_a_guest_approve(client: Client, world: World) -> int:
    values = {"hours": "48", "approves_as": build.person().pk}
    client.post(desk.address(world.draft, "links"), values)
    return 302 if DraftLink.objects.exclude(approves_as=None).exists() else 403


def publish(client: Client, world: World) -> int:
    address = desk.address(world.draft, "publish")
    values = {
        "revision": world.draft.latest_revision.number,
        "change_note": "Out.",
        "is_major": "yes",
    }
    answer = client.post(address, values)
    assert (answer.status_code == 302) == world.draft.publications.exists()
    return answer.status_code


def restore(client: Client, world: World) -> int:
    return client.post(desk.address(world.draft, "restore", 1)).status_code


def delete(client: Client, world: World) -> int:
    answer = client.post(desk.address(world.waiting, "delete"), {"post": "yes"})
    assert (answer.status_code == 302) == (not Article.objects.filter(pk=world.waiting.pk).exists())
    return answer.status_code


def delete_from_library(client: Client, world: World) -> int:
    source = build.source()
    return client.post(
        reverse("admin:library_source_delete", args=[source.pk]), {"post": "yes"}
    ).status_code


def name_revision(client: Client, world: World) -> int:
    return client.post(desk.address(world.draft, "name", 1), {"name": "Before"}).status_code


def copy_rows(client: Client, world: World) -> int:
    address = reverse("admin:articles_article_copy", args=["sections"])
    values = {"row": str(world.draft.sections.first().uid), "to": world.waiting.pk}
    answer = client.post(address, values)
    assert (answer.status_code == 302) == (world.waiting.sections.count() == 2)
    return answer.status_code


def merge(client: Client, world: World) -> int:
    merged, kept = build.source(), build.source()
    address = reverse("admin:articles_article_merge", args=["source", merged.pk])
    return client.post(address, {"keep": kept.key}).status_code


def republish(client: Client, world: World) -> int:
    topic = world.published.topics.get()
    topic.name = "Renamed"
    topic.save()
    address = reverse("admin:articles_article_republish", args=["topic", topic.pk])
    live = world.published.publications.get()
    values = {"publications": [live.pk], "change_note": "A topic was renamed."}
    answer = client.post(address, values)
    assert (answer.status_code == 302) == (world.published.publications.count() == 2)
    return answer.status_code


def decide_comment(client: Client, world: World) -> int:
    world.comment.refresh_from_db()  # as it is again, since what the last role did was taken back
    address = reverse("admin:comments_comment_decide")
    client.post(address, {"decide": "approve", "seen": token_of(world.comment)})
    world.comment.refresh_from_db()
    return 302 if world.comment.state == "approved" else 403


def set_comment_rules(client: Client, world: World) -> int:
    address = reverse("admin:comments_discussionrules_changelist")
    if client.get(address).status_code != 200:
        return client.post(address, {"most_links": "7"}).status_code
    form = desk.open_form(client, address)
    form["most_links"] = "7"
    answer = form.send()
    assert (answer.status_code == 302) == (rules_for(None).most_links == 7)
    return answer.status_code


def lift_ban(client: Client, world: World) -> int:
    made = ban("address", "a" * 64, days=3, reason="Insults", by=None)
    address = reverse("admin:comments_ban_changelist")
    answer = client.post(address, {"lift": made.pk})
    assert (answer.status_code == 302) == (not is_banned(["a" * 64], timezone.now()))
    return answer.status_code


def decide_suggestion(button: str) -> Callable[[Client, World], int]:
    def decide(client: Client, world: World) -> int:
        suggestion = suggestions.made(world.published)
        address = reverse("admin:comments_suggestion_change", args=[suggestion.pk])
        values = {"decide": button, "reply": "We looked.", "turn": "0"}
        answer = client.post(address, values)
        suggestion.refresh_from_db()
        assert (answer.status_code == 302) == (suggestion.turn == 1)
        return answer.status_code

    return decide


def share_filter(client: Client, world: World) -> int:
    values = {"name": "All", "list": "articles.article", "query": "state=live", "is_shared": "on"}
    client.post(reverse("admin:website_savedfilter_add"), values)
    return 302 if SavedFilter.objects.filter(is_shared=True).exists() else 403


def end(client: Client, world: World) -> int:
    publication = world.published.publications.get()
    values = {"expires_at": (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")}
    answer = client.post(desk.address(world.published, "end", publication.pk), values)
    publication.refresh_from_db()
    assert (answer.status_code == 302) == (publication.expires_at is not None)
    return answer.status_code


def set_level(client: Client, world: World) -> int:
    address = reverse("admin:articles_checklevel_changelist")
    answer = client.post(address, {"fact-undated": "off"})
    assert (answer.status_code == 302) == CheckLevel.objects.exists()
    return answer.status_code


TRIED: dict[str, Callable[[Client, World], int]] = {
    "read drafts, previews and history": of("draft", "preview"),
    "write an explainer": get("admin:articles_article_add"),
    "change an explainer": change,
    "add an event or a question": get("admin:timeline_event_add"),
    "restore a revision": restore,
    "name a revision": name_revision,
    "copy rows to another explainer": copy_rows,
    "change the address of a draft": of("draft", "address"),
    "change the address of what was published": of("published", "address"),
    "add to the library": get("admin:library_source_add"),
    "delete from the library": delete_from_library,
    "merge two rows of the library": merge,
    "publish live pages again with what the library says": republish,
    "submit for review": of("unread", "submit"),
    "see the queue of reviews": see_queue,
    "leave a remark": leave_remark,
    "claim a review": claim,
    "approve, record a review": approve,
    "send back": of("waiting", "send_back"),
    "make a draft link": make_link,
    "let a guest approve": let_a_guest_approve,
    "publish, schedule": publish,
    "let a page end at a time": end,
    "see what is coming": get("admin:articles_article_coming"),
    "withdraw": of("published", "withdraw"),
    "delete an explainer that was never published": delete,
    "read and decide about comments": decide_comment,
    "set the rules for comments": set_comment_rules,
    "see bans and lift them": lift_ban,
    "read what readers suggest": get("admin:comments_suggestion_changelist"),
    "accept what readers suggest": decide_suggestion("accept"),
    "decline it, answer its writer": decide_suggestion("decline"),
    "read feedback": get("admin:comments_feedback_changelist"),
    "see readers’ e-mail addresses, and what was mailed to them": get(
        "admin:comments_reader_changelist"
    ),
    "write the site’s own pages, such as the rules for comments": get("admin:website_page_add"),
    "redact": of("draft", "redact"),
    "say how much each check matters": set_level,
    "read the audit log": get("admin:articles_auditentry_changelist"),
    "look after accounts and groups": get("admin:auth_group_add"),
    "share a saved filter with everybody": share_filter,
    "see background tasks": get("admin:django_tasks_database_dbtaskresult_changelist"),
}


@pytest.mark.parametrize("action", TRIED)
def test_a_role_may_do_what_the_page_says_and_others_are_refused(action: str, world: World):
    says = matrix()[action]
    for role, may in says.items():
        status = tried(action, member_of(role), world)
        assert status in (200, 302) if may else status == 403, (role, status)


def tried(action: str, client: Client, world: World) -> int:
    """Try an action and take it back, so that the next role finds the same."""
    with transaction.atomic():
        status = TRIED[action](client, world)
        transaction.set_rollback(True)
    return status


def test_every_line_of_the_page_is_tried_and_names_the_roles_there_are():
    assert set(matrix()) == set(TRIED)
    for says in matrix().values():
        assert list(says) == [role.name for role in ROLES]


def test_migrating_made_the_groups_with_rights_that_exist():
    for role in ROLES:
        held = Group.objects.get(name=role.name).permissions.select_related("content_type")
        assert {f"{one.content_type.app_label}.{one.codename}" for one in held} == role.rights


def test_authors_may_edit_the_rows_of_a_part_that_a_newsroom_adds():
    assert "pull_quotes.change_pullquote" in ROLES[0].rights


def migrate_again() -> None:
    give_rights_after_migrating(using="default", apps=apps)


def test_what_an_administrator_took_away_stays_away():
    author = Group.objects.get(name="Author")
    taken = Permission.objects.get(codename="delete_fact")
    author.permissions.remove(taken)
    migrate_again()
    assert taken not in author.permissions.all()


def test_what_a_later_release_adds_arrives_in_groups_that_are_there():
    author = Group.objects.get(name="Author")
    added = Permission.objects.get(codename="delete_fact")
    author.permissions.remove(added)
    RightGiven.objects.filter(role="Author", right="articles.delete_fact").delete()
    migrate_again()
    assert added in author.permissions.all()


def test_a_group_that_was_deleted_is_not_made_again():
    Group.objects.get(name="Moderator").delete()
    RightGiven.objects.filter(role="Moderator").first().delete()
    migrate_again()
    assert not Group.objects.filter(name="Moderator").exists()


def test_a_database_without_the_groups_gets_them():
    Group.objects.all().delete()
    RightGiven.objects.all().delete()
    for role in ROLES:
        give_rights(role)
    assert Group.objects.count() == len(ROLES)
