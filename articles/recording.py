"""Recording: every write to an article's rows leaves a revision if anything changed."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from articles.documents import Document, citing_texts, images_in_texts, read_document
from articles.models import Article, Citation, ImageInText, Revision
from library.models import Image, Source
from publishing.canonical import canonical_json, digest_of
from publishing.markup import citations, pictures
from publishing.parts import Data


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
    last = article.revisions.aggregate(last=models.Max("number"))["last"] or 0
    revision = Revision.objects.create(
        article=article,
        number=last + 1,
        content=content,
        digest=digest,
        created_at=timezone.now(),
        created_by=by,
    )
    _derive_citations(article, document)
    _derive_images_in_texts(article, document)
    return revision


def _derive_citations(article: Article, document: Document) -> None:
    sources = {
        source.key: source
        for source in Source.objects.filter(key__in=[row["key"] for row in document["sources"]])
    }
    rows = []
    for name, citing in citing_texts(document):
        for citation in citations(citing.text):
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
