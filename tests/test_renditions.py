"""Renditions: which there are, how they are made, who may have them, and that they go again."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult
from PIL import Image as Pillow

from articles.redacting import redact
from library import renditions
from library.models import Image
from library.pictures import read_picture, store
from library.showing import shown_image
from library.tasks import make_renditions
from tests import build


def stored(size=(1480, 740), form="JPEG", colour="teal") -> str:
    return store(read_picture(build.picture(colour, form=form, size=size)))


def opened(name: str) -> Pillow.Image:
    with default_storage.open(name) as file:
        image = Pillow.open(io.BytesIO(file.read()))
    image.load()
    return image


def names(file: str, width: int) -> list[str]:
    stem = file.rpartition(".")[0]
    return [one.name.replace(stem, "x") for one in renditions.renditions(file, width)]


# Which there are


def test_they_follow_from_name_and_width_alone():
    assert names("images/ab/x.jpg", 1480) == [
        "x-400.avif", "x-800.avif", "x-1200.avif", "x-1480.avif",
        "x-400.webp", "x-800.webp", "x-1200.webp", "x-1480.webp",
        "x-400.jpg", "x-800.jpg", "x-1200.jpg", "x.jpg",
    ]  # fmt: skip


def test_none_is_larger_than_the_original_or_than_a_page_needs():
    assert names("images/ab/x.png", 40) == ["x-40.avif", "x-40.webp", "x.png"]
    assert names("images/ab/x.png", 400) == ["x-400.avif", "x-400.webp", "x.png"]
    assert names("images/ab/x.png", 5000)[-1] == "x-1600.png"
    assert "x.png" not in names("images/ab/x.png", 5000)


def test_a_picture_in_webp_is_its_own_fallback():
    assert names("images/ab/x.webp", 500) == [
        "x-400.avif", "x-500.avif", "x-400.webp", "x.webp",
    ]  # fmt: skip


def test_a_page_offers_the_best_format_first_and_the_original_last():
    image = {"file": f"images/ab/{'a' * 64}.png", "width": 500, "height": 250}

    shown = shown_image(image, lambda name: f"/media/{name}")

    assert [one["type"] for one in shown["sources"]] == ["image/avif", "image/webp"]
    assert shown["srcset"].split(", ")[-1] == f"/media/{image['file']} 500w"
    assert shown["url"] == f"/media/{image['file']}"
    # An older release embedded no focal point.
    assert shown["focus"] == "focus-x-50 focus-y-50"


# Making them


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_each_is_a_picture_of_its_width_and_format(form):
    file = stored((900, 300), form)

    made = renditions.make(file)

    wanted = renditions.renditions(file, 900)
    assert made == len([one for one in wanted if one.name != file])
    for one in wanted:
        image = opened(one.name)
        assert image.size == (one.width, round(one.width / 3))
        assert image.format == {"jpg": "JPEG"}.get(one.ending, one.ending.upper())


def test_a_transparent_drawing_of_few_colours_stays_one():
    drawn = Pillow.new("RGBA", (600, 600), (0, 0, 0, 0))
    drawn.paste((255, 0, 0, 255), (0, 0, 300, 600))
    written = io.BytesIO()
    drawn.quantize(8).save(written, "PNG")
    file = store(read_picture(written.getvalue()))

    renditions.make(file)

    for one in renditions.renditions(file, 600):
        image = opened(one.name).convert("RGBA")
        assert image.getpixel((image.width - 9, 9))[3] == 0
        assert image.getpixel((9, 9))[3] == 255


def test_making_them_twice_makes_none_and_overwrites_none():
    file = stored()
    first = renditions.renditions(file, 1480)[0].name
    default_storage.save(first, ContentFile(b"made before"))

    assert make_renditions.func(file) == 10
    assert make_renditions.func(file) == 0

    with default_storage.open(first) as kept:
        assert kept.read() == b"made before"
    assert len(build.stored_files()) == 12


def test_a_picture_that_is_gone_has_none():
    assert renditions.make(f"images/ab/{'a' * 64}.png") == 0


def test_a_picture_that_goes_while_they_are_made_takes_them_along(monkeypatch):
    file = stored((500, 300))
    write = renditions._written

    def write_and_redact(original, rendition):
        default_storage.delete(file)
        return write(original, rendition)

    monkeypatch.setattr(renditions, "_written", write_and_redact)

    renditions.make(file)

    assert build.stored_files() == []


def test_another_picture_in_the_same_folder_keeps_its_own():
    file = stored((500, 300))
    other = f"{file.rpartition('/')[0]}/{'b' * 64}-400.avif"
    default_storage.save(other, ContentFile(b"of another"))
    renditions.make(file)

    renditions.delete_with_renditions(file)

    assert build.stored_files() == [other]


def asked_for() -> list[str]:
    """Return the pictures whose renditions the background worker is to make."""
    waiting = DBTaskResult.objects.filter(task_path="library.tasks.make_renditions")
    return [task.args_kwargs["args"][0] for task in waiting.order_by("enqueued_at")]


@pytest.mark.django_db
def test_a_new_image_has_them_made_once_it_is_saved(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        image = build.image()
        assert asked_for() == []
    image.alt = "Described anew"
    with django_capture_on_commit_callbacks(execute=True):
        image.save()

    assert asked_for() == [image.file]


@pytest.mark.django_db
def test_a_command_has_made_what_is_missing(django_capture_on_commit_callbacks, capsys):
    done, waiting = build.image("teal"), build.image("navy")
    renditions.make(done.file)

    with django_capture_on_commit_callbacks(execute=True):
        call_command("make_renditions")

    assert asked_for() == [waiting.file]
    assert "1 picture" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_reads_the_digests_of_files_that_came_later(capsys):
    image = build.image("teal")
    digest, content = image.stored_digest, default_storage.open(image.file).read()
    Image.objects.update(stored_digest="")
    default_storage.delete(image.file)
    call_command("make_renditions")
    image.refresh_from_db()
    assert image.stored_digest == ""

    default_storage.save(image.file, ContentFile(content))
    call_command("make_renditions")

    image.refresh_from_db()
    assert image.stored_digest == digest


# Who may have them


@pytest.fixture
def article(db):
    made = build.article()
    made.image = Image.objects.get(pk=build.image("gold").pk)
    made.save()
    return made


def rendition_of(image: Image) -> str:
    return renditions.renditions(image.file, image.width)[0].name


def test_readers_get_none_before_a_publication_shows_the_picture(client, article):
    renditions.make(article.image.file)
    address = default_storage.url(rendition_of(article.image))
    assert client.get(address).status_code == 404

    build.published(article)

    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/avif"
    assert b"avif" in response.getvalue()[:32]


def test_while_one_is_not_made_the_original_stands_in_and_is_asked_for_again(client, article):
    build.published(article)
    address = default_storage.url(rendition_of(article.image))

    before = client.get(address)
    assert before["Content-Type"] == "image/png"
    assert "no-cache" in before["Cache-Control"]
    renditions.make(article.image.file)
    after = client.get(address)

    assert after["Content-Type"] == "image/avif"
    assert before["ETag"] != after["ETag"]


@pytest.mark.parametrize(
    "name", ["-1e9.avif", "-400.svg", "-400.avif.html", "-0400.avif", "-.avif"]
)
def test_nothing_else_is_a_rendition(client, article, name):
    build.published(article)
    stem = article.image.file.rpartition(".")[0]
    assert client.get(default_storage.url(stem + name)).status_code == 404


def test_redaction_takes_them_away_with_their_picture(
    client, article, django_capture_on_commit_callbacks
):
    build.published(article)
    file, address = article.image.file, default_storage.url(rendition_of(article.image))
    renditions.make(file)
    assert client.get(address).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        redact(article, passages=[], files=[file], reason="By order of a court.", by=None)

    assert build.stored_files() == []
    assert client.get(address).status_code == 404


def test_a_copy_that_was_left_behind_is_not_served(client, article):
    build.published(article)
    renditions.make(article.image.file)
    default_storage.delete(article.image.file)

    assert client.get(default_storage.url(rendition_of(article.image))).status_code == 404
