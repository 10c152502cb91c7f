"""The library: what is taken, what is refused, where a row is used and which pages show it."""

import io
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image as Pillow

from articles.models import Article, Citation
from articles.recording import record
from library.models import Image, Person, Source, Topic
from library.uses import add_use_count
from tests import build, desk

pytestmark = pytest.mark.django_db

IMAGES = "/admin/library/image/"
PEOPLE = "/admin/library/person/"
SOURCES = "/admin/library/source/"
TOPICS = "/admin/library/topic/"


@pytest.fixture
def client():
    return desk.client_of(build.editor())


def file(content, name="picture.png"):
    return SimpleUploadedFile(name, content)


def upload(client, content, **fields):
    form = desk.open_form(client, IMAGES + "add/")
    form["upload"] = file(content)
    for name, value in fields.items():
        form[name] = value
    return form.send()


# Images


def test_a_picture_is_taken_with_its_alternative_text(client):
    upload(client, build.picture(size=(64, 48)), alt="A field", credit="On Record")

    image = Image.objects.get()
    assert (image.width, image.height, image.alt) == (64, 48, "A field")
    assert build.stored_files() == [image.file]


def test_or_with_the_word_that_it_is_decorative(client):
    upload(client, build.picture(), is_decorative="on")
    assert Image.objects.get().is_decorative


