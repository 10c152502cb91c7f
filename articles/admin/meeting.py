"""Two saves that meet: a form opened on one revision and saved over a later one.

Before the form is read, what was posted is merged with what was recorded since
(``articles.merging``): the form then holds both, and is saved as if it had been
opened on the latest revision. Where both changed the same, the form is shown
again with both texts, until it says for each which is to be kept.

    clash=<key>            asked before, one for each
    keep:<key>=mine        what stands in the form is kept, edited or not
    keep:<key>=theirs      what was recorded is taken

A key is ``part:uid:field``; see ``articles.merging.key``.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from articles.admin.conflict import NOTHING, name_of
from articles.admin.posted import Fields, Keys
from articles.documents import ARTICLE_FIELDS, Document, part_data, upgraded_document
from articles.merging import (
    WHOLE_ROW,
    Row,
    Values,
    key,
    merge_order,
    merge_rows,
    merge_values,
    same,
)
from articles.models import Article, Revision
from articles.recording import lock
from publishing.comparing import Run, compare_words
from publishing.editing.rows import PLACE, UID, RowInline, RowList, inline_of
from publishing.parts import Part, parts
from publishing.whole_numbers import whole_number

ASKED = "clash"
ANSWER = "keep:"
MINE, THEIRS = "mine", "theirs"
REMOVE = "DELETE"


@dataclass(frozen=True, slots=True)
class Clash:
    """What both changed: where it is, and both texts as they differ from the one before."""

    key: str
    place: str
    control: str
    mine: list[Run]
    theirs: list[Run]
    # One of them deleted the row: then there are no texts to compare word by word.
    is_row: bool = False

    @property
    def answer_name(self) -> str:
        return ANSWER + self.key


@dataclass
class Meeting:
    """What was merged into a form that was opened before somebody else's save."""

    people: str
    latest: Revision | None
    taken: list[str] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        """Is there nothing left to choose?"""
        return not self.clashes

    def take(self, names: Iterable[str]) -> None:
        """Note what is theirs now, each once."""
        self.taken += [name for name in dict.fromkeys(names) if name not in self.taken]

    @property
    def words(self) -> str:
        """Say what was taken over, and from whom."""
        return _("Saved together with what %(people)s changed meanwhile: %(taken)s.") % {
            "people": self.people,
            "taken": "; ".join(self.taken),
        }


def meet(desk: Any, request: HttpRequest, row: models.Model) -> Meeting | None:
    """Merge ``request.POST`` with what was recorded since its form was opened.

    Call it inside the transaction that saves: it holds the article's row.
    Returns None if nothing was recorded since and nothing is still to be chosen.
    """
    article = lock(row if isinstance(row, Article) else row.article)
    opened_on = whole_number(request.POST.get("opened_on")) or 0
    later = list(
        article.revisions.of_draft()
        .filter(number__gt=opened_on)
        .select_related("created_by")
        .defer("content")
        .order_by("-number")
    )
    asked = set(request.POST.getlist(ASKED))
    latest = article.latest_revision if later or asked else None
    if latest is None:
        return None
    opened = article.revisions.filter(number=opened_on).first() if later else latest
    data = request.POST.copy()
    meeting = Meeting(_people(later or [latest], request.user), latest)
    merging = Merging(
        desk=desk,
        request=request,
        data=data,
        before=_document(opened),
        now=_document(latest),
        meeting=meeting,
        asked=asked,
    )
    if isinstance(row, Article):
        merging.merge_article(article)
    else:
        merging.merge_row(row)
    for name in [name for name in data if name == ASKED or name.startswith(ANSWER)]:
        del data[name]
    data["opened_on"] = str(latest.number)
    request.POST = data
    return meeting


def meet_deleted(
    request: HttpRequest, article: Article, part: Part, uid: str
) -> tuple[str, Meeting]:
    """Return the choice for a row deleted while its own form was open, and the question.

    The choice is "" until the question was asked and answered.
    """
    article = lock(article)
    opened_on = whole_number(request.POST.get("opened_on")) or 0
    later = article.revisions.of_draft().filter(number__gt=opened_on).select_related("created_by")
    latest = article.latest_revision
    meeting = Meeting(_people(list(later.defer("content")), request.user), latest)
    asked = key(part.name, uid, WHOLE_ROW)
    meeting.clashes.append(_clash_of_row(asked, str(part.title), is_mine_deleted=False))
    is_asked = asked in request.POST.getlist(ASKED)
    return request.POST.get(ANSWER + asked, "") if is_asked else "", meeting


