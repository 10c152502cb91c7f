"""Copying rows of a part, whichever it is, from one article to another."""

import uuid
from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from articles.models import Article
from articles.models.working import WorkingRow
from articles.recording import lock, record
from publishing.parts import Part, Row
from publishing.row_values import Differences


@transaction.atomic
def copy_rows(
    part: Part, rows: Sequence[WorkingRow], *, to: Article, by: AbstractBaseUser | None
) -> list[WorkingRow]:
    """Copy rows of ``part`` to the end of ``to``; their citations and pictures come along.

    Each copy has a uid of its own and an anchor that is still free. The articles
    they come from are recorded too, so that a copy is always one of something
    recorded. Raises ``ValidationError`` for a row that would point from an article to itself,
    and for one that is gone.
    """
    keys = sorted({to.pk, *(row.article_id for row in rows)})
    found = Article.objects.filter(pk__in=keys).order_by("pk")
    articles = {article.pk: lock(article) for article in found}
    to = articles[to.pk]
    own = part.model.objects.filter(pk__in=[row.pk for row in rows])
    there = {row.pk: row for row in own}
    copies = [_copy(part, _still(there, row), to) for row in rows]
    for article in articles.values():
        record(article, by=by)
    log(
        Deed.COPIED,
        by=by,
        article=to,
        part=part.name,
        rows=len(copies),
        sources=sorted({str(articles[row.article_id].uid) for row in rows}),
    )
    return copies


def _still(there: dict[int, WorkingRow], row: WorkingRow) -> WorkingRow:
    if row.pk not in there:
        raise ValidationError(_("“%s” was deleted meanwhile.") % row)
    return there[row.pk]


def _copy(part: Part, row: WorkingRow, to: Article) -> WorkingRow:
    plain = part.read_row(row)
    _refuse_pointing_at_itself(part, plain, to)
    if "anchor" in plain:
        # Made anew from the title: the old one may be taken there.
        plain["anchor"] = None
    copy = part.model(article=to, uid=uuid.uuid4())
    # Place 0 stands for the last: see WorkingRow.save.
    part.write_row(copy, plain, 0, Differences())
    return copy


def _refuse_pointing_at_itself(part: Part, plain: Row, to: Article) -> None:
    for name in part.fields:
        kind = part.model._meta.get_field(name)
        if kind.related_model is Article and plain[name] == str(to.uid):
            raise ValidationError(
                _("“%s” points at the article that it would be copied to.") % part.row_title(plain)
            )
