"""Images shown by texts: embedded, shown, found again, and redacted like all that is published."""

import json

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from articles.comparing import compare
from articles.deeds import NotReady, publish
from articles.documents import files_of, prepare, read_document
from articles.draft_links import make_link
from articles.models import Article, ImageInText, PublishedFile
from articles.recording import record
from articles.redacting import redact
from articles.replacing import REPLACEMENT
from articles.restoring import import_document, restore
from articles.verifying import State, verify
from library import renditions
from library.models import Image, image_key
from library.uses import uses
from publishing.markup.bodies import render_markdown
from publishing.markup.words import pictures, plain_text
from tests import build, desk

pytestmark = pytest.mark.django_db
KEY = "0123456789ab"


def figure(key: str, words: str):
    """Stand in for the library, which knows one picture."""
    return render_markdown(f"*{key}* {words}", inline=True) if key == KEY else ""


def shown(text: str, **options) -> str:
    return render_markdown(text, picture=figure, **options)


@pytest.fixture
def image() -> Image:
    return build.image("crimson", alt="A crimson field", caption="Its caption", credit="A painter")


@pytest.fixture
def article(image) -> Article:
    made = build.article("shown")
    build.section(made, heading="With a picture", body=f"Before.\n\n![](image:{image.key})\n\nEnd.")
    return made


def page_of(client, article: Article) -> str:
    return client.get(f"/articles/{article.slug}/").content.decode()


# The mark


def test_a_mark_on_its_own_is_a_figure_without_a_paragraph_around_it():
    assert shown(f"One.\n\n![w](image:{KEY})\n\nTwo.") == (
        f"<p>One.</p>\n<em>{KEY}</em> w\n<p>Two.</p>\n"
    )


def test_a_mark_inside_a_paragraph_stands_below_it():
    html = shown(f"Before ![w](image:{KEY}) after.")
    assert html == f"<p>Before  after.</p>\n<em>{KEY}</em> w\n"


def test_pictures_stand_in_lists_and_quotations_too():
    html = shown(f"- ![w](image:{KEY})\n\n> ![w](image:{KEY})")
    assert html.count(f"<em>{KEY}</em>") == 2
    assert "<p>" not in html


@pytest.mark.parametrize("text", ["## ![w](image:{})", "`![w](image:{})`", "[![w](image:{})](/x/)"])
def test_where_no_figure_can_stand_its_words_do(text):
    text = text.format(KEY)
    assert "<em>" not in shown(text)
    assert "w" in shown(text)
    assert pictures(text) == []


def test_a_mark_that_is_not_known_stays_as_it_was_typed():
    assert "![w &lt;b&gt;](image:ffffffffffff)" in shown("![w <b>](image:ffffffffffff)")
    assert "![w](image:ffffffffffff)" in render_markdown("![w](image:ffffffffffff)")


@pytest.mark.parametrize("target", ["image:short", "image:0123456789AB", "image://0123456789ab"])
def test_only_a_key_is_a_key(target):
    assert pictures(f"![w]({target})") == []


def test_a_link_does_not_lead_to_a_picture():
    assert "href" not in shown(f"[x](image:{KEY})")


def test_html_that_is_not_safe_is_escaped():
    html = render_markdown(f"![w](image:{KEY})", picture=lambda key, words: "<script>")
    assert "<script>" not in html


def test_the_words_of_a_mark_are_words_of_the_text():
    assert plain_text(f"A ![map](image:{KEY})") == "A map"


# Documents and pages


def test_a_document_embeds_the_images_that_its_texts_show(article, image):
    document = read_document(article)

    assert [one["uid"] for one in document["images"]] == [str(image.uid)]
    assert image.file in files_of(document)


def test_a_document_without_them_is_as_it_was_before_there_were_any():
    assert "images" not in read_document(build.full_article())


def test_every_part_may_show_images(image):
    other = build.image("plum")
    article = build.article()
    build.event(article, text=f"![](image:{image.key})")
    build.question(article, answer=f"Yes. ![](image:{other.key}) ![](image:{image.key})")

    images = read_document(article)["images"]

    assert [one["uid"] for one in images] == [str(image.uid), str(other.uid)]


