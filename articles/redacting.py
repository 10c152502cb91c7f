"""Redaction: what a court or privacy law takes out of what was published.

Passages are replaced everywhere in the article's history, its public rows and
search included, and in the rows of the library that it shows. Digests and
seals stay as they were, readers see when and why, and verification says
"redacted" instead of "broken". Comments are redacted by rejecting them, and an
address by changing it: both are deeds of their own.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from articles.autosaving import redact_autosaves
from articles.documents import (
    embedded_in,
    parts_not_installed,
    prepare,
    read_document,
    search_text,
    upgraded_document,
    write_document,
)
from articles.models import Article, Publication, PublishedFile, RecordedFile, Revision
from articles.passages import index
from articles.public_rows import write_public_rows
from articles.recording import lock, record
from articles.replacing import Replacing
from library.models import Image, LibraryRow, Person
from library.renditions import delete_with_renditions
from publishing.canonical import canonical_json, digest_of
from publishing.row_values import holds_words
from publishing.stamps import ARTICLES, article_stamp, comments_stamp, touch

LONGEST_REASON = Publication._meta.get_field("redaction_reason").max_length


@transaction.atomic
def redact(
    article: Article,
    *,
    passages: Sequence[str],
    reason: str,
    by: AbstractBaseUser | None,
    files: Iterable[str] = (),
) -> list[Publication]:
    """Replace passages in every revision, publication and the working copy; remove files.

    Returns the publications that changed. ``passages`` are matched as they are
    typed, whatever space stands between their words. ``files`` are names of
    image files, which are deleted for good, those apart that are
    ``also_shown_by`` another article. Raises ``ValidationError`` if nothing is
    named or found, without a reason, and for a passage that readers would still
    see because it is broken by markup.
    """
    passages = [passage for passage in passages if passage.strip()]
    files = list(files)
    _refuse_what_cannot_be_done(passages, files, reason.strip())
    replacing = Replacing(passages, files)
    article = lock(article)
    now = timezone.now()
    _redact_working_copy(article, replacing, by)
    revisions = article.revisions.all()
    found = [one for one in revisions if _redact_revision(one, replacing, reason, now)]
    publications = article.publications.select_related("revision")
    changed = [one for one in publications if _redact_publication(one, replacing, reason, now)]
    remarks = _redact_publications_remarks(article, replacing)
    # Of revisions thinned out since, only this is left to know that they showed the file.
    forgotten, _kinds = article.recorded_files.filter(name__in=files).delete()
    if not (found or changed or remarks or forgotten):
        raise ValidationError(_("Nothing of that was found in this article."))
    _redact_reviews(article, replacing)
    _redact_what_colleagues_said(article, replacing)
    redact_autosaves(article, replacing)
    _redact_names(article, replacing)
    _redact_log(replacing, passages)
    _remove_files(article, files)
    index().forget_removed()
    log(
        Deed.REDACTED,
        by=by,
        article=article,
        revisions=sorted(one.number for one in found),
        versions=sorted(one.number for one in changed if one.number),
    )
    touch(ARTICLES, article_stamp(article.uid), comments_stamp(article.uid))
    return changed


def also_shown_by(article: Article, files: Iterable[str]) -> dict[str, list[Article]]:
    """Return the other articles that show, or may show again, each of the files.

    A file stays as long as there is one: redact it there too.
    """
    found = {}
    for name in files:
        published = PublishedFile.objects.filter(name=name).values("publication__article")
        recorded = RecordedFile.objects.filter(name=name).values("article")
        others = Article.objects.filter(models.Q(pk__in=published) | models.Q(pk__in=recorded))
        if others := list(others.exclude(pk=article.pk)):
            found[name] = others
    return found


def _refuse_what_cannot_be_done(passages: Sequence[str], files: Sequence[str], reason: str) -> None:
    if not (passages or files):
        raise ValidationError(_("Say which words or which files are to be redacted."))
    if not reason:
        raise ValidationError(_("Give the reason. Readers will see it."))
    if len(reason) > LONGEST_REASON:
        raise ValidationError(
            _("The reason is too long: %d characters at the most.") % LONGEST_REASON
        )


def _redact_working_copy(
    article: Article, replacing: Replacing, by: AbstractBaseUser | None
) -> None:
    """Take the words out of the rows, the library's first: a document does not overwrite those."""
    embedded = [revision.document for revision in article.revisions.all()]
    embedded += [publication.reviews for publication in article.publications.all()]
    uids = {row["uid"] for row in embedded_in([*embedded, read_document(article)])}
    for model in LibraryRow.__subclasses__():
        for row in model.objects.filter(uid__in=uids):
            _redact_library_row(row, replacing)
    document = read_document(article)
    redacted = replacing.document(document)
    if redacted != document:
        write_document(article, redacted)
    record(article, by=by, not_installed=parts_not_installed(redacted))


