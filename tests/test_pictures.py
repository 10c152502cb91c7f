"""Pictures: what is taken, what is refused with a sentence, and what is taken out of them."""

import io
import random

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from library import pictures
from library.pictures import read_picture, store
from tests import build

FORMS = ["JPEG", "PNG", "WEBP", "GIF", "AVIF"]
ORIENTATION, DESCRIPTION, PLACE = 0x0112, 0x010E, 0x8825


def saved(image: Image.Image, form: str, **options) -> bytes:
    written = io.BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def shown(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def camera_data(orientation: int = 1) -> Image.Exif:
    """What a telephone adds: how it was held, where it was, what its owner calls it."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[DESCRIPTION] = "Taken at home"
    exif.get_ifd(PLACE).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    return exif


def answer_to(content: bytes) -> str:
    """Return the sentence with which a file is refused, or "taken"."""
    try:
        read_picture(content)
    except ValidationError as refused:
        return refused.messages[0]
    return "taken"


def is_near(colour, other, most: int = 12) -> bool:
    return all(abs(one - two) <= most for one, two in zip(colour, other, strict=True))


@pytest.mark.parametrize(
    ("form", "written_as", "ending"),
    [
        ("JPEG", "JPEG", "jpg"),
        ("PNG", "PNG", "png"),
        ("WEBP", "WEBP", "webp"),
        ("GIF", "PNG", "png"),
        ("AVIF", "WEBP", "webp"),
    ],
)
def test_five_formats_are_taken_and_written_anew(form, written_as, ending):
    picture = read_picture(build.picture("teal", form=form))

    assert (picture.width, picture.height, picture.ending) == (40, 30, ending)
    image = shown(picture.content)
    assert (image.format, image.size) == (written_as, (40, 30))
    assert is_near(image.convert("RGB").getpixel((20, 15)), (0, 128, 128))


@pytest.mark.parametrize("form", ["TIFF", "BMP", "ICO", "PPM", "TGA"])
def test_other_formats_are_refused(form):
    with pytest.raises(ValidationError, match=r"not a picture that can be read\. JPEG, PNG, WebP"):
        read_picture(build.picture(form=form))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b'<?xml version="1.0"?>\n<!-- a comment -->\n' + SVG,
        SVG.upper(),
        b"\xef\xbb\xbf" + SVG,
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">',
    ],
)
def test_svg_is_refused_because_it_can_carry_programs(content):
    with pytest.raises(ValidationError, match="SVG files can carry programs"):
        read_picture(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 5000,
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        b"%PDF-1.7",
        "<svg>".encode("utf-16"),
        b" " * 5000 + SVG,
    ],
)
def test_what_is_no_picture_is_refused_whatever_its_name_says(content):
    with pytest.raises(ValidationError, match=r"not a picture that can be read\."):
        read_picture(content)


def test_what_hides_behind_a_picture_is_not_kept():
    program = b"<script>alert(1)</script>"

    for form in FORMS:
        picture = read_picture(build.picture(form=form) + program)
        assert program not in picture.content


def test_a_file_larger_than_twenty_megabytes_is_refused(monkeypatch):
    content = build.picture()
    assert pictures.LARGEST_FILE == 20 * 1024 * 1024

    assert read_picture(content + b"\0" * (pictures.LARGEST_FILE - len(content))).width == 40
    with pytest.raises(ValidationError, match="larger than 20 MB"):
        read_picture(content + b"\0" * (pictures.LARGEST_FILE - len(content) + 1))


@pytest.mark.parametrize("side", [7_747, 15_000, 60_000], ids=["a little", "a lot", "a bomb"])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(side, monkeypatch):
    assert side * side > pictures.MOST_PIXELS
    small = build.picture()
    # The size stands in the first piece of a PNG, and its check sum behind it.
    piece = b"IHDR" + side.to_bytes(4) * 2 + small[24:29]
    checksum = PngImagePlugin.zlib.crc32(piece).to_bytes(4)
    content = small[:12] + piece + checksum + small[33:]
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("It was unpacked."))

    with pytest.raises(ValidationError, match="more than 60 million pixels"):
        read_picture(content)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_what_a_camera_adds_is_taken_out(form):
    image = Image.new("RGB", (40, 30), "teal")
    content = saved(image, form, exif=camera_data(), xmp=b"<x:xmpmeta>Taken at home</x:xmpmeta>")
    assert b"Taken at home" in content

    picture = read_picture(content)

    assert b"Taken at home" not in picture.content
    assert dict(shown(picture.content).getexif()) == {}
    assert set(shown(picture.content).info) <= {
        "jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive", "progression",
        "loop", "background", "timestamp", "duration",
    }  # fmt: skip


def test_comments_in_the_file_are_taken_out():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "Taken at home", zip=False)
    image = Image.new("RGB", (4, 4))

    for content in (
        saved(image, "PNG", pnginfo=notes),
        saved(image, "JPEG", comment="Taken at home"),
    ):
        assert b"Taken at home" in content
        assert b"Taken at home" not in read_picture(content).content


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [
        (1, (80, 40), (5, 5)),
        (3, (80, 40), (75, 35)),
        (6, (40, 80), (35, 5)),
        (8, (40, 80), (5, 75)),
    ],
)
def test_a_picture_is_shown_as_it_was_held(form, orientation, size, corner):
    image = Image.new("RGB", (80, 40), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 15, 15), "red")

    picture = read_picture(saved(image, form, exif=camera_data(orientation)))

    assert (picture.width, picture.height) == size
    turned = shown(picture.content).convert("RGB")
    assert turned.size == size
    assert is_near(turned.getpixel(corner), (255, 0, 0), most=40)


def test_a_transparent_picture_stays_transparent():
    drawn = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    ImageDraw.Draw(drawn).rectangle((0, 0, 3, 7), "red")
    few_colours = drawn.convert("RGB").quantize(4)
    clear = few_colours.getpixel((7, 7))

    contents = [
        saved(drawn, "PNG"),
        saved(drawn, "WEBP", lossless=True),
        saved(few_colours, "PNG", transparency=clear),
        saved(few_colours, "GIF", transparency=clear),
        saved(Image.new("RGB", (8, 8), (1, 2, 3)), "PNG", transparency=(1, 2, 3)),
        saved(Image.new("LA", (8, 8), (90, 0)), "PNG"),
    ]
    for content in contents:
        assert shown(content).convert("RGBA").getpixel((7, 7))[3] == 0
        assert shown(read_picture(content).content).convert("RGBA").getpixel((7, 7))[3] == 0


def test_a_drawing_of_few_colours_stays_small():
    content = saved(Image.effect_noise((200, 200), 90).convert("P"), "PNG")

    assert len(read_picture(content).content) < 1.1 * len(content)


@pytest.mark.parametrize("grey", [0, 0x4000, 0xA000, 0xFFFF])
def test_a_scan_with_sixteen_bits_keeps_its_greys(grey):
    picture = read_picture(saved(Image.new("I;16", (8, 8), grey), "PNG"))

    assert shown(picture.content).getpixel((4, 4)) == grey >> 8


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_colours_are_those_of_the_picture_s_own_colour_space(form):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # The same profile with red and green exchanged: what it calls red is green on a screen.
    swapped = bytearray(lab)
    red, green = lab.index(b"rXYZ"), lab.index(b"gXYZ")
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    content = saved(Image.new("RGB", (8, 8), "red"), form, icc_profile=bytes(swapped))

    image = shown(read_picture(content).content).convert("RGB")

    assert is_near(image.getpixel((4, 4)), (0, 255, 0), most=20)
    assert "icc_profile" not in image.info


def test_a_broken_colour_space_is_no_reason_to_refuse():
    content = saved(Image.new("RGB", (8, 8), "red"), "PNG", icc_profile=b"no profile")

    assert is_near(
        shown(read_picture(content).content).convert("RGB").getpixel((4, 4)), (255, 0, 0)
    )


def test_a_picture_for_print_is_taken_in_colours_of_a_screen():
    picture = read_picture(saved(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))

    image = shown(picture.content)
    assert image.mode == "RGB"
    assert is_near(image.getpixel((4, 4)), (255, 0, 0), most=30)


def test_of_a_moving_picture_the_first_frame_is_taken():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]

    for form in ("GIF", "WEBP", "PNG"):
        content = saved(frames[0], form, save_all=True, append_images=frames[1:])
        image = shown(read_picture(content).content)
        assert getattr(image, "n_frames", 1) == 1
        assert is_near(image.convert("RGB").getpixel((4, 4)), (255, 0, 0), most=30)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("form", FORMS)
def test_a_truncated_or_damaged_picture_is_taken_or_refused_with_a_sentence(form):
    noise = Image.effect_noise((40, 30), 60)
    whole = saved(noise, form, **({} if form == "GIF" else {"exif": camera_data()}))
    chance = random.Random(f"damaged {form}")
    broken = [whole[:length] for length in range(0, len(whole), len(whole) // 60)]
    for _ in range(120):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        broken.append(bytes(damaged))

    answers = [answer_to(content) for content in broken]

    assert len([one for one in answers if one.startswith("This is not a picture")]) > 40
    assert set(answers) <= {"taken", *(one for one in answers if one.endswith("."))}


def test_half_a_picture_is_not_stored_as_a_whole_one():
    for form in FORMS:
        content = saved(Image.effect_noise((200, 200), 60), form)
        with pytest.raises(ValidationError, match="not a picture that can be read"):
            read_picture(content[: len(content) // 2])


def test_equal_pictures_share_a_file_that_is_never_overwritten():
    picture = read_picture(build.picture("teal"))

    name = store(picture)
    again = store(read_picture(build.picture("teal")))
    other = store(read_picture(build.picture("navy")))

    assert name == again != other
    assert name == f"images/{picture.digest[:2]}/{picture.digest}.png"
    assert sorted(build.stored_files()) == sorted({name, other})


def test_the_name_of_a_file_says_nothing_of_what_it_was_called():
    picture = read_picture(build.picture())

    assert set(picture.digest) <= set("0123456789abcdef")
    assert picture.name == f"images/{picture.digest[:2]}/{picture.digest}.{picture.ending}"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_copies_that_differ_in_what_is_taken_out_are_stored_alike(form):
    image = Image.effect_noise((40, 30), 60)
    plain, noted = saved(image, form), saved(image, form, exif=camera_data())
    assert plain != noted

    pictures_read = [read_picture(plain), read_picture(noted)]

    assert len({one.digest for one in pictures_read}) == 2
    assert len({one.stored_digest for one in pictures_read}) == 1


def test_other_pictures_are_not_stored_alike():
    read = [read_picture(build.picture(colour)).stored_digest for colour in ("teal", "navy")]
    assert len(set(read)) == 2


def test_where_a_telephone_was_is_in_no_byte_of_what_is_stored():
    exif = camera_data()
    exif.get_ifd(PLACE)[29] = "2026:11:25"
    content = saved(Image.new("RGB", (40, 30)), "JPEG", exif=exif)
    assert b"2026:11:25" in content

    picture = read_picture(content)

    assert b"2026:11:25" not in picture.content
    assert b"Exif" not in picture.content


def test_html_is_refused_whatever_begins_like_a_picture():
    page = b"<!doctype html><html><script>alert(1)</script></html>"
    for start in (b"", b"\xff\xd8\xff\xe0", b"RIFF\x00\x00\x00\x00WEBP", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(ValidationError, match="not a picture that can be read"):
            read_picture(start + page)


@pytest.mark.django_db
def test_the_digest_of_what_is_stored_is_known_of_every_new_image():
    stored = read_picture(build.picture("teal"))
    assert build.image("teal").stored_digest == stored.stored_digest
