"""Merging: two rows of the library that mean the same become one, and nothing is lost.

All that refers to the one comes to refer to the other; texts that cite the
one's key cite the other's. Old documents, old marks and old addresses go on
leading to the row that stayed (``library.models.MergedRow``). Live pages stay
as they are until they are published again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from articles.citing import cite_under
from articles.documents import read_document
from articles.models import Article
from articles.recording import lock, record
from library.models import LibraryRow, MergedRow, Source
from library.uses import relations_to
from publishing.stamps import ARTICLES, touch


@dataclass(frozen=True, slots=True)
class Merged:
    """The row that stayed, and the articles whose draft says so now."""

    kept: LibraryRow
    articles: list[Article]


@transaction.atomic
def merge(row: LibraryRow, *, into: LibraryRow, by: AbstractBaseUser | None) -> Merged:
    """Let ``into`` take the place of ``row`` everywhere in drafts and the library; ``row`` goes.

    What ``row`` said of itself goes with it; what ``into`` says stays. Raises
    ``ValidationError`` for rows of unlike kinds, the same row twice, rows without a name
    (an image is its file), and where both stand in one place that takes only one.
    """
    model = type(row)
    _refuse_unlike(row, into)
    articles = [lock(article) for article in articles_using(row)]
    locked = model.objects.select_for_update(of=("self",)).order_by("pk")
    rows = {one.pk: one for one in locked.filter(pk__in=[row.pk, into.pk])}
    if len(rows) < 2:
        raise ValidationError(_("One of the two is no longer in the library."))
    row, into = rows[row.pk], rows[into.pk]
    for relation in relations_to(model):
        _move(relation, row, into)
    # Texts are written anew while the old key still has its source: so their citations are known.
    for article in articles:
        if isinstance(row, Source):
            cite_under(article, read_document(article), {row.key: into.key})
    MergedRow.objects.into(row).update(into=into.uid)
    MergedRow.objects.create(
        kind=model._meta.model_name, uid=row.uid, name=getattr(row, row.known_by), into=into.uid
    )
    uid = str(row.uid)
    row.delete()
    for article in articles:
        record(article, by=by)
    log(
        Deed.MERGED,
        by=by,
        kind=model._meta.model_name,
        merged=uid,
        kept=str(into.uid),
        articles=len(articles),
    )
    # The old address of a topic or a person leads to the new one from now on.
    touch(ARTICLES)
    return Merged(into, articles)


def articles_using(row: LibraryRow) -> list[Article]:
    """Return the articles whose working rows refer to ``row`` or cite it, in one order."""
    using = models.Q(pk__in=[])
    for relation in relations_to(type(row)):
        name = relation.field.name
        found = relation.related_model._base_manager.filter(**{name: row})
        if relation.related_model is Article:
            using |= models.Q(pk__in=found.values("pk"))
        elif _is_of_article(relation.related_model):
            using |= models.Q(pk__in=found.values("article"))
    return list(Article.objects.filter(using).order_by("pk"))


def may_merge(model: type[models.Model]) -> bool:
    """Can rows of this kind be merged? Those that are known by a name; an image is its file."""
    return issubclass(model, LibraryRow) and bool(model.known_by)


def _refuse_unlike(row: LibraryRow, into: LibraryRow) -> None:
    if type(row) is not type(into):
        raise ValidationError(
            _("A %(one)s and a %(other)s cannot be merged: they are not the same kind of thing.")
            % {"one": row._meta.verbose_name, "other": into._meta.verbose_name}
        )
    if not may_merge(type(row)):
        raise ValidationError(
            _("Images are not merged: each is its own file. Choose the other one where it is used.")
        )
    if row.pk == into.pk:
        raise ValidationError(_("Choose another row: this is the one that is to be merged."))


def _move(relation: Any, row: LibraryRow, into: LibraryRow) -> None:
    for one in _referring(relation, row):
        try:
            with transaction.atomic():
                _point(one, relation.field, row, into)
        except IntegrityError:
            raise ValidationError(
                _(
                    "%(kind)s “%(one)s” cannot refer to “%(kept)s” instead: another that takes "
                    "its place is there already. Delete one of the two first."
                )
                % {"kind": one._meta.verbose_name.capitalize(), "one": one, "kept": into}
            ) from None


def _referring(relation: Any, row: LibraryRow) -> Iterator[models.Model]:
    found = relation.related_model._base_manager.filter(**{relation.field.name: row})
    yield from found.order_by("pk")


def _point(one: models.Model, field: Any, row: LibraryRow, into: LibraryRow) -> None:
    if field.many_to_many:
        several = getattr(one, field.name)
        several.add(into)
        several.remove(row)
    else:
        type(one)._base_manager.filter(pk=one.pk).update(**{field.name: into})


def _is_of_article(model: type[models.Model]) -> bool:
    try:
        return model._meta.get_field("article").related_model is Article
    except FieldDoesNotExist:
        return False