@pytest.mark.parametrize("fields", [{}, {"alt": "A field", "is_decorative": "on"}])
def test_one_of_the_two_is_asked_for_at_once(client, fields):
    response = upload(client, build.picture(), **fields)

    assert "one of the two, not both" in response.content.decode()
    assert not Image.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "SVG files can carry programs"),
        (b"%PDF-1.7", "not a picture that can be read"),
        (b"GIF89a nonsense", "not a picture that can be read"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(client, content, sentence):
    response = upload(client, content, alt="A field")

    assert sentence in response.content.decode()
    assert not Image.objects.exists()


def test_no_file_no_image(client):
    form = desk.open_form(client, IMAGES + "add/")
    form["alt"] = "A field"
    assert "Choose the file of the picture." in form.send().content.decode()


def test_the_same_picture_is_recognised(client):
    upload(client, build.picture(), alt="A field")
    known = Image.objects.get()

    page = upload(client, build.picture(), alt="The same field").content.decode()

    assert "in the library already" in page
    assert f'href="{IMAGES}{known.pk}/change/"' in page
    assert Image.objects.count() == 1


def test_so_is_a_copy_that_differs_only_in_what_a_camera_adds(client):
    upload(client, picture_taken_at("1917:11:07"), alt="A field")

    page = upload(client, picture_taken_at("1933:11:16"), alt="The same").content.decode()

    assert "in the library already" in page
    assert f'data-known="{Image.objects.get().pk}"' in page


def picture_taken_at(moment: str) -> bytes:
    exif, written = Pillow.Exif(), io.BytesIO()
    exif[0x0132] = moment
    Pillow.new("RGB", (40, 30), "teal").save(written, "JPEG", exif=exif)
    return written.getvalue()


@pytest.mark.parametrize(
    ("fields", "point"),
    [({}, (50, 50)), ({"focus_x": "0", "focus_y": "100"}, (0, 100)), ({"focus_x": ""}, (50, 50))],
)
def test_a_focal_point_is_given_with_the_picture_or_is_its_middle(client, fields, point):
    upload(client, build.picture(), alt="A field", **fields)
    image = Image.objects.get()
    assert (image.focus_x, image.focus_y) == point


@pytest.mark.parametrize("value", ["101", "-1", "left"])
def test_a_focal_point_outside_the_picture_is_refused(client, value):
    page = upload(client, build.picture(), alt="A field", focus_x=value).content.decode()
    assert "desk-error" in page
    assert not Image.objects.exists()


def test_crops_are_shown_around_the_focal_point_without_scripts_too(client):
    image = build.image(focus_x=21, focus_y=90)
    page = client.get(f"{IMAGES}{image.pk}/change/").content.decode()
    assert page.count('class="focus-x-20 focus-y-90"') == 4
    for shape in ("16:9", "4:3", "1:1", "3:4"):
        assert shape in page


def test_the_form_says_how_a_text_shows_the_picture(client):
    image = build.image()
    assert f"![](image:{image.key})" in client.get(f"{IMAGES}{image.pk}/change/").content.decode()


def test_a_new_focal_point_makes_live_pages_old(client):
    article = build.article(title="The article")
    article.image = build.image()
    article.save()
    build.published(article)
    url = f"{IMAGES}{article.image.pk}/change/"
    assert "shows what the library said before" not in client.get(url).content.decode()
    form = desk.open_form(client, url)
    form["focus_x"] = "10"
    form.send()

    assert "shows what the library said before" in client.get(url).content.decode()


def test_the_file_cannot_be_changed_afterwards(client):
    image = build.image()
    form = desk.open_form(client, f"{IMAGES}{image.pk}/change/")
    assert "upload" not in form
    form["upload"], form["alt"] = file(build.picture("red")), "Described anew"

    form.send()

    before = image.file
    image.refresh_from_db()
    assert (image.alt, image.file) == ("Described anew", before)


def test_a_list_shows_small_copies(client):
    image = build.image()
    assert f"{IMAGES}{image.pk}/thumbnail/" in client.get(IMAGES).content.decode()

    copy = client.get(f"{IMAGES}{image.pk}/thumbnail/")
    assert copy["Content-Type"] == "image/webp"
    assert "private" in copy["Cache-Control"]


@pytest.mark.parametrize("name", ["../secret_key", "images/aa/../../x.png", "images/x.png"])
def test_only_pictures_are_handed_out(client, name):
    assert client.get(f"{IMAGES}file/{name}").status_code == 404


def test_pictures_that_no_publication_shows_are_for_the_desk_only():
    image = build.image()
    for url in (f"{IMAGES}file/{image.file}", f"{IMAGES}{image.pk}/thumbnail/"):
        assert desk.Client().get(url).status_code == 302


# People, sources, topics


def test_links_of_a_person_are_typed_one_a_line(client):
    form = desk.open_form(client, PEOPLE + "add/")
    form["name"] = "The Moscow desk"
    form["links"] = "https://one.example/\n\n https://two.example/ "
    form.send()

    person = Person.objects.get()
    assert person.links == ["https://one.example/", "https://two.example/"]
    assert person.slug == "the-moscow-desk"
    shown = desk.open_form(client, f"{PEOPLE}{person.pk}/change/")
    assert shown["links"] == "https://one.example/\nhttps://two.example/"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "not an address"])
def test_a_link_that_is_no_address_is_refused(client, link):
    form = desk.open_form(client, PEOPLE + "add/")
    form["name"], form["links"] = "The desk", f"https://one.example/\n{link}"

    page = form.send().content.decode()

    assert "desk-error" in page
    assert not Person.objects.exists()


def test_two_people_of_one_name_have_two_addresses(client):
    for _ in range(2):
        form = desk.open_form(client, PEOPLE + "add/")
        form["name"] = "The desk"
        form.send()

    assert set(Person.objects.values_list("slug", flat=True)) == {"the-desk", "the-desk-2"}


def test_a_sources_key_is_made_once_and_then_only_read(client):
    form = desk.open_form(client, SOURCES + "add/")
    form["title"] = "Milestones: Recognition"
    form.send()

    source = Source.objects.get()
    assert source.key == "milestones-recognition"
    shown = desk.open_form(client, f"{SOURCES}{source.pk}/change/")
    assert "key" not in shown
    shown["key"] = "another"
    shown.send()
    source.refresh_from_db()
    assert source.key == "milestones-recognition"