def _redact_library_row(row: LibraryRow, replacing: Replacing) -> None:
    model = type(row)
    plain = row.embedded()
    redacted = replacing.library_row(plain, model)
    if redacted is None:
        # Its file goes, and the row with it, once nothing shows it.
        return
    changed = []
    for name in plain.keys() & set(model.shown):
        if redacted[name] == plain[name]:
            continue
        if holds_words(model._meta.get_field(name)):
            setattr(row, name, redacted[name])
            changed.append(name)
        elif redacted[name] is None:
            setattr(row, name, None)
            changed.append(name)
    if changed:
        row.save(update_fields=[*changed, "changed_at"])


def _redact_revision(revision: Revision, replacing: Replacing, reason: str, now: datetime) -> bool:
    document = replacing.document(revision.document)
    _refuse_what_is_left(search_text(upgraded_document(document)), replacing)
    if document == revision.document:
        return False
    revision.content = canonical_json(document)
    revision.redacted_at, revision.redaction_reason = now, reason
    revision.save(update_fields=["content", "redacted_at", "redaction_reason"])
    return True


def _redact_reviews(article: Article, replacing: Replacing) -> None:
    for review in article.reviews.all():
        checked = replacing.words(review.checked)
        if checked != review.checked:
            review.checked = checked
            review.save(update_fields=["checked"])


def _redact_what_colleagues_said(article: Article, replacing: Replacing) -> None:
    said = [(article.remarks, "text"), (article.review_requests, "remark")]
    for rows, name in [*said, (article.draft_links, "note")]:
        longest = rows.model._meta.get_field(name).max_length
        for row in rows.all():
            words = replacing.words(getattr(row, name))[:longest]
            if words != getattr(row, name):
                setattr(row, name, words)
                row.save(update_fields=[name])


def _redact_publications_remarks(article: Article, replacing: Replacing) -> int:
    """Take the words out of what the desk remarked; return of how many publications.

    Readers never saw it, so their page says nothing of it.
    """
    longest = Publication._meta.get_field("remark").max_length
    found = 0
    for publication in article.publications.exclude(remark="").only("remark"):
        remark = replacing.words(publication.remark)[:longest]
        if remark != publication.remark:
            Publication.objects.filter(pk=publication.pk).update(remark=remark)
            found += 1
    return found


def _redact_names(article: Article, replacing: Replacing) -> None:
    longest = Revision._meta.get_field("name").max_length
    for revision in article.revisions.exclude(name="").only("name"):
        name = replacing.words(revision.name)[:longest]
        if name != revision.name:
            revision.name = name
            revision.save(update_fields=["name"])


def _redact_log(replacing: Replacing, passages: Sequence[str]) -> None:
    """Take the words out of the admin's log, which keeps the titles of what was edited."""
    holding = models.Q()
    for passage in passages:
        word = max(passage.split(), key=len)
        holding |= models.Q(object_repr__contains=word) | models.Q(change_message__contains=word)
    for entry in LogEntry.objects.filter(holding) if passages else ():
        entry.object_repr = replacing.words(entry.object_repr)[:200]
        entry.change_message = replacing.words(entry.change_message)
        entry.save(update_fields=["object_repr", "change_message"])


def _redact_publication(
    publication: Publication, replacing: Replacing, reason: str, now: datetime
) -> bool:
    reviews = [
        {
            **review,
            "person": replacing.library_row(review["person"], Person),
            "checked": replacing.words(review["checked"]),
        }
        for review in publication.reviews
    ]
    longest = Publication._meta.get_field("change_note").max_length
    change_note = replacing.words(publication.change_note)[:longest]
    is_same = reviews == publication.reviews and change_note == publication.change_note
    if is_same and publication.revision.redacted_at != now:
        return False
    document = upgraded_document(publication.revision.document)
    own, prepared = document["article"], prepare(document, at=publication.goes_live_at)
    publication.shown_digest = digest_of(publication.revision.content)
    publication.title = own["title"]
    publication.question = own["question"]
    publication.short_answer = own["short_answer"]
    publication.summary = own["summary"]
    publication.search_text = search_text(document)
    publication.prepared, publication.prepared_by = prepared, prepared["build"]
    publication.reviews, publication.change_note = reviews, change_note
    publication.redacted_at, publication.redaction_reason = now, reason
    publication.save()
    write_public_rows(publication, document)
    return True


def _refuse_what_is_left(text: str, replacing: Replacing) -> None:
    if left := replacing.left_in(text):
        raise ValidationError(
            _(
                "“%s” would still be read: somewhere it is broken by markup such as “*” or a "
                "link. Give the passage also as it is typed there."
            )
            % left
        )


def _remove_files(article: Article, files: Sequence[str]) -> None:
    """Remove the pictures that no other article shows: their rows now, their files on commit."""
    kept = also_shown_by(article, files)
    gone = [name for name in files if name not in kept]
    Person.objects.filter(portrait__file__in=gone).update(portrait=None)
    Image.objects.filter(file__in=gone).delete()
    transaction.on_commit(lambda: _delete_files(gone))


def _delete_files(names: Iterable[str]) -> None:
    for name in names:
        delete_with_renditions(name)
