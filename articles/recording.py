"""Recording: every write to an article's rows leaves a revision if anything changed."""

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from articles.citing import cite_under
from articles.documents import (
    Document,
    citing_texts,
    files_of,
    images_in_texts,
    read_document,
)
from articles.models import Article, Citation, ImageInText, RecordedFile, Revision
from library.models import Image, MergedRow, Source
from publishing.canonical import canonical_json, digest_of
from publishing.citing import Citation as Mark
from publishing.markup.words import citations, pictures
from publishing.parts import CitingText, Data

Cited = tuple[str, CitingText, Mark]


def lock(article: Article) -> Article:
    """Hold the article's row until the transaction ends, and return it as it is now.

    Every deed starts with this, so two people's deeds on one article happen
    one after the other on every database.
    """
    return Article.objects.select_for_update(of=("self",)).get(pk=article.pk)


@transaction.atomic
def record(
    article: Article,
    *,
    by: AbstractBaseUser | None,
    not_installed: dict[str, Data] | None = None,
) -> Revision:
    """Keep the article as it is now, and return the revision that holds it.

    That is the latest one, if nothing changed since. Call it after every
    write to the article's rows, whichever form or import made it. The data of
    parts that are not installed stays as it was, unless it is given.
    """
    article = lock(article)
    document = read_document(article, not_installed=not_installed)
    content = canonical_json(document)
    digest = digest_of(content)
    latest = article.latest_revision
    if latest and latest.digest == digest:
        return latest
    cited = _cited(document)
    if cite_under(article, document, _keys_merged_since(document, cited)):
        return record(article, by=by, not_installed=not_installed)
    revision = new_revision(article, content, digest, by=by)
    note_files(article, document)
    _derive_citations(article, cited)
    _derive_images_in_texts(article, document)
    return revision


def new_revision(
    article: Article,
    content: str,
    digest: str,
    *,
    by: AbstractBaseUser | None,
    is_from_live: bool = False,
) -> Revision:
    """Keep ``content`` under the article's next number; the article is locked."""
    last = article.revisions.aggregate(last=models.Max("number"))["last"] or 0
    return Revision.objects.create(
        article=article,
        number=last + 1,
        content=content,
        digest=digest,
        created_at=timezone.now(),
        created_by=by,
        is_from_live=is_from_live,
    )


def note_files(article: Article, document: Document) -> None:
    """Note which image files a document of the article shows, so that redaction finds them."""
    RecordedFile.objects.bulk_create(
        [RecordedFile(article=article, name=name) for name in sorted(files_of(document))],
        ignore_conflicts=True,
    )


def _cited(document: Document) -> list[Cited]:
    """Return every citation of the document, with the part and the text that it stands in."""
    return [
        (name, citing, citation)
        for name, citing in citing_texts(document)
        for citation in citations(citing.text)
    ]


def _keys_merged_since(document: Document, cited: Sequence[Cited]) -> dict[str, str]:
    """Return the keys cited that no source has any longer because it was merged into another."""
    known = {source["key"] for source in document["sources"]}
    unknown = {citation.key for _name, _citing, citation in cited} - known
    return MergedRow.objects.present_names(Source, unknown)


def _derive_citations(article: Article, cited: Sequence[Cited]) -> None:
    keys = {citation.key for _name, _citing, citation in cited}
    sources = {source.key: source for source in Source.objects.filter(key__in=keys)}
    rows = []
    for name, citing, citation in cited:
        if source := sources.get(citation.key):
            rows.append(
                Citation(
                    article=article,
                    source=source,
                    part=name,
                    row_uid=citing.uid,
                    row_title=citing.label[:300],
                    where=citation.where[:300],
                    words=citation.words,
                    claim=citation.claim,
                    position=len(rows) + 1,
                )
            )
    article.citations.all().delete()
    Citation.objects.bulk_create(rows)


def _derive_images_in_texts(article: Article, document: Document) -> None:
    uids = [image["uid"] for image in images_in_texts(document)]
    images = {image.key: image for image in Image.objects.filter(uid__in=uids)}
    article.images_in_texts.all().delete()
    ImageInText.objects.bulk_create(
        ImageInText(
            article=article,
            image=images[key],
            part=name,
            row_uid=citing.uid,
            row_title=citing.label[:300],
        )
        for name, citing in citing_texts(document)
        for key in pictures(citing.text)
        if key in images
    )