def _clash_of_row(asked: str, place: str, *, is_mine_deleted: bool, control: str = "") -> Clash:
    told = [_("Deleted"), _("Kept, as it was changed")]
    mine, theirs = told if is_mine_deleted else reversed(told)
    return Clash(
        key=asked,
        place=place,
        control=control,
        mine=compare_words(mine, mine),
        theirs=compare_words(theirs, theirs),
        is_row=True,
    )


@dataclass
class Merging:
    """One merge: the posted data is rewritten in place, and ``meeting`` told what happened."""

    desk: Any
    request: HttpRequest
    data: QueryDict
    before: Document
    now: Document
    meeting: Meeting
    asked: set[str]

    def merge_article(self, article: Article) -> None:
        """Merge the article's own fields, the rows edited in place and the orders of lists."""
        form = self.desk.get_form(self.request, article, change=True)(instance=article)
        self._merge_fields(
            Fields(form, ARTICLE_FIELDS, self.keys),
            self.before["article"],
            self.now["article"],
            part="article",
        )
        for formset, inline in self.desk.get_formsets_with_inlines(self.request, article):
            if isinstance(inline, RowInline):
                PostedRows(self, article, formset, part_of(formset.model)).merge()
        for part in parts():
            if issubclass(inline_of(part), RowList):
                self._merge_order_of_list(part.name)

    def merge_row(self, row: models.Model) -> None:
        """Merge the form of one row."""
        part = part_of(type(row))
        form = self.desk.get_form(self.request, row, change=True)(instance=row)
        self._merge_fields(
            Fields(form, part.fields, self.keys),
            _row_of(self.before, part, row),
            _row_of(self.now, part, row),
            part=part.name,
            uid=str(row.uid),
        )

    def chosen(self, name: str) -> str:
        """Return which side was chosen for what was asked before; "" for none or not asked."""
        return self.data.get(ANSWER + name, "") if name in self.asked else ""

    def _merge_fields(
        self, fields: Fields, before: Any, now: Any, *, part: str, uid: str = ""
    ) -> None:
        sides = Sides(fields.of_document(before), fields.of_document(now), fields.posted(self.data))
        merged = merge_values(sides.base, sides.theirs, sides.mine)
        for name in merged.taken:
            fields.write(self.data, name, sides.theirs[name])
        self.meeting.take(fields.label(name) for name in merged.taken)
        self.settle(sides, merged.colliding, Place(fields, part=part, uid=uid))

    def settle(self, sides: "Sides", colliding: Collection[str], place: "Place") -> None:
        """Do as was chosen for each field that collides or was asked about, or ask."""
        for name, mine in sides.mine.items():
            theirs, asked = sides.theirs.get(name, mine), key(place.part, place.uid, name)
            # An answer holds as long as what was shown is still what stands against it.
            choice = "" if name in colliding else self.chosen(asked)
            if same(theirs, mine) or (name not in colliding and asked not in self.asked):
                continue
            if choice == THEIRS:
                place.fields.write(self.data, name, theirs, place.prefix)
            elif choice != MINE:
                self.meeting.clashes.append(place.clash(asked, name, sides))

    def _merge_order_of_list(self, name: str) -> None:
        """An order of rows that have forms of their own, posted only if it was changed."""
        posted = f"order-{name}"
        if order := [uid for uid in self.data.get(posted, "").split(",") if uid]:
            before, now = _uids(self.before, name), _uids(self.now, name)
            self.data[posted] = ",".join(merge_order(before, now, order))

    @cached_property
    def keys(self) -> Keys:
        return Keys()


@dataclass(frozen=True, slots=True)
class Sides:
    """The values of one form or row as they were, as they were saved, as they were typed."""

    base: Values
    theirs: Values
    mine: Values


