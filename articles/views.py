"""Public pages of an article. They read publications, never a working row."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_list_or_404, get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from articles.citation_styles import STYLES
from articles.comparing import compare_for_readers
from articles.crediting_versions import credits_of
from articles.documents import upgraded_document
from articles.filters import PublicationFilter
from articles.finding_versions import finding_forms
from articles.history_notes import notes_on_versions
from articles.lists import address_of, as_rows, in_context, linked_to_article, listed
from articles.models import (
    Address,
    Publication,
    PublishedCorrection,
    PublishedFile,
    PublishedPerson,
    PublishedTopic,
)
from articles.page import publication_page, rendered
from articles.panels import cited_of
from articles.parts import correction_shown
from articles.people import each_by_name, people_listed, person_shown, topic_shown
from articles.public_addresses import (
    article_page,
    base_url,
    begun_publications,
    find_address,
    find_publication,
    live_publication,
    reads_live,
)
from articles.share_pictures import draw, is_drawn_otherwise, lines_of, name_of
from articles.structured_data import person_described
from articles.verifying import sealed
from library.models import MergedRow
from library.renditions import originals
from library.serving import picture_response
from publishing.markup.safe_html import trusted
from publishing.pages import Page, public_page
from publishing.parts import blocks
from publishing.site_days import day_of, end_of
from publishing.whole_numbers import whole_number

ARTICLES_A_PAGE = 20
CORRECTIONS_A_PAGE = 30
PEOPLE_A_PAGE = 60
VERSIONS_A_PAGE = 50
# What lists of versions do not show, and what makes rows heavy.
_HEAVY = ("prepared", "search_text")


@public_page
def article_list(request: HttpRequest, page: Page) -> HttpResponse:
    """All explainers, the one updated last first."""
    reads_live(page)
    live = Publication.objects.live(page.at)
    shown = PublicationFilter(request.GET, queryset=live)
    publications = listed(shown.qs).order_by("-updated_at", "-pk")
    chosen = Paginator(publications, ARTICLES_A_PAGE).get_page(request.GET.get("page"))
    chosen.object_list = as_rows(chosen.object_list)
    context = {"filter": shown, "page": chosen, "section": "articles"}
    return render(request, "articles/list.html", context)


@article_page
def article(request: HttpRequest, page: Page, address: Address) -> HttpResponse:
    """The page that answers the question."""
    publication = live_publication(page, address)
    shown = publication_page(
        publication, slug=address.slug, looked=page, base_url=base_url(request)
    )
    return HttpResponse(rendered(shown))


@public_page
def share_picture(request: HttpRequest, page: Page, slug: str, digest: str) -> HttpResponse:
    """The picture for where the address is shared: of what is live, and of nothing else.

    Its name changes with its fonts; whoever kept a page with the name before is led to it.
    """
    address = find_address(page, slug)
    publication = live_publication(page, address)
    page.holds_until(publication.ends_at)
    document = upgraded_document(publication.revision.document)
    lines = lines_of(document["article"], publication.updated_at)
    if digest != name_of(lines):
        if is_drawn_otherwise(digest, lines):
            return redirect("articles:share-picture", slug=address.slug, digest=name_of(lines))
        raise Http404
    return HttpResponse(draw(*lines), content_type="image/png")


@article_page
def data(request: HttpRequest, page: Page, address: Address) -> HttpResponse:
    """The publication as data: its document, and what the chain says of it."""
    publication = live_publication(page, address)
    page.holds_until(publication.ends_at)
    return as_data(publication)


@article_page
def history(request: HttpRequest, page: Page, address: Address) -> HttpResponse:
    """The publications that have begun, the latest first."""
    publications = get_list_or_404(
        begun_publications(page, address).select_related(None).defer(*_HEAVY)
    )
    holds_today(page)
    major_only = request.GET.get("changes") == "major"
    listed = [one for one in publications if one.is_major] if major_only else publications
    chosen = Paginator(listed, VERSIONS_A_PAGE).get_page(request.GET.get("page"))
    notes = notes_on_versions(publications[0].article_id, page.at)
    named = credits_of(list(chosen.object_list))
    context = {
        **finding_forms(publications, page.at),
        "slug": address.slug,
        "latest": publications[0],
        "is_live": publications[0].is_live(page.at),
        "page": chosen,
        "versions": [(one, notes.get(one.number, []), named[one.pk]) for one in chosen],
        "major_only": major_only,
        "major_count": sum(one.is_major for one in publications),
        "all_count": len(publications),
        "section": "articles",
    }
    return render(request, "articles/history.html", context)


@article_page
def version(request: HttpRequest, page: Page, address: Address, number: int) -> HttpResponse:
    """One publication, whole, marked if it is not the latest."""
    publication = find_publication(page, address, number)
    latest = begun_publications(page, address).defer(*_HEAVY).first()
    shown = publication_page(
        publication, slug=address.slug, looked=page, base_url=base_url(request), latest=latest
    )
    return HttpResponse(rendered(shown))


@article_page
def version_data(request: HttpRequest, page: Page, address: Address, number: int) -> HttpResponse:
    """One publication as data, with all that it takes to make its seal again."""
    return as_data(find_publication(page, address, number))


@article_page
def chain(request: HttpRequest, page: Page, address: Address) -> HttpResponse:
    """The seals of all versions, and how anybody can check them."""
    publications = get_list_or_404(begun_publications(page, address).defer(*_HEAVY))
    context = {
        "slug": address.slug,
        "latest": publications[0],
        "publications": publications,
        "section": "articles",
    }
    return render(request, "articles/chain.html", context)


@article_page
def find_version(request: HttpRequest, page: Page, address: Address) -> HttpResponse:
    """Lead to the version of a day, or to what changed between two; ask again if that fails."""
    publications = get_list_or_404(begun_publications(page, address).defer(*_HEAVY))
    holds_today(page)
    asked = request.GET if "day" in request.GET or "to" in request.GET else None
    forms = finding_forms(publications, page.at, asked)
    for form in forms.values():
        if form and form.is_bound and form.is_valid():
            return redirect(form.address(address.slug))
    context = {**forms, "slug": address.slug, "latest": publications[0], "section": "articles"}
    return render(request, "articles/find_version.html", context)


@article_page
def changes(request: HttpRequest, page: Page, address: Address, number: int) -> HttpResponse:
    """What changed in a publication against the one before, or against another (``from``)."""
    publication = find_publication(page, address, number)
    before = begun_publications(page, address).filter(number__lt=number)
    if "from" in request.GET:
        before = before.filter(number=version_named(request.GET["from"]))
        if not before:
            raise Http404
    before = before.first()
    new = upgraded_document(publication.revision.document)
    context = {
        "slug": address.slug,
        "publication": publication,
        "before": before,
        "changes": compare_for_readers(upgraded_document(before.revision.document), new)
        if before
        else None,
        "section": "articles",
    }
    return render(request, "articles/changes.html", context)


@article_page
def cite(request: HttpRequest, page: Page, address: Address, style: str) -> HttpResponse:
    """The reference to a version in one of the styles; to the latest unless the address says."""
    if style not in STYLES:
        raise Http404
    publications = begun_publications(page, address)
    if "version" in request.GET:
        publications = publications.filter(number=version_named(request.GET["version"]))
    publication = publications.first()
    if publication is None:
        raise Http404
    document = upgraded_document(publication.revision.document)
    of = cited_of(publication, document, slug=address.slug, base_url=base_url(request))
    chosen = STYLES[style]
    response = HttpResponse(chosen.cite(of), content_type=chosen.content_type)
    how = "inline" if chosen.ending == "txt" else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{of.key}.{chosen.ending}"'
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def at_date(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """Lead to the publication that stood at the end of a day of the site. The future is unknown."""
    on = parse_day(day)
    now = timezone.now()
    if on > day_of(now):
        raise Http404
    address = get_object_or_404(Address.objects.select_related("article"), slug=slug)
    publication = (
        address.article.publications.live(min(end_of(on), now))
        .filter(goes_live_at__lte=now)
        .first()
    )
    if publication is None:
        raise Http404
    current = address.article.addresses.get(is_current=True).slug
    response = redirect("articles:version", slug=current, number=publication.number)
    response["Cache-Control"] = "public, no-cache"
    return response


@require_safe
def file(request: HttpRequest, name: str) -> FileResponse:
    """A picture that a publication shows, or a rendition of it; any other file is not there."""
    shown = PublishedFile.objects.published().filter(name__in=originals(name))
    original = shown.values_list("name", flat=True).order_by("name").first()
    if original is None:
        raise Http404
    response = picture_response(name, original)
    # The name is made of the content, but a withdrawal has to take effect: store, but ask.
    response["Cache-Control"] = "public, no-cache"
    return response


@public_page
def people(request: HttpRequest, page: Page) -> HttpResponse:
    """Everybody whom live publications name, by name, each as the latest of them says."""
    reads_live(page)
    named = PublishedPerson.objects.live(page.at)
    chosen = Paginator(each_by_name(named), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    chosen.object_list = people_listed(named, chosen.object_list)
    return render(request, "library/people.html", {"page": chosen})


@public_page
def person(request: HttpRequest, page: Page, slug: str) -> HttpResponse:
    """Somebody whom live publications name, as the latest of them describes them."""
    reads_live(page)
    rows = PublishedPerson.objects.live(page.at).filter(slug=slug)
    rows = list(rows.order_by("-publication__goes_live_at"))
    if not rows:
        return to_row_merged_into(page, PublishedPerson, slug, kind="person")
    publications = {one.pk: one for one in _listed_live(page, [row.publication_id for row in rows])}
    roles = [
        {
            "name": role.label,
            "publications": [publications[row.publication_id] for row in rows if row.role == role],
        }
        for role in PublishedPerson.Role
    ]
    base = base_url(request)
    described = person_described(
        rows[0].shown,
        address=f"{base}{request.path}",
        base_url=base,
        image_address=default_storage.url,
    )
    context = {"person": person_shown(rows[0].shown), "roles": roles, "data": described}
    return render(request, "library/person.html", context)


@public_page
def topic(request: HttpRequest, page: Page, slug: str) -> HttpResponse:
    """What is live about a topic, which the latest publication describes."""
    reads_live(page)
    rows = PublishedTopic.objects.live(page.at).filter(slug=slug)
    rows = list(rows.order_by("-publication__updated_at"))
    if not rows:
        return to_row_merged_into(page, PublishedTopic, slug, kind="topic")
    context = {
        "topic": topic_shown(rows[0].shown),
        "publications": _listed_live(page, [row.publication_id for row in rows]),
        "others": [html for block in blocks() if (html := block.about_topic(slug, page))],
    }
    return render(request, "library/topic.html", context)


@public_page
def corrections(request: HttpRequest, page: Page) -> HttpResponse:
    """What live pages said wrongly, and say rightly now; the newest correction first."""
    reads_live(page)
    rows = in_context(PublishedCorrection.objects.live(page.at)).order_by("-corrected_on", "-pk")
    chosen = Paginator(rows, CORRECTIONS_A_PAGE).get_page(request.GET.get("page"))
    chosen.object_list = [
        {
            **correction_shown(row.shown),
            "id": f"correction-{row.pk}",
            "html": linked_to_article(trusted(row.shown["html"]), row.article_slug),
            "article": address_of(row),
        }
        for row in chosen.object_list
    ]
    return render(request, "articles/corrections.html", {"page": chosen})


# What the views above share


def to_row_merged_into(
    page: Page, model: type[PublishedPerson | PublishedTopic], slug: str, *, kind: str
) -> HttpResponse:
    """Lead from the address of somebody or something merged to the one that stayed, if live."""
    into = MergedRow.objects.filter(kind=kind, name=slug).values("into")
    rows = model.objects.live(page.at).filter(uid__in=into)
    row = rows.order_by("-publication__goes_live_at").first()
    if row is None:
        raise Http404
    return redirect(kind, slug=row.slug, permanent=True)


def as_data(publication: Publication) -> JsonResponse:
    """Answer with a publication as the JSON that readers get.

    ``sealed`` is what the seal is made of, so that whoever has this can make it again.
    """
    shown = {
        "publication": {
            "number": publication.number,
            "goes_live_at": publication.goes_live_at.isoformat(),
            "first_published_at": publication.first_published_at.isoformat(),
            "updated_at": publication.updated_at.isoformat(),
            "is_major": publication.is_major,
            "change_note": publication.change_note,
            "digest": publication.digest,
            "previous_seal": publication.previous_seal,
            "seal": publication.seal,
            "reviews": publication.reviews,
            "redacted_at": publication.redacted_at.isoformat() if publication.redacted_at else None,
            "redaction_reason": publication.redaction_reason,
        },
        "sealed": sealed(publication),
        "document": publication.revision.document,
    }
    return JsonResponse(shown, json_dumps_params={"ensure_ascii": False, "indent": 1})


def holds_today(page: Page) -> None:
    """Note that a page names the present day."""
    page.holds_until(end_of(day_of(page.at)) + timedelta.resolution)


def version_named(text: str) -> int:
    """Return the number of a version that an address names, or answer 404."""
    if (number := whole_number(text)) is None:
        raise Http404
    return number


def parse_day(day: str):
    """Return the date that an address names, or answer 404."""
    try:
        on = parse_date(day)
    except ValueError:
        on = None
    if on is None:
        raise Http404
    return on


def _listed_live(page: Page, pks: list[int]) -> list:
    publications = listed(Publication.objects.live(page.at).filter(pk__in=pks))
    return as_rows(publications.order_by("-updated_at", "-pk"))
