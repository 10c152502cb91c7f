"""What edits facts, sections, see-also and corrections in the article's form."""

from django.utils.translation import gettext_lazy as _

from articles.models import Correction, Fact, Section, SeeAlso
from publishing.editing.rows import RowInline


class FactRows(RowInline):
    model = Fact
    fields = ("characteristic", "as_of", "value", "anchor")
    markdown_fields = {"value": 2}
    tools_left_out = ("image",)
    verbose_name_plural = _("Key facts")
    classes = ("is-tight",)


class SectionRows(RowInline):
    model = Section
    fields = ("heading", "body", "image", "anchor")
    markdown_fields = {"body": 14}
    verbose_name_plural = _("Sections")
    is_foldable = True


class SeeAlsoRows(RowInline):
    model = SeeAlso
    fields = ("target", "url", "label", "note")
    verbose_name_plural = _("See also")
    classes = ("is-tight",)


class CorrectionRows(RowInline):
    model = Correction
    fields = ("wrong", "right", "noticed_by", "corrected_on", "about")
    long_fields = {"wrong": 2}
    markdown_fields = {"right": 3}
    verbose_name_plural = _("Corrections")
    classes = ("is-tight",)