def test_the_date_of_a_source_is_as_precise_as_is_known(client):
    form = desk.open_form(client, SOURCES + "add/")
    form["title"], form["published"] = "A report", "not a date"
    assert form.send().status_code == 200
    form["published"] = "2016-12"
    form.send()

    assert Source.objects.get().published == "2016-12"


# Where a row is used


def test_a_source_says_where_it_is_cited(client):
    article = build.article(title="The article")
    source = build.source()
    build.section(article, body=f"Cited.[@{source.key}]")
    record(article, by=None)

    page = client.get(f"{SOURCES}{source.pk}/change/").content.decode()

    assert "The article" in page[page.index("Where it is used") :]
    assert desk.address(article) in page


def test_images_topics_and_people_say_it_too(client):
    article = build.full_article(title="The article")
    for url in (
        f"{IMAGES}{article.image.pk}/change/",
        f"{TOPICS}{article.topics.get().pk}/change/",
        f"{PEOPLE}{article.written_by.get().pk}/change/",
    ):
        page = client.get(url).content.decode()
        assert "The article" in page[page.index("Where it is used") :]


def test_what_is_used_is_not_deleted(client):
    article = build.full_article(title="The article")
    cited = build.source()
    build.section(article, body=f"Cited.[@{cited.key}]")
    record(article, by=None)
    used = (article.image, article.topics.get(), article.written_by.get(), cited)
    for row in used:
        url = f"/admin/library/{row._meta.model_name}/{row.pk}/delete/"
        page = client.post(url, {"post": "yes"}).content.decode()
        assert "is used, so it stays" in page
        assert "The article" in page
        assert type(row).objects.filter(pk=row.pk).exists()


def test_nor_from_the_list(client):
    topic = build.article().topics.get()
    client.post(
        TOPICS, {"action": "delete_selected", "_selected_action": [topic.pk], "post": "yes"}
    )
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_what_is_not_used_is_deleted(client):
    topic = build.topic()
    client.post(f"{TOPICS}{topic.pk}/delete/", {"post": "yes"})
    assert not Topic.objects.exists()


def test_who_changes_a_row_is_told_which_live_pages_show_the_old_words(client):
    article = build.article(title="The article")
    topic = article.topics.get()
    build.published(article)
    form = desk.open_form(client, f"{TOPICS}{topic.pk}/change/")
    form["name"] = "Renamed"

    said = form.send(follow=True).content.decode()

    assert "These pages go on showing what it said before" in said
    assert "The article" in said
    page = client.get(f"{TOPICS}{topic.pk}/change/").content.decode()
    assert "shows what the library said before" in page


def test_and_nobody_is_told_of_drafts(client):
    article = build.article(title="The article")
    record(article, by=None)
    topic = article.topics.get()
    form = desk.open_form(client, f"{TOPICS}{topic.pk}/change/")
    form["name"] = "Renamed"

    assert "go on showing" not in form.send(follow=True).content.decode()


def test_it_is_counted_how_often_each_is_used():
    article = build.full_article()
    record(article, by=None)
    topic = article.topics.get()
    build.question(article).topics.add(topic)
    used = {
        topic: 2,
        article.written_by.get(): 1,
        article.image: 1,
        Source.objects.get(): Citation.objects.count(),
        build.topic(): 0,
    }
    for row, count in used.items():
        assert add_use_count(type(row).objects.all()).get(pk=row.pk).use_count == count


@pytest.mark.parametrize("url", [IMAGES, PEOPLE, SOURCES, TOPICS])
def test_the_lists_say_it_in_a_fixed_number_of_queries(client, url):
    record(build.full_article(), by=None)
    with CaptureQueriesContext(connection) as few:
        assert "column-used" in client.get(url).content.decode()
    for _ in range(4):
        record(build.full_article(), by=None)
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert len(many) == len(few)


def test_a_long_list_of_uses_says_how_many_there_are(client):
    topic = build.topic()
    for _ in range(14):
        build.article().topics.add(topic)
    page = client.get(f"{TOPICS}{topic.pk}/change/").content.decode()
    assert "14 times in all" in page


# An archived copy


