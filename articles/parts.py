"""The parts that every article has: facts, sections, see also, corrections."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import models
from articles.freshness import checked, is_stale
from articles.structured_data import image_described
from publishing import drawings
from publishing.checks import Check, Level
from publishing.markup.safe_html import trusted
from publishing.markup.words import citations, pictures, plain_text
from publishing.parts import Brought, CitingText, Data, FoundAs, Part, Preparing, Problem, Row
from publishing.parts import parts as registered_parts


class Facts(Part):
    """A table of characteristics and values, each with the day on which it was last true."""

    name = "facts"
    title = gettext_lazy("Key facts")
    order = 10
    template = "articles/_facts.html"
    model = models.Fact
    fields = ("characteristic", "value", "as_of", "anchor")
    body = "value"
    inline = "articles.inlines.FactRows"
    checks = (
        Check(
            "fact-undated",
            gettext_lazy("Facts are dated"),
            gettext_lazy("Every fact says on which day it was last true."),
            level=Level.REQUIRED,
        ),
        Check(
            "fact-unsourced",
            gettext_lazy("Facts are sourced"),
            gettext_lazy("Every fact cites a source."),
        ),
    )

    def row_title(self, row: Row) -> str:
        return row["characteristic"] or super().row_title(row)

    def anchor(self, row: Row) -> str:
        return f"fact-{row['anchor'] or row['uid'][:8]}"

    def problems(self, data: Data) -> Iterator[Problem]:
        for row in data["rows"]:
            if not row["characteristic"]:
                yield self.problem(row, "characteristic", _("A fact has no characteristic."))
            if not plain_text(row["value"] or ""):
                yield self.problem(row, "value", _("“%s” has no value.") % self.row_title(row))
            if pictures(row["value"] or ""):
                yield self.problem(
                    row,
                    "value",
                    _("“%s” marks a picture, and a fact shows none. Show it in a section.")
                    % self.row_title(row),
                )
            if not row["as_of"]:
                message = _("Say on which day “%s” was last true.") % self.row_title(row)
                yield self.problem(row, "as_of", message, "fact-undated")
            if plain_text(row["value"] or "") and not citations(row["value"]):
                message = _("“%s” cites no source.") % self.row_title(row)
                yield self.problem(row, "value", message, "fact-unsourced")

    def prepare_row(self, row: Row, preparing: Preparing) -> Row:
        text = row["value"] or ""
        html = preparing.markdown(text, inline=True)
        return {**row, "html": html, "id": self.anchor(row), "sources": preparing.cited(text)}

    def pulled_out(self, key: str, data: Data, preparing: Preparing) -> SafeString | str:
        """Show a fact in the text of a section, with its day and the way to the key facts."""
        for row in data["rows"]:
            if self.anchor(row) == f"fact-{key}":
                as_of = parse_date(row["as_of"]) if row["as_of"] else None
                html = trusted(preparing.markdown(row["value"] or "", inline=True))
                context = {"row": row, "id": self.anchor(row), "html": html, "as_of": as_of}
                return render_to_string("articles/_pulled_fact.html", context)
        return ""

    def is_in_contents(self, page: Any) -> bool:
        """They stand above the list of contents."""
        return False

    def context(self, rows: list[Row], page: Any) -> dict[str, Any]:
        """Group the rows by characteristic. Only its newest value can be due for a check."""
        groups: dict[str, list[Row]] = {}
        for row in rows:
            as_of = parse_date(row["as_of"]) if row["as_of"] else None
            shown = {**row, "html": trusted(row["html"]), "as_of": as_of}
            shown["checked"] = checked(row, page)
            groups.setdefault(row["characteristic"], []).append(shown)
        for group in groups.values():
            newest = max((row["as_of"] for row in group if row["as_of"]), default=None)
            due = is_stale(newest, page)
            for row in group:
                row["is_stale"] = due and row["as_of"] == newest
                row["checked"]["is_stale"] = row["is_stale"]
        return {"groups": list(groups.items())}


class Sections(Part):
    """The explanation: headings, Markdown, pictures."""

    name = "sections"
    title = gettext_lazy("The explanation")
    order = 30
    template = "articles/_sections.html"
    model = models.Section
    fields = ("heading", "anchor", "body", "image")
    body = "body"
    inline = "articles.inlines.SectionRows"
    found_as = FoundAs("section", gettext_lazy("Section"), gettext_lazy("Sections"))

    def row_title(self, row: Row) -> str:
        return row["heading"] or super().row_title(row)

    def anchor(self, row: Row) -> str:
        return row["anchor"] or f"section-{row['uid'][:8]}"

    def contents(self, page: Any) -> Iterable[tuple[str, str]]:
        return [(row["id"], row["heading"]) for row in page.rows(self.name)]

    def is_in_contents(self, page: Any) -> bool:
        return False

    def citing_texts(self, data: Data) -> Iterator[CitingText]:
        for number, citing in enumerate(super().citing_texts(data), start=1):
            label = _("section %d") % number
            yield CitingText(citing.text, citing.anchor, label, citing.uid, citing.field)

    def problems(self, data: Data) -> Iterator[Problem]:
        if not data["rows"]:
            yield Problem(message=_("Write at least one section."), part=self.name)
        for row in data["rows"]:
            if not row["heading"]:
                yield self.problem(row, "heading", _("A section has no heading."))
            if not plain_text(row["body"] or ""):
                yield self.problem(row, "body", _("“%s” has no text.") % self.row_title(row))
            for sentence in drawings.problems(row["body"] or ""):
                yield self.problem(row, "body", f"“{self.row_title(row)}”: {sentence}")

    def prepare_row(self, row: Row, preparing: Preparing) -> Row:
        html = preparing.markdown(row["body"] or "", within=self.anchor(row), notes=True)
        return {**row, "html": html, "id": self.anchor(row)}

    def context(self, rows: list[Row], page: Any) -> dict[str, Any]:
        return {
            "rows": [
                {**row, "html": trusted(row["html"]), "image": page.shown_image(row["image"])}
                for row in rows
            ]
        }

    def structured_data(self, rows: list[Row], page: Any) -> dict[str, Any]:
        shown = [image_described(row["image"], page) for row in rows if row["image"]]
        return {"associatedMedia": shown} if shown else {}


class SeeAlso(Part):
    """Where to read on. Articles of ours show their live title, or nothing while not live."""

    name = "see-also"
    title = gettext_lazy("You may want to see also")
    order = 40
    template = "articles/_see_also.html"
    model = models.SeeAlso
    fields = ("target", "url", "label", "note")
    inline = "articles.inlines.SeeAlsoRows"
    checks = (
        Check(
            "see-also-not-live",
            gettext_lazy("See also is live"),
            gettext_lazy("The articles under “See also” are before readers."),
        ),
    )

    def row_title(self, row: Row) -> str:
        return row["label"] or row["url"] or _("another article")

    def anchor(self, row: Row) -> str:
        return f"see-also-{row['uid'][:8]}"

    def is_in_contents(self, page: Any) -> bool:
        return False

    def problems(self, data: Data) -> Iterator[Problem]:
        for row in data["rows"]:
            if not row["target"] and not row["url"]:
                yield self.problem(
                    row, "url", _("Under “See also”, choose an article or give an address.")
                )
            elif row["url"] and not row["label"]:
                yield self.problem(row, "label", _("Say what is found at %s.") % row["url"])

    def problems_beyond(self, data: Data, article_uid: str) -> Iterator[Problem]:
        wanted = {row["target"] for row in data["rows"] if row["target"]}
        if not wanted:
            return
        live = models.Publication.objects.live().filter(article__uid__in=wanted)
        found = {str(uid) for uid in live.values_list("article__uid", flat=True)}
        for row in data["rows"]:
            if row["target"] and row["target"] not in found:
                message = _("Under “See also”, readers do not find an article that is not live.")
                yield self.problem(row, "target", message, "see-also-not-live")

    def context(self, rows: list[Row], page: Any) -> dict[str, Any]:
        """Look up the articles named: their titles are theirs, and a draft has none here."""
        articles = page.live_articles(row["target"] for row in rows if row["target"])
        links = []
        for row in rows:
            if row["target"] is None:
                links.append({"url": row["url"], "label": row["label"], "note": row["note"]})
            elif article := articles.get(row["target"]):
                links.append({"article": article, "note": row["note"]})
        return {"links": links}


class Corrections(Part):
    """What the page said wrongly. Once published a correction stays, on the page and in the log."""

    name = "corrections"
    title = gettext_lazy("Corrections")
    order = 65
    template = "articles/_corrections.html"
    model = models.Correction
    fields = ("wrong", "right", "noticed_by", "corrected_on", "about")
    body = "right"
    inline = "articles.inlines.CorrectionRows"
    takes = "correction"
    public_model = models.PublishedCorrection

    def row_title(self, row: Row) -> str:
        return Truncator(row["wrong"]).words(12) or super().row_title(row)

    def anchor(self, row: Row) -> str:
        return f"correction-{row['uid'][:8]}"

    def citing_texts(self, data: Data) -> Iterator[CitingText]:
        for number, citing in enumerate(super().citing_texts(data), start=1):
            label = _("correction %d") % number
            yield CitingText(citing.text, citing.anchor, label, citing.uid, citing.field)

    def take_up(self, article: models.Article, brought: Brought) -> models.Correction:
        return models.Correction.objects.create(
            article=article,
            wrong=brought.words,
            right=brought.instead,
            noticed_by=brought.credit,
            corrected_on=brought.on,
            about=brought.about,
        )

    def name_bringer(self, row: Row, credit: str) -> Row:
        return {**row, "noticed_by": credit}

    def problems(self, data: Data) -> Iterator[Problem]:
        for row in data["rows"]:
            if not (row["wrong"] or "").strip():
                yield self.problem(row, "wrong", _("A correction does not say what was wrong."))
            if not plain_text(row["right"] or ""):
                yield self.problem(
                    row, "right", _("Say what is right instead of “%s”.") % self.row_title(row)
                )
            if not row["corrected_on"]:
                yield self.problem(
                    row,
                    "corrected_on",
                    _("Say on which day “%s” was corrected.") % self.row_title(row),
                )

    def taken_back(self, data: Data, article_uid: str) -> Iterator[Problem]:
        """A correction that readers saw is not quietly dropped; its words may be redacted."""
        kept = {row["uid"] for row in data["rows"]}
        begun = models.PublishedCorrection.objects.filter(
            publication__article__uid=article_uid,
            publication__goes_live_at__lte=timezone.now(),
            publication__cancelled_at__isnull=True,
        )
        missing = {str(one.uid): one for one in begun.order_by("pk") if str(one.uid) not in kept}
        for published in missing.values():
            yield Problem(
                message=_(
                    "The correction of %(day)s, “%(wrong)s”, was published, so it stays in the "
                    "log. Bring it back from the article’s history."
                )
                % {
                    "day": date_format(published.corrected_on, "j F Y"),
                    "wrong": self.row_title(published.shown),
                },
                part=self.name,
            )

    def prepare_row(self, row: Row, preparing: Preparing) -> Row:
        """Return one row with its HTML, and what is right for machines under ``plain``."""
        return {**super().prepare_row(row, preparing), "plain": plain_text(row["right"] or "")}

    def context(self, rows: list[Row], page: Any) -> dict[str, Any]:
        """The newest first, each with the name of what it is about, if that is still there."""
        names = {
            row["id"]: part.row_title(row)
            for part in registered_parts()
            for row in page.rows(part.name)
        }
        newest_first = sorted(rows, key=lambda row: row["corrected_on"] or "", reverse=True)
        return {
            "corrections": [
                {**correction_shown(row), "about_name": names.get(row["about"], "")}
                for row in newest_first
            ]
        }

    def brief(self, page: Any) -> SafeString | str:
        """The day of the latest correction, with the way to all of them."""
        days = [row["corrected_on"] for row in page.rows(self.name) if row["corrected_on"]]
        if not days:
            return ""
        context = {"corrected_on": parse_date(max(days)), "part": self}
        return render_to_string("articles/_corrected.html", context)

    def structured_data(self, rows: list[Row], page: Any) -> dict[str, Any]:
        return {
            "correction": [
                {
                    "@type": "CorrectionComment",
                    "text": _("It said: %(wrong)s It should say: %(right)s")
                    % {"wrong": row["wrong"], "right": row["plain"]},
                    "datePublished": row["corrected_on"],
                    "url": f"{page.absolute_url}#{row['id']}",
                }
                for row in rows
            ]
        }

    def publish(self, publication: models.Publication, data: Data) -> None:
        models.PublishedCorrection.objects.filter(publication=publication).delete()
        models.PublishedCorrection.objects.bulk_create(
            models.PublishedCorrection(
                publication=publication,
                uid=row["uid"],
                anchor=row["id"],
                corrected_on=row["corrected_on"],
                shown=row,
            )
            for row in publication.prepared["parts"].get(self.name, [])
        )


def correction_shown(row: Row) -> dict[str, Any]:
    """Return a prepared correction as ``articles/_correction.html`` wants it."""
    return {
        **row,
        "html": trusted(row["html"]),
        "corrected_on": parse_date(row["corrected_on"]) if row["corrected_on"] else None,
    }