@dataclass(frozen=True, slots=True)
class Place:
    """Where fields stand: in the article itself, or in a row of a part."""

    fields: Fields
    part: str
    uid: str
    title: str = ""
    prefix: str = ""

    def clash(self, asked: str, name: str, sides: Sides) -> Clash:
        """Return what is asked about one field: both texts, each against the one before."""
        before = self.fields.words(name, sides.base.get(name, []))
        mine, theirs = (self.fields.words(name, side[name]) for side in (sides.mine, sides.theirs))
        return Clash(
            key=asked,
            place=": ".join(filter(None, (self.title, self.fields.label(name)))),
            control=self.fields.control(name, self.prefix),
            mine=compare_words(before, mine),
            theirs=compare_words(before, theirs),
        )


class PostedRows:
    """The rows of one part as they were posted, merged and posted anew."""

    def __init__(self, merging: Merging, article: Article, formset: Any, part: Part) -> None:
        self.merging, self.part, self.article = merging, part, article
        self.data, self.prefix = merging.data, formset.get_default_prefix()
        self.fields = Fields(formset.form(), part.fields, merging.keys)
        self.there = {
            str(uid): str(pk)
            for uid, pk in formset.model.objects.filter(article=article).values_list("uid", "pk")
        }
        self.link = formset.fk.name
        self.texts: dict[str, dict[str, list[str]]] = {}

    def merge(self) -> None:
        """Rewrite the posted rows."""
        if f"{self.prefix}-TOTAL_FORMS" not in self.data:
            return
        typed, removed = self._take_out()
        base, theirs = self._rows(self.merging.before), self._rows(self.merging.now)
        saved = {row.uid: row for row in theirs}
        typed = self._with_answers(typed, removed, saved)
        mine = [row for row in typed if row.uid not in removed]
        merged = merge_rows(base, theirs, mine, removed=removed)
        rows = {row.uid: row.values for row in merged.rows}
        self._post(rows, removed)
        titles = self._titles()
        self.merging.meeting.take(self._named(uid, titles) for uid in merged.taken)
        for uid in self._rows_to_ask_about(merged.colliding, rows, removed, saved):
            self._ask_about_row(uid, titles, is_mine_deleted=uid in removed)
        self._settle_fields(base, saved, mine, merged.colliding, titles)

    def _take_out(self) -> tuple[list[Row], set[str]]:
        """Take the posted rows out of the data, in the order they were given."""
        total = min(whole_number(self.data.get(f"{self.prefix}-TOTAL_FORMS")) or 0, 2_000)
        uids = {pk: uid for uid, pk in self.there.items()}
        rows, removed = [], set()
        for index in range(total):
            start = f"{self.prefix}-{index}-"
            names = [name for name in self.data if name.startswith(start)]
            texts = {name.removeprefix(start): self.data.pop(name) for name in names}
            if not texts:
                continue
            pk = texts.get("id", [""])[0]
            uid = texts.get(UID, [""])[0] or uids.get(pk) or f"new-{index}"
            self.texts[uid] = texts
            place = whole_number(texts.get(PLACE, [""])[0])
            posted = self.fields.posted_texts(texts)
            rows.append((place or 1_000_000, index, Row(uid, posted)))
            if REMOVE in texts:
                removed.add(uid)
        rows.sort(key=lambda row: row[:2])
        return [row for _place, _index, row in rows], removed

    def _with_answers(
        self, typed: list[Row], removed: set[str], saved: Mapping[str, Row]
    ) -> list[Row]:
        """Do as was chosen for rows that one deleted and the other changed."""
        kept = []
        for row in typed:
            if self.merging.chosen(key(self.part.name, row.uid, WHOLE_ROW)) != THEIRS:
                kept.append(row)
            elif row.uid in saved:
                removed.discard(row.uid)
                self.texts.pop(row.uid, None)
                kept.append(saved[row.uid])
        return kept

    def _rows_to_ask_about(
        self,
        colliding: Iterable[tuple[str, str]],
        rows: Mapping[str, Values],
        removed: Collection[str],
        saved: Mapping[str, Row],
    ) -> Iterator[str]:
        """Yield the uids of rows that collide as a whole, also those asked about and unanswered."""
        found = {uid for uid, name in colliding if name == WHOLE_ROW}
        for uid in dict.fromkeys([*rows, *removed]):
            asked = key(self.part.name, uid, WHOLE_ROW)
            is_open = asked in self.merging.asked and self.merging.chosen(asked) != MINE
            if uid in found or (is_open and (uid in removed) == (uid in saved)):
                yield uid

    def _ask_about_row(self, uid: str, titles: Mapping[str, str], *, is_mine_deleted: bool) -> None:
        self.merging.meeting.clashes.append(
            _clash_of_row(
                key(self.part.name, uid, WHOLE_ROW),
                self._named(uid, titles),
                is_mine_deleted=is_mine_deleted,
                control=f"tab-{self.part.name}",
            )
        )

    def _settle_fields(
        self,
        base: Iterable[Row],
        saved: Mapping[str, Row],
        mine: Iterable[Row],
        colliding: Iterable[tuple[str, str]],
        titles: Mapping[str, str],
    ) -> None:
        before, colliding = {row.uid: row.values for row in base}, list(colliding)
        for row in mine:
            if row.uid in saved and row.uid in self.prefixes:
                self.merging.settle(
                    Sides(before.get(row.uid, {}), saved[row.uid].values, row.values),
                    [name for uid, name in colliding if uid == row.uid],
                    Place(
                        self.fields,
                        part=self.part.name,
                        uid=row.uid,
                        title=self._named(row.uid, titles),
                        prefix=self.prefixes[row.uid],
                    ),
                )

    def _post(self, rows: Mapping[str, Values], removed: Collection[str]) -> None:
        """Write the rows into the data: those that are there first, as a formset wants them."""
        places = {uid: place for place, uid in enumerate(rows, start=1)}
        there = [uid for uid in [*rows, *sorted(removed - rows.keys())] if uid in self.there]
        new = [uid for uid in rows if uid not in self.there]
        self.prefixes: dict[str, str] = {}
        for index, uid in enumerate([*there, *new]):
            prefix = self.prefixes[uid] = f"{self.prefix}-{index}"
            texts = dict(self.texts.get(uid, {}))
            texts.pop(REMOVE, None)
            for name, value in texts.items():
                self.data.setlist(f"{prefix}-{name}", value)
            for name, value in rows.get(uid, {}).items():
                if not same(value, self.fields.posted_texts(texts).get(name, [])) or not texts:
                    self.fields.write(self.data, name, value, prefix)
            self.data[f"{prefix}-id"] = self.there.get(uid, "")
            self.data[f"{prefix}-{self.link}"] = str(self.article.pk)
            self.data[f"{prefix}-{UID}"] = "" if uid.startswith("new-") else uid
            if places.get(uid):
                self.data[f"{prefix}-{PLACE}"] = str(places[uid])
            if uid in removed:
                self.data[f"{prefix}-{REMOVE}"] = "on"
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(len(there))
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(len(there) + len(new))

    def _rows(self, document: Document) -> list[Row]:
        rows = part_data(document, self.part.name)["rows"]
        return [Row(row["uid"], self.fields.of_document(row)) for row in rows]

    def _named(self, uid: str, titles: Mapping[str, str]) -> str:
        return f"{self.part.title}: {titles.get(uid, uid)}"

    def _titles(self) -> dict[str, str]:
        """Return what rows are called: as they were, as they are now."""
        documents = (self.merging.before, self.merging.now)
        return {
            row["uid"]: self.part.row_title(row)
            for document in documents
            for row in part_data(document, self.part.name)["rows"]
        }


def part_of(model: type[models.Model]) -> Part:
    """Return the part whose rows are of ``model``."""
    return next(part for part in parts() if getattr(part, "model", None) is model)


def _row_of(document: Document, part: Part, row: models.Model) -> dict[str, Any]:
    rows = part_data(document, part.name)["rows"]
    return next((one for one in rows if one["uid"] == str(row.uid)), {})


def _uids(document: Document, name: str) -> Iterator[str]:
    return (row["uid"] for row in part_data(document, name)["rows"])


def _document(revision: Revision | None) -> Document:
    return upgraded_document(revision.document) if revision else NOTHING


def _people(revisions: Sequence[Revision], to: Any) -> str:
    """Name those who recorded ``revisions``; the editor's own other tab is not a colleague."""
    names: dict[str, None] = {}
    for revision in revisions:
        own = revision.created_by is not None and revision.created_by == to
        names[_("you, in another tab,") if own else name_of(revision.created_by)] = None
    return _(" and ").join(names) or _("somebody")
