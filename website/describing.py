"""schema.org's view of the site itself: who publishes it, and by which rules."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.structured_data import publisher
from publishing.markup.safe_html import json_for_script

POLICIES = {
    "publishingPrinciples": "how-we-work",
    "ethicsPolicy": "how-we-work",
    "correctionsPolicy": "corrections-policy",
    "ownershipFundingInfo": "funding",
    "actionableFeedbackPolicy": "contact",
}
"""Properties of an Organization, and the site's own page that says it."""


def site_described(base_url: str) -> SafeString:
    """Return, ready for a script element, the site and its publisher; other pages refer to both."""
    organization: dict[str, Any] = publisher(base_url)
    for name, slug in POLICIES.items():
        organization[name] = f"{base_url}{reverse('website:page', args=[slug])}"
    site = {
        "@type": "WebSite",
        "@id": f"{base_url}/#website",
        "url": organization["url"],
        "name": settings.SITE_NAME,
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": {"@id": organization["@id"]},
    }
    return json_for_script({"@context": "https://schema.org", "@graph": [site, organization]})