def test_a_source_leads_to_the_page_that_archives_its_address(client):
    source = build.source(url="https://state.example/report?a=1&b=2")
    page = client.get(f"{SOURCES}{source.pk}/change/").content.decode()
    saving = "https://web.archive.org/save/https://state.example/report?a=1&amp;b=2"
    assert f'<a href="{saving}" target="_blank" rel="noopener noreferrer">' in page


@time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False)
def test_the_address_of_the_copy_is_filled_in_by_a_button(client):
    source = build.source(url="https://state.example/report")
    form = desk.open_form(client, f"{SOURCES}{source.pk}/change/")
    form["_continue"] = "archive"

    answer = form.send(button="unused")

    source.refresh_from_db()
    assert source.archived_url == (
        "https://web.archive.org/web/20261122120000/https://state.example/report"
    )
    assert answer["Location"] == f"{SOURCES}{source.pk}/change/"


def test_a_copy_that_is_known_already_is_kept(client):
    source = build.source(archived_url="https://archive.example/known")
    form = desk.open_form(client, f"{SOURCES}{source.pk}/change/")
    form["_continue"] = "archive"
    form.send(button="unused")

    source.refresh_from_db()
    assert source.archived_url == "https://archive.example/known"


def test_without_an_address_there_is_nothing_to_archive(client):
    form = desk.open_form(client, SOURCES + "add/")
    form["title"], form["_continue"] = "A book", "archive"
    page = form.send(button="unused").content.decode()
    assert "Give the address of which there is a copy." in page
    assert not Source.objects.exists()


# What pickers and citations offer


def test_sources_are_found_by_their_words(client):
    build.source(key="state-2016", title="U.S. Relations With Russia", publisher="State")
    build.source(key="other", title="Something else")

    found = client.get(SOURCES + "choose/", {"q": "relations state"}).json()

    assert [one["value"] for one in found["results"]] == ["state-2016"]
    assert found["results"][0]["title"] == "U.S. Relations With Russia"


def test_a_row_that_was_just_added_is_found_by_its_number(client):
    source = build.source()
    build.source()
    found = client.get(SOURCES + "choose/", {"pk": source.pk}).json()
    assert [one["value"] for one in found["results"]] == [source.key]


def test_no_more_are_offered_than_one_can_look_through(client):
    for _ in range(25):
        build.topic()
    found = client.get(TOPICS + "choose/").json()
    assert (len(found["results"]), found["has_more"]) == (20, True)


def test_a_source_added_in_the_dialog_answers_with_its_number(client):
    form = desk.open_form(client, SOURCES + "add/?_popup=1")
    form["title"] = "Added in between"

    page = form.send().content.decode()

    assert f"&quot;value&quot;: &quot;{Source.objects.get().pk}&quot;" in page


def test_an_image_is_offered_with_the_mark_that_shows_it(client):
    image = build.image()
    [found] = client.get(IMAGES + "choose/").json()["results"]
    assert found["target"] == f"image:{image.key}"


def test_explainers_are_offered_with_their_present_address_in_as_many_queries(
    client, django_assert_max_num_queries
):
    for number in range(15):
        build.article(f"explainer-{number}")
    Article.objects.create(title="Without an address")

    with django_assert_max_num_queries(8):
        found = client.get("/admin/articles/article/choose/").json()["results"]

    targets = [one["target"] for one in found]
    assert targets == ["", *(f"/articles/explainer-{n}/" for n in reversed(range(15)))]


def test_tools_that_show_nothing_on_a_page_are_left_out(client):
    page = client.get(TOPICS + "add/").content.decode()
    assert 'data-without="cite image"' in page


@pytest.mark.parametrize("url", [IMAGES, PEOPLE, SOURCES, TOPICS])
def test_somebody_without_the_right_sees_nothing_of_the_library(url):
    client = desk.client_of(build.stranger())
    for page in (url, url + "add/", url + "choose/"):
        assert client.get(page).status_code == 403
