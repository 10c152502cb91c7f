"""Public rows: what lists, filters, search and files read of a publication."""

from articles.documents import Document, embedded_in, files_of, library_rows_in, part_data
from articles.models import (
    Publication,
    PublishedFile,
    PublishedPerson,
    PublishedTopic,
    PublishedUse,
)
from articles.passages import write_passages
from publishing.canonical import digest
from publishing.parts import parts as registered_parts


def write_public_rows(publication: Publication, document: Document) -> None:
    """Write the rows by which lists, filters and files know the publication, replacing any.

    ``document`` is what it shows, with every part in its present schema.
    """
    for model in (PublishedTopic, PublishedPerson, PublishedFile, PublishedUse):
        model.objects.filter(publication=publication).delete()
    own = document["article"]
    PublishedTopic.objects.bulk_create(
        PublishedTopic(
            publication=publication,
            uid=topic["uid"],
            slug=topic["slug"],
            name=topic["name"],
            shown=topic,
        )
        for topic in own["topics"]
    )
    named = [(PublishedPerson.Role.WROTE, person) for person in own["written_by"]]
    named += [(PublishedPerson.Role.REVIEWED, review["person"]) for review in publication.reviews]
    PublishedPerson.objects.bulk_create(
        PublishedPerson(
            publication=publication,
            uid=person["uid"],
            slug=person["slug"],
            name=person["name"],
            role=role,
            shown=person,
        )
        for role, person in named
    )
    PublishedFile.objects.bulk_create(
        PublishedFile(publication=publication, name=name)
        for name in sorted(files_of(document) | files_of(publication.reviews))
    )
    embedded = [*library_rows_in(document), *embedded_in(publication.reviews)]
    PublishedUse.objects.bulk_create(
        PublishedUse(publication=publication, uid=uid, digest=words)
        for uid, words in sorted({(row["uid"], digest(row)) for row in embedded})
    )
    for part in registered_parts():
        part.publish(publication, part_data(document, part.name))
    write_passages(publication, document)
