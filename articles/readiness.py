"""What stands in the way of publishing: asked of a document, never of a draft being saved."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.documents import (
    Document,
    citing_texts,
    images_in_texts,
    part_data,
    upgraded_document,
)
from library.models import image_key
from publishing.markup import citations, pictures
from publishing.parts import Problem
from publishing.parts import parts as registered_parts

REQUIRED = {
    "title": gettext_lazy("Give the article a title."),
    "question": gettext_lazy("Say which question the article answers."),
    "short_answer": gettext_lazy("Give the short answer."),
    "summary": gettext_lazy("Write the summary that lists show."),
}


def problems(document: Document) -> list[Problem]:
    """Return all that must be mended before the document may be published."""
    document = upgraded_document(document)
    return [
        *_missing_fields(document),
        *(
            problem
            for part in registered_parts()
            for problem in part.problems(part_data(document, part.name))
        ),
        *(
            problem
            for part in registered_parts()
            for problem in part.taken_back(part_data(document, part.name), document["uid"])
        ),
        *_unknown_sources(document),
        *_unknown_images(document),
    ]


def _missing_fields(document: Document) -> Iterator[Problem]:
    for field, message in REQUIRED.items():
        if not (document["article"][field] or "").strip():
            yield Problem(message=str(message), field=field)
    if not document["article"]["written_by"]:
        yield Problem(message=_("Say who wrote the article."), field="written_by")


def _unknown_sources(document: Document) -> Iterator[Problem]:
    known = {source["key"] for source in document["sources"]}
    for name, citing in citing_texts(document):
        for key in dict.fromkeys(citation.key for citation in citations(citing.text)):
            if key not in known:
                message = _("“%(label)s” cites [@%(key)s], which is not in the library.") % {
                    "label": citing.label,
                    "key": key,
                }
                yield Problem(message=message, part=name, uid=citing.uid, field=citing.field)


def _unknown_images(document: Document) -> Iterator[Problem]:
    known = {image_key(image["uid"]) for image in images_in_texts(document)}
    for name, citing in citing_texts(document):
        for key in pictures(citing.text):
            if key not in known:
                message = _("“%(label)s” shows image:%(key)s, which is not in the library.") % {
                    "label": citing.label,
                    "key": key,
                }
                yield Problem(message=message, part=name, uid=citing.uid, field=citing.field)