def test_readers_see_the_figure_with_all_that_belongs_to_it(client, article, image):
    build.published(article)

    page = page_of(client, article)

    assert 'alt="A crimson field"' in page
    assert "Its caption" in page
    assert "A painter" in page
    rendition = renditions.renditions(image.file, image.width)[0].name
    assert f'type="image/avif" srcset="/media/{rendition} 40w"' in page
    assert client.get(f"/media/{image.file}").status_code == 200
    assert client.get(f"/media/{rendition}").status_code == 200


def test_the_words_of_the_mark_take_the_captions_place(client, article, image):
    article.sections.update(body=f"Text. ![Another & caption](image:{image.key})")
    build.published(article)

    page = page_of(client, article)

    assert "Another &amp; caption" in page
    assert "Its caption" not in page


def test_later_edits_of_the_library_change_no_publication(client, article, image):
    build.published(article)
    Image.objects.update(alt="Described anew")

    assert 'alt="A crimson field"' in page_of(client, article)


def test_nobody_sees_the_file_before_a_publication_shows_it(client, article, image):
    record(article, by=None)
    for name in (image.file, renditions.renditions(image.file, image.width)[0].name):
        assert client.get(default_storage.url(name)).status_code == 404


def test_an_image_that_is_not_in_the_library_stands_in_the_way_of_publishing(article):
    section = article.sections.last()
    section.body = "Text. ![](image:ffffffffffff)"
    section.save()

    with pytest.raises(NotReady) as refused:
        publish(record(article, by=None), by=None, change_note="First.")

    [problem] = refused.value.problems
    assert "shows image:ffffffffffff, which is not in the library" in problem.message
    assert (problem.part, problem.uid, problem.field) == ("sections", str(section.uid), "body")


def test_a_fact_shows_no_picture_and_says_so(article, image):
    build.fact(article, characteristic="Flag", value=f"Red.\n\n![](image:{image.key})")

    with pytest.raises(NotReady) as refused:
        publish(record(article, by=None), by=None, change_note="First.")

    assert "Show it in a section" in refused.value.problems[0].message


def test_a_draft_shows_it_from_the_desk(article, image):
    record(article, by=None)
    client = desk.client_of(build.editor())

    page = client.get(desk.address(article, "preview")).content.decode()

    assert f'src="/admin/library/image/file/{image.file}"' in page
    assert "/media/images" not in page
    rendition = renditions.renditions(image.file, image.width)[0].name
    assert client.get(f"/admin/library/image/file/{rendition}").status_code == 200


def test_the_preview_of_a_text_shows_it_in_one_query(article, image, django_assert_num_queries):
    client = desk.client_of(build.editor())
    text = f"![](image:{image.key}) ![](image:{build.image('plum').key})"
    plain = len(_queries(client, "Text."))

    html = client.post("/admin/markdown/preview/", {"content": text}).content.decode()

    assert html.count("<figure") == 2
    assert f"/admin/library/image/file/{image.file}" in html
    assert len(_queries(client, text)) == plain + 1


def _queries(client, text):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.post("/admin/markdown/preview/", {"content": text})
    return queries


def test_what_changed_names_the_image(article, image):
    old = read_document(article)
    Image.objects.update(alt="Described anew")
    new = read_document(article)

    [changes] = compare(old, new).parts

    assert changes.name == "images"
    assert changes.rows[0].title == "Its caption"


def test_what_is_prepared_depends_on_the_document_and_the_place_of_files(article):
    document = read_document(article)
    assert prepare(document) == prepare(json.loads(json.dumps(document)))
    assert "https://files.example/images" in str(
        prepare(document, image_address=lambda name: f"https://files.example/{name}")
    )


# Where used


def test_the_library_knows_which_texts_show_an_image(article, image):
    record(article, by=None)

    [use] = uses(image)

    assert use.words == f"Text “section 2” – {article}"
    article.sections.last().delete()
    record(article, by=None)
    assert uses(image) == []


def test_an_image_that_a_text_shows_is_not_deleted(article, image):
    record(article, by=None)
    client = desk.client_of(build.editor())

    page = client.post(f"/admin/library/image/{image.pk}/delete/", {"post": "yes"}).content.decode()

    assert "is used, so it stays" in page
    assert Image.objects.filter(pk=image.pk).exists()


# Restore, export, import


def test_restoring_makes_a_missing_image_again(article, image):
    revision = record(article, by=None)
    ImageInText.objects.all().delete()
    image.delete()

    restored = restore(revision, by=None)

    assert [
        name for name in restored.differences.recreated if "Its caption" in name or "field" in name
    ]
    assert Image.objects.get().key == image.key
    assert restored.revision.digest == revision.digest


