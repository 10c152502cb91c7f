"""What a phone needs to put the site on its home screen."""

from django.contrib.staticfiles import finders
from PIL import Image

from tests import build


def test_names_icons_that_are_there_in_the_sizes_it_says(client, db):
    answer = client.get("/site.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    described = answer.json()
    assert described["start_url"] == "/"
    pictures = [icon for icon in described["icons"] if icon["type"] == "image/png"]
    assert {icon["sizes"] for icon in pictures} == {"192x192", "512x512"}
    assert [icon["sizes"] for icon in pictures if icon.get("purpose") == "maskable"] == ["512x512"]
    for icon in pictures:
        name = icon["src"].rpartition("/")[2]
        stem = name.split(".")[0]
        with Image.open(finders.find(f"icons/{stem}.png")) as drawn:
            assert "{}x{}".format(*drawn.size) == icon["sizes"]


def test_is_named_by_every_page_but_explainers_whose_first_view_it_would_delay(client, db):
    build.published_article("severed")
    for address in ("/", "/timeline/", "/articles/"):
        assert '<link rel="manifest" href="/site.webmanifest">' in client.get(address).text
    assert 'rel="manifest"' not in client.get("/articles/severed/").text


def test_who_asks_at_the_old_place_for_an_icon_gets_the_small_one(client, db):
    """Feed readers do, and browsers that show a file which names none."""
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"] in client.get("/").text
    assert answer["Location"].rpartition("/")[2].startswith("favicon-32.")
    assert answer["Cache-Control"] == "public, max-age=86400"
