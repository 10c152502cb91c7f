"""schema.org's view of an article's page, as one graph.

``reviewedBy`` and ``lastReviewed`` belong to WebPage, not to Article, so the
page is a node of its own. Parts add properties to the article. What a value
would be empty for is left out, never said as nothing.

schema.org lets a text stand for a person or an organisation of which only the
name is known; publishers and authors of sources are such. It wants ISO 8601
for dates, which has no "about": such a date is left out.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from articles.people import is_desk
from library.showing import Address
from publishing.markup.safe_html import json_for_script
from publishing.parts import parts as registered_parts


def structured_data(page: Any) -> dict[str, Any]:
    """Return the JSON-LD graph of an ``ArticlePage``."""
    article = _article(page)
    for part in registered_parts():
        if rows := page.rows(part.name):
            article.update(part.structured_data(rows, page))
    steps = [(gettext("Explainers"), reverse("articles:list")), (page.title, page.absolute_url)]
    way = breadcrumbs(steps, address=page.absolute_url, base_url=page.base_url)
    return {
        "@context": "https://schema.org",
        "@graph": [way, _web_page(page), article],
    }


def _web_page(page: Any) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@type": "WebPage",
        "@id": page.absolute_url,
        "url": page.absolute_url,
        "name": page.title,
        "isPartOf": {"@id": f"{page.base_url}/#website"},
        "inLanguage": settings.LANGUAGE_CODE,
        "breadcrumb": {"@id": f"{page.absolute_url}#breadcrumbs"},
    }
    if page.reviews:
        node["lastReviewed"] = max(review["reviewed_on"] for review in page.reviews).isoformat()
        node["reviewedBy"] = [_person(review["person"], page) for review in page.reviews]
    return node


def breadcrumbs(steps: Iterable[tuple[str, str]], *, address: str, base_url: str) -> dict[str, Any]:
    """Return the way from the front page to a page, by names and addresses; the last is itself."""
    ways = [(settings.SITE_NAME, reverse("website:home")), *steps]
    return {
        "@type": "BreadcrumbList",
        "@id": f"{address}#breadcrumbs",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": urljoin(base_url, way)}
            for number, (name, way) in enumerate(ways, start=1)
        ],
    }


def _article(page: Any) -> dict[str, Any]:
    own, publication = page.own, page.publication
    node: dict[str, Any] = {
        "@type": "Article",
        "@id": f"{page.absolute_url}#article",
        "mainEntityOfPage": {"@id": page.absolute_url},
        "headline": own["title"],
        "alternativeHeadline": own["question"],
        "abstract": own["short_answer"],
        "description": own["summary"],
        "author": [_person(person, page) for person in own["written_by"]],
        "publisher": publisher(page.base_url),
        "inLanguage": settings.LANGUAGE_CODE,
        "isAccessibleForFree": True,
        "keywords": [topic["name"] for topic in own["topics"]],
        "citation": [_source(source) for source in page.sources],
    }
    if own["image"]:
        node["image"] = image_described(own["image"], page)
    if publication:
        node["datePublished"] = publication.first_published_at.isoformat()
        node["dateModified"] = publication.updated_at.isoformat()
        node["version"] = publication.number
    return {name: value for name, value in node.items() if value not in ("", [])}


def publisher(base_url: str) -> dict[str, Any]:
    """Return the site as the publisher that every page names; the front page says more of it."""
    return {
        "@type": "Organization",
        "@id": f"{base_url}/#publisher",
        "name": settings.SITE_NAME,
        "url": f"{base_url}{reverse('website:home')}",
    }


def _person(person: dict[str, Any], page: Any) -> dict[str, Any]:
    return {
        "@type": "Organization" if is_desk(person["name"]) else "Person",
        "name": person["name"],
        "url": f"{page.base_url}/people/{person['slug']}/",
    }


def person_described(
    person: dict[str, Any], *, address: str, base_url: str, image_address: Address
) -> SafeString:
    """Return, ready for a script element, an embedded person as the subject of a page."""
    portrait = person["portrait"]
    node = {
        "@type": "Organization" if is_desk(person["name"]) else "Person",
        "@id": f"{address}#person",
        "name": person["name"],
        "url": address,
        "description": person["credentials"],
        "sameAs": person["links"],
        "image": f"{base_url}{image_address(portrait['file'])}" if portrait else None,
    }
    profile = {
        "@type": "ProfilePage",
        "@id": address,
        "mainEntity": {name: value for name, value in node.items() if value},
    }
    steps = [(gettext("People"), reverse("people")), (person["name"], address)]
    way = breadcrumbs(steps, address=address, base_url=base_url)
    return json_for_script({"@context": "https://schema.org", "@graph": [way, profile]})


def image_described(image: dict[str, Any], page: Any) -> dict[str, Any]:
    """Return an embedded picture of an ``ArticlePage``, with whom to credit and its licence."""
    node = {
        "@type": "ImageObject",
        "contentUrl": f"{page.base_url}{page.image_address(image['file'])}",
        "width": image["width"],
        "height": image["height"],
        "caption": image["caption"] or image["alt"],
        "creditText": image["credit"],
        "license": image["licence_url"],
    }
    return {name: value for name, value in node.items() if value}


def _source(source: dict[str, Any]) -> dict[str, Any]:
    """Name and address are enough to know it by; the list of sources on the page says the rest."""
    node = {"@type": "CreativeWork", "name": source["title"], "url": source["url"]}
    return {name: value for name, value in node.items() if value}
