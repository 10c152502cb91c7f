"""The site's own pages: written by editors, kept as readers saw them, and some that always stand.

The footer of every page and the sentences that refuse a comment lead to them, so each site
begins with them, and they can be rewritten but not taken away.
"""

from pathlib import Path
from typing import Any

from django.apps import apps as installed
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from publishing.stamps import touch
from website.demonstration_files import read_rows
from website.models import Page, PageVersion

PAGES = "pages"
"""The stamp that changes with any page that readers see."""
STANDING = (
    "about",
    "comment-rules",
    "contact",
    "corrections-policy",
    "funding",
    "how-we-work",
    "privacy",
    "trust",
)
FOLDER = Path(__file__).resolve().parent / "standing_pages"


@transaction.atomic
def save_page(page: Page, *, by: AbstractBaseUser | None) -> Page:
    """Save a page; what readers see of it is kept as a version, if it is other than before."""
    page.changed_at = timezone.now()
    page.save()
    last = page.versions.select_for_update().first()
    if page.is_public and (last is None or (last.title, last.body) != (page.title, page.body)):
        PageVersion.objects.create(
            page=page,
            number=last.number + 1 if last else 1,
            title=page.title,
            body=page.body,
            shown_from=page.changed_at,
            by=by,
        )
    touch(PAGES)
    return page


@transaction.atomic
def delete_page(page: Page) -> None:
    """Delete a page with all that readers saw of it. Raises ``ValueError`` for one that stands."""
    if page.slug in STANDING:
        raise ValueError("The site's pages refer to this one.")
    page.delete()
    touch(PAGES)


def make_standing_pages() -> int:
    """Make those of the standing pages that are not there; return how many were made."""
    missing = set(STANDING) - set(Page.objects.values_list("slug", flat=True))
    for slug in sorted(missing):
        [written] = read_rows(FOLDER / f"{slug}.md", known={"title"})
        page = Page(slug=slug, title=written.need("title"), body=written.body, is_public=True)
        save_page(page, by=None)
    return len(missing)


def make_standing_pages_after_migrating(apps: Any = installed, **_signal: Any) -> None:
    """Give the site its standing pages, unless their tables are not there."""
    try:
        apps.get_model("website.PageVersion")
        apps.get_model("publishing.Stamp")
    except LookupError:
        return
    make_standing_pages()
