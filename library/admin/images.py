"""Images: what is taken, how it is shown to the desk, and that its file stays."""

import io
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image as Pillow

from library.admin.rows import LibraryAdmin, LibraryForm
from library.models import MIDDLE, Image
from library.pictures import LARGEST_FILE, Picture, read_picture, store
from library.renditions import is_picture, originals
from library.serving import picture_response
from library.showing import desk_address, shown_image
from publishing.editing.choices import Choice, address_in_admin
from publishing.editing.widgets import FileWidget

THUMBNAIL = (320, 240)
# Shapes into which pages and other sites crop pictures, each a class of the style sheet.
CROPS = (("16:9", "is-16-9"), ("4:3", "is-4-3"), ("1:1", "is-1-1"), ("3:4", "is-3-4"))


class DescribedForm(LibraryForm):
    """An image's words and its focal point, which is the middle if nothing is said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("focus_x", "focus_y"):
            if name in self.fields:
                self.fields[name].required = False

    def clean_focus_x(self) -> int:
        return self._percent("focus_x")

    def clean_focus_y(self) -> int:
        return self._percent("focus_y")

    def _percent(self, name: str) -> int:
        given = self.cleaned_data[name]
        return MIDDLE if given is None else given


class UploadWidget(FileWidget):
    """The file of a picture, with the picture itself and its crops once it is chosen."""

    template_name = "admin/widgets/upload.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "crops": CROPS}


class ImageForm(DescribedForm):
    """An image with its file, which is chosen once: another picture is another image."""

    upload = forms.FileField(
        label=gettext_lazy("File"),
        widget=UploadWidget({"accept": "image/jpeg,image/png,image/webp,image/gif,image/avif"}),
        help_text=gettext_lazy("JPEG, PNG, WebP, GIF or AVIF, up to 20 MB."),
        error_messages={"required": gettext_lazy("Choose the file of the picture.")},
    )
    picture: Picture | None = None

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        # One byte more than is allowed tells that it is too large, and no more is read.
        self.picture = read_picture(upload.read(LARGEST_FILE + 1))
        self._refuse_known(self.picture)
        return upload

    def _refuse_known(self, picture: Picture) -> None:
        """Refuse the same file, and the same picture in a file that differs beside it."""
        same_file = models.Q(digest=picture.digest)
        same_picture = models.Q(stored_digest=picture.stored_digest)
        if known := Image.objects.filter(same_file | same_picture).order_by("pk").first():
            raise ValidationError(
                format_html(
                    '{} <a href="{}" data-known="{}">{}</a>',
                    _("This very picture is in the library already:"),
                    address_in_admin(known, "change", known.pk),
                    known.pk,
                    known,
                )
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.picture:
            self.instance.file = self.picture.name
            self.instance.digest = self.picture.digest
            self.instance.stored_digest = self.picture.stored_digest
            self.instance.width, self.instance.height = self.picture.width, self.picture.height
        return cleaned


class AltFilter(admin.SimpleListFilter):
    title = gettext_lazy("alternative text")
    parameter_name = "alt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("words", _("Described")), ("decorative", _("Decorative"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet | None:
        chosen = {"words": False, "decorative": True}.get(self.value() or "")
        return None if chosen is None else queryset.filter(is_decorative=chosen)


@admin.register(Image)
class ImageAdmin(LibraryAdmin):
    form = ImageForm
    change_form_template = "admin/library/image_form.html"
    change_list_template = "admin/library/image_list.html"
    takes_files = True
    list_display = ["thumbnail", "described", "credit", "size", "used"]
    list_display_links = ["described"]
    list_filter = [AltFilter, "licence"]
    list_per_page = 24
    search_fields = ["alt", "caption", "credit", "licence"]
    long_fields = {"alt": 2, "caption": 2}
    readonly_fields = ["picture_shown"]
    described_fields = (
        "alt",
        "is_decorative",
        "caption",
        ("credit", "licence"),
        "licence_url",
        ("focus_x", "focus_y"),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["picture_shown" if obj else "upload", *self.described_fields]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> type:
        if obj:
            kwargs["form"] = DescribedForm
        return super().get_form(request, obj, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if picture := getattr(form, "picture", None):
            store(picture)
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, image: Image) -> SafeString:
        return format_html(
            '<img class="desk-thumbnail" src="{}" alt="" loading="lazy" width="80" height="60">',
            thumbnail_url(image),
        )

    @admin.display(description=gettext_lazy("description"), ordering="alt")
    def described(self, image: Image) -> str:
        return image.alt or (_("Decorative: %s") % (image.caption or image.file[-12:]))

    @admin.display(description=gettext_lazy("size"))
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}"  # noqa: RUF001

    @admin.display(description=gettext_lazy("picture"))
    def picture_shown(self, image: Image) -> SafeString:
        context = {
            "image": shown_image(image.embedded(), desk_address),
            "crops": CROPS,
            "size": self.size(image),
            "mark": f"![](image:{image.key})",
        }
        return render_to_string("admin/library/_picture.html", context)

    def choice_of(self, row: Image) -> Choice:
        return Choice(
            str(row.pk),
            self.described(row),
            ", ".join(filter(None, [row.credit, self.size(row)])),
            picture=thumbnail_url(row),
            address=self.address_of(row),
            target=f"image:{row.key}",
        )

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "file/<path:name>",
                self.admin_site.admin_view(self.file_view, cacheable=True),
                name="library_image_file",
            ),
            path(
                "<int:pk>/thumbnail/",
                self.admin_site.admin_view(self.thumbnail_view, cacheable=True),
                name="library_image_thumbnail",
            ),
            *super().get_urls(),
        ]

    def file_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """A picture for the desk or a rendition of it, published or not: previews show it."""
        for original in filter(is_picture, originals(name)):
            if default_storage.exists(original):
                return _for_this_browser(picture_response(name, original))
        raise Http404

    def thumbnail_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A small copy, made each time: what is redacted leaves no copy behind."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        image = get_object_or_404(Image, pk=pk)
        if not default_storage.exists(image.file):
            raise Http404
        written = io.BytesIO()
        with default_storage.open(image.file) as file, Pillow.open(file) as opened:
            opened.draft("RGB", THUMBNAIL)
            opened.thumbnail(THUMBNAIL)
            small = opened if opened.mode in ("RGB", "RGBA") else opened.convert("RGBA")
            small.save(written, "WEBP", quality=70)
        return _for_this_browser(HttpResponse(written.getvalue(), content_type="image/webp"))


def thumbnail_url(image: Image) -> str:
    return reverse("admin:library_image_thumbnail", args=[image.pk])


def _for_this_browser(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, max-age=3600"
    return response
