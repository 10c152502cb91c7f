"""What the demonstration puts before readers: the pages that are looked at in a browser."""

from articles.models import Address
from tests import build
from website.demonstrating import load_demonstration

EXPLAINER = "/articles/us-russia-relations-severed-diplomacy-explored/"
SHORTER = "/articles/bilateral-presidential-commission/"
EVENT_UID = "3f0c6b1e-5a52-4a0e-9a3c-0d6c2f7b8e11"
"""An event of the shorter article, whose address would be another each time."""
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
    f"/timeline/{EVENT_UID}/",
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
    shorter.events.filter(anchor="announced").update(uid=EVENT_UID)
    build.published(shorter, change_note="Says how it went on.")
    return PAGES


def _slug(address: str) -> str:
    return address.split("/")[2]