def test_the_middle_goes_without_saying_so_older_documents_are_equal(article, image):
    before = record(article, by=None)
    assert not {"focus_x", "focus_y"} & set(before.document["images"][0])
    assert not import_document(before.document, by=None).differences.differing

    image.focus_x = 20
    image.save()

    assert read_document(article)["images"][0]["focus_x"] == 20
    assert import_document(before.document, by=None).differences.differing


def test_an_image_is_made_again_with_its_focal_point(article, image):
    Image.objects.update(focus_x=20, focus_y=0)
    revision = record(article, by=None)
    image.delete()

    assert restore(revision, by=None).revision.digest == revision.digest
    assert (Image.objects.get().focus_x, Image.objects.get().focus_y) == (20, 0)


def test_export_and_import_give_the_same_digest(article, image, tmp_path, capsys):
    digest = record(article, by=None).digest
    call_command("export_articles", str(tmp_path))
    Article.objects.all().delete()
    Image.objects.all().delete()

    call_command("import_articles", str(tmp_path))

    assert Article.objects.get().latest_revision.digest == digest
    assert Image.objects.get().key == image.key
    assert "not quite" not in capsys.readouterr().out


def test_texts_of_a_part_that_is_not_installed_keep_their_images(article, image):
    document = record(article, by=None).document
    text = f"![](image:{image.key})"
    document["parts"]["maps"] = {"schema": 1, "rows": [{"uid": "x", "text": text}]}
    document["parts"]["sections"]["rows"] = document["parts"]["sections"]["rows"][:1]

    imported = import_document(document, by=None).revision

    assert [one["uid"] for one in imported.document["images"]] == [str(image.uid)]


# Redaction


def test_a_redacted_file_leaves_no_mark_and_no_row(
    client, article, image, django_capture_on_commit_callbacks
):
    build.published(article)
    renditions.make(image.file)

    with django_capture_on_commit_callbacks(execute=True):
        redact(article, passages=[], files=[image.file], reason="By order of a court.", by=None)

    page = page_of(client, article)
    assert image.key not in page
    assert REPLACEMENT in page
    assert "A crimson field" not in page
    assert image.key not in client.get(f"/articles/{article.slug}.json").content.decode()
    assert not PublishedFile.objects.filter(name=image.file).exists()
    assert not Image.objects.exists()
    assert not ImageInText.objects.exists()
    assert build.stored_files() == []
    assert [one.state for one in verify(article)] == [State.REDACTED]


def test_other_images_and_other_texts_stay(article, image):
    other = build.image("plum", alt="A plum field")
    build.section(article, body=f"![of [it]](image:{image.key})\n\n![](image:{other.key})")
    build.published(article)

    redact(article, passages=[], files=[image.file], reason="By order of a court.", by=None)

    document = article.latest_revision.document
    assert [one["uid"] for one in document["images"]] == [str(other.uid)]
    assert article.sections.last().body == f"{REPLACEMENT}\n\n![](image:{other.key})"


def test_words_are_redacted_in_an_embedded_image_too(client, article, image):
    build.published(article)

    redact(article, passages=["A painter"], reason="Privacy.", by=None)

    assert "A painter" not in page_of(client, article)
    assert "A painter" not in json.dumps(article.latest_revision.document)
    assert Image.objects.get().credit == REPLACEMENT


def test_the_key_is_the_beginning_of_the_uid(image):
    assert image.key == image_key(str(image.uid)) == str(image.uid).replace("-", "")[:12]
    other = build.image("plum")
    assert Image.objects.by_key([image.key, "ffffffffffff"]) == {image.key: image}
    assert set(Image.objects.by_key([image.key, other.key])) == {image.key, other.key}
    assert Image.objects.by_key([]) == {}


def test_a_guest_with_a_draft_link_sees_it_by_that_link_only(client, article, image):
    author = build.editor()
    link = make_link(record(article, by=author), by=author)
    renditions.make(image.file)
    rendition = renditions.renditions(image.file, image.width)[0].name

    page = client.get(f"/draft/{link.signed}/").content.decode()

    for name in (image.file, rendition):
        address = f"/draft/{link.signed}/files/{name}"
        assert address in page
        assert client.get(address).status_code == 200
        assert client.get(f"/media/{name}").status_code == 404
    other = build.image("plum")
    assert client.get(f"/draft/{link.signed}/files/{other.file}").status_code == 404
