"""Roles: which rights the groups of a newsroom have. docs/roles.md says the same in words.

The table below is all there is to extend. After every ``migrate`` each role is
given what the table says and has not been given yet, once: a right that an
administrator takes away stays away, and one that a later release adds arrives.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.utils.functional import cached_property

from publishing.parts import parts
from website.models import RightGiven

LOOK, WRITE, ALL = ("view",), ("view", "add", "change"), ("view", "add", "change", "delete")
LIBRARY = ("library.person", "library.image", "library.source", "library.topic")


@dataclass(frozen=True)
class Role:
    """A group that the site makes: its name, and the rights it begins with."""

    name: str
    may: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    library: tuple[str, ...] = ()
    like: tuple["Role", ...] = ()

    @cached_property
    def rights(self) -> set[str]:
        """All its rights as "app.codename": those named, on every part's rows, on the library."""
        own = {*self.may, *_on(_rows_of_parts(), self.rows), *_on(LIBRARY, self.library)}
        return own.union(*(role.rights for role in self.like))


AUTHOR = Role(
    "Author",
    may=(
        *(f"articles.{deed}_article" for deed in WRITE),
        "articles.add_remark",
        "articles.add_draftlink",
    ),
    rows=ALL,
    library=WRITE,
)
EDITOR = Role(
    "Editor",
    may=(
        "articles.publish_article",
        "articles.delete_article",
        *(f"website.{deed}_page" for deed in ALL),
    ),
    library=ALL,
    like=(AUTHOR,),
)
REVIEWER = Role(
    "Reviewer",
    may=(
        "articles.view_article",
        "articles.review_article",
        "articles.add_remark",
        "articles.add_draftlink",
    ),
    rows=LOOK,
    library=LOOK,
)
MODERATOR = Role(
    "Moderator",
    may=(
        "articles.view_article",
        "comments.view_comment",
        "comments.change_comment",
        "comments.moderate_comment",
        "comments.view_discussionrules",
        "comments.change_discussionrules",
        "comments.view_ban",
        "comments.change_ban",
        "comments.view_feedback",
        "comments.view_reader",
        "comments.view_outgoingmail",
    ),
)
ADMINISTRATOR = Role(
    "Administrator",
    may=(
        "articles.redact_article",
        "articles.view_auditentry",
        "articles.view_checklevel",
        "articles.change_checklevel",
        "website.share_savedfilter",
        *(f"auth.{deed}_{model}" for model in ("user", "group") for deed in ALL),
        "django_tasks_database.view_dbtaskresult",
    ),
    like=(EDITOR, REVIEWER, MODERATOR),
)
ROLES = (AUTHOR, EDITOR, REVIEWER, MODERATOR, ADMINISTRATOR)


def give_rights_after_migrating(
    using: str, apps: Any = installed, verbosity: int = 0, **_signal: Any
) -> None:
    """Bring the roles up to this release, unless the table of what was given is not there."""
    try:
        apps.get_model("website.RightGiven")
    except LookupError:
        return
    # This runs before the rights of most apps are made.
    for app in installed.get_app_configs():
        create_permissions(app, verbosity=0, using=using)
    with transaction.atomic(using=using):
        for role in ROLES:
            give_rights(role, using=using)


def give_rights(role: Role, *, using: str = "default") -> None:
    """Give the role's group what it has not been given yet; the group is made with its first.

    A group that an administrator deleted is not made again.
    """
    given = set(
        RightGiven.objects.using(using).filter(role=role.name).values_list("right", flat=True)
    )
    missing = role.rights - given
    groups = Group.objects.using(using)
    if not missing or (given and not groups.filter(name=role.name).exists()):
        return
    found = {right: row for row in _permissions(using) if (right := _name(row)) in missing}
    group, _is_new = groups.get_or_create(name=role.name)
    group.permissions.add(*found.values())
    RightGiven.objects.using(using).bulk_create(
        RightGiven(role=role.name, right=right) for right in sorted(found)
    )


def _permissions(using: str) -> models.QuerySet:
    return Permission.objects.using(using).select_related("content_type")


def _name(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def _on(labels: Iterable[str], deeds: Iterable[str]) -> Iterator[str]:
    for label in labels:
        app, _dot, model = label.partition(".")
        yield from (f"{app}.{deed}_{model}" for deed in deeds)


def _rows_of_parts() -> Iterator[str]:
    """Those of every part, also of one that a newsroom adds."""
    return (part.model._meta.label_lower for part in parts())
