"""What the demonstration puts before readers: the pages that are looked at in a browser."""

from articles.models import Address
from tests import build
from website.demonstrating import load_demonstration

EXPLAINER = "/articles/us-russia-relations-severed-diplomacy-explored/"
SHORTER = "/articles/bilateral-presidential-commission/"
PAGES = (
    "/",
    "/articles/",
    "/timeline/",
    "/faq/",
    "/corrections/",
    "/search/",
    "/about/",
    "/trust/",
    "/people/",
    "/timeline/embed/",
    "/people/eurasia-desk/",
    "/topics/diplomacy/",
    EXPLAINER,
    f"{EXPLAINER}comments/",
    f"{EXPLAINER}history/",
    SHORTER,
    f"{SHORTER}history/",
    f"{SHORTER}history/1/",
    f"{SHORTER}history/2/changes/",
    f"{SHORTER}history/chain/",
    f"{SHORTER}history/find/",
    f"{SHORTER}suggest/",
    f"{SHORTER}ask/",
    "/nowhere/",
)


def demonstrate() -> tuple[str, ...]:
    """Load the demonstration, discuss it, publish a second version; return what readers see."""
    load_demonstration(by=None)
    article = Address.objects.get(slug=_slug(EXPLAINER)).article
    asked = build.comment(article, name="Ada", body="Was the embassy ever closed?\n\nBriefly?")
    build.comment(article, name="On Record", body="In 1919.", parent=asked, is_staff=True)
    build.comment(article, name="A name as long as it may be " * 2, body="Unbreakable" * 30)
    shorter = Address.objects.get(slug=_slug(SHORTER)).article
    shorter.summary += " It has not met since."
    shorter.save()
    build.published(shorter, change_note="Says how it went on.")
    return PAGES


def _slug(address: str) -> str:
    return address.split("/")[2]
