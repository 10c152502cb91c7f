"""Parts and panels: what a page is made of.

A *part* owns data: it reads working rows into plain data and writes plain data
back, says what stands in the way of publishing, prepares and renders itself,
gives its schema.org data and search text, writes its public rows, and brings
the inline that edits it. A *panel* owns no data and renders from the finished
page. Both register when their app starts; everything else loops over them and
names none, so a new block is a new app with a ``parts.py``.

The data of a part is ``{"schema": 1, "rows": [...]}``: plain JSON without
primary keys, every row with its ``uid``.
"""

import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from publishing.checks import COMPLETE, Check
from publishing.markup.bodies import FactOf, PictureOf, render_markdown
from publishing.markup.words import citations, plain_text
from publishing.row_values import Differences, plain_value, write_values

Data = dict[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a check found, and the field that mends it.

    ``part`` is the part's name, "article", or the label of a library model
    ("library.image"); ``uid`` the row's, if it is about one. ``check`` names the
    check: how much it matters is the site's choice (``publishing.checks``).
    """

    message: str
    part: str = "article"
    uid: str = ""
    field: str = ""
    check: str = COMPLETE.name


@dataclass(frozen=True, slots=True)
class CitingText:
    """A text that may cite: where it stands on the page and in what words we point at it."""

    text: str
    anchor: str
    label: str
    uid: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody who only reads brings to a page, for the part that takes it up as a row.

    ``words`` is a question, or what is wrong; ``instead`` what would be right; ``about`` the
    anchor of what it speaks about, ``credit`` how its bringer wishes to be named.
    """

    words: str
    on: datetime.date
    instead: str = ""
    about: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Preparing:
    """What a part may use to prepare its data: the numbers and details of the sources cited.

    ``today`` is the day number on which the page is published: drawings end there. ``picture``
    returns the figure of a picture that a text shows, ``fact`` the fact that it pulls out.
    """

    numbers: Mapping[str, int]
    sources: Mapping[str, Row]
    today: int | None = None
    picture: PictureOf | None = None
    fact: FactOf | None = None

    def markdown(
        self, text: str, *, within: str = "", notes: bool = False, inline: bool = False
    ) -> str:
        """Return the HTML of a Markdown text, with its citations numbered.

        ``within`` is the id of the row it belongs to: ids of its drawings begin with it, as two
        rows may have drawings of one title.
        """
        return str(
            render_markdown(
                text,
                numbers=self.numbers,
                sources=self.sources,
                notes=notes,
                inline=inline,
                prefix=f"figure-{within}" if within else "figure",
                today=self.today,
                picture=self.picture,
                fact=self.fact,
            )
        )

    def cited(self, text: str) -> list[Row]:
        """Return the sources that a text cites, each once, in the order of their numbers."""
        keys = {citation.key for citation in citations(text)} & self.numbers.keys()
        return [
            {"number": self.numbers[key], **{name: self.sources[key].get(name) for name in _CITED}}
            for key in sorted(keys, key=self.numbers.__getitem__)
        ]


# What a row says of a source beside itself; the list of sources says the rest.
_CITED = ("title", "accessed_on")


@dataclass(frozen=True, slots=True)
class FoundAs:
    """As what the search finds something: a name for addresses, and one or many of it in words.

    ``weight`` says how much one counts beside others that are found as well.
    """

    name: str
    one: str
    many: str
    weight: float = 1


@dataclass(frozen=True, slots=True)
class Passage:
    """What the search finds and shows: plain words, and where they stand on the page."""

    uid: str
    anchor: str
    title: str
    text: str


class Block:
    """What parts and panels share: a name, a place in the order, a look."""

    name: ClassVar[str]
    title: ClassVar[str]
    order: ClassVar[int]
    template: ClassVar[str]

    def contents(self, page: Any) -> Iterable[tuple[str, str]]:
        """Yield (anchor, label) of what the list of contents shows of this block first."""
        return ()

    def is_in_contents(self, page: Any) -> bool:
        """Does the list of contents name this block as a whole, below its sections?"""
        return False

    def opening(self, page: Any) -> SafeString | str:
        """Return what the block shows under the answer, above everything else; mostly nothing."""
        return ""

    def brief(self, page: Any) -> SafeString | str:
        """Return a line for the dates and names below the answer, a ``div`` with ``dt`` and ``dd``.

        Mostly nothing.
        """
        return ""

    def about_topic(self, slug: str, page: Any) -> SafeString | str:
        """Return what a topic's page shows from this block besides articles; mostly nothing."""
        return ""

    def feeds(self, page: Any) -> Iterable[tuple[str, str]]:
        """Yield (address, title) of Atom feeds that the page's head names; mostly none."""
        return ()

    def slots_in_data(self, page: Any) -> dict[str, str]:
        """Return which schema.org properties of the article are slots: their names by property.

        What fills them is JSON, as ``json_for_script`` returns it.
        """
        return {}


class Panel(Block):
    """A block without data of its own, rendered from the finished page."""

    # Not on drafts and past versions: a form there would speak about another text.
    is_for_latest_only: ClassVar[bool] = False

    def context(self, page: Any) -> dict[str, Any]:
        """Return what the template needs besides ``page`` and ``panel``."""
        return {}

    def render(self, page: Any) -> SafeString:
        """Return the panel's HTML."""
        return render_to_string(self.template, {"panel": self, "page": page, **self.context(page)})

    def stamps(self, article_uid: str) -> Iterable[str]:
        """Return the keys of stamps that the panel's slots depend on."""
        return ()

    def slots(self, page: Any) -> dict[str, str]:
        """Return HTML for the slots that ``page.slot(name)`` left open.

        What a slot holds may change without the rest of the page, which is
        then not rendered again. ``page.row_slot(id)`` leaves one beside each row of the parts.
        """
        return {}


class Part(Block):
    """A block with rows. Most parts state only their model and fields.

    ``fields`` are the model's fields that are content, in the order in which
    they are compared; ``body`` names the one that holds Markdown; ``not_words`` those
    that look like words and are none, such as a date kept as text (see ``row_values.holds_words``).
    """

    schema: ClassVar[int] = 1
    upgraders: ClassVar[dict[int, Callable[[Data], Data]]] = {}
    model: ClassVar[type[models.Model]]
    fields: ClassVar[tuple[str, ...]]
    body: ClassVar[str] = ""
    not_words: ClassVar[frozenset[str]] = frozenset()
    inline: ClassVar[Any] = None
    # Rows that are found each by itself; those of other parts are found with their article.
    found_as: ClassVar[FoundAs | None] = None
    # What the part asks besides what every page needs; ``problems`` names them.
    checks: ClassVar[tuple[Check, ...]] = ()
    # What readers may bring that becomes a row of this part, such as "correction"; mostly nothing.
    takes: ClassVar[str] = ""
    # Its public rows, if they tell by their ``uid`` which publications show a row.
    public_model: ClassVar[type[models.Model] | None] = None

    # What readers bring

    def take_up(self, article: models.Model, brought: Brought) -> models.Model:
        """Add what a reader brought as the article's last working row, to be finished by an editor.

        Only of a part that ``takes`` something. Recording the article is the caller's.
        """
        raise NotImplementedError(f"The part “{self.name}” takes nothing from readers.")

    def name_bringer(self, row: Row, credit: str) -> Row:
        """Return plain data of a row that names its bringer as ``credit`` says, if it names one."""
        return row

    # Between rows and data

    def read(self, article: models.Model) -> Data:
        """Return the working rows as plain data."""
        rows = self.working_rows(article)
        return {"schema": self.schema, "rows": [self.read_row(row) for row in rows]}

    def working_rows(self, article: models.Model) -> models.QuerySet:
        """Return the article's rows in their order, with all that ``read_row`` looks at."""
        rows = self.model.objects.filter(article=article)
        kinds = [self.model._meta.get_field(name) for name in self.fields]
        single = [kind.name for kind in kinds if kind.many_to_one]
        many = [kind.name for kind in kinds if kind.many_to_many]
        rows = rows.select_related(*single) if single else rows
        return rows.prefetch_related(*many) if many else rows

    def in_order(self, rows: Iterable[models.Model]) -> list[models.Model]:
        """Return rows in the order of the page, also rows that are not written yet.

        By their places; one without a place comes last.
        """
        return sorted(rows, key=lambda row: (not row.position, row.position))

    def read_row(self, row: models.Model) -> Row:
        """Return one row as plain data."""
        values = {name: plain_value(row, name) for name in self.fields}
        return {"uid": str(row.uid), **values}

    def write(self, article: models.Model, data: Data, differences: Differences) -> None:
        """Make the working rows equal to ``data``: matched by uid, added, changed, deleted."""
        rows = {str(row.uid): row for row in self.model.objects.filter(article=article)}
        wanted = {row["uid"] for row in data["rows"]}
        self.model.objects.filter(
            pk__in=[row.pk for uid, row in rows.items() if uid not in wanted]
        ).delete()
        if "anchor" in self.fields:
            # Anchors are unique within an article, and two rows may swap theirs.
            self.model.objects.filter(article=article).update(anchor=None)
        places = enumerate(data["rows"], start=1)
        # Rows that bring an anchor first: the others get one that is still free.
        for position, plain in sorted(places, key=lambda place: not place[1].get("anchor")):
            row = rows.get(plain["uid"]) or self.model(article=article, uid=uuid.UUID(plain["uid"]))
            self.write_row(row, plain, position, differences)

    def write_row(
        self, row: models.Model, plain: Row, position: int, differences: Differences
    ) -> None:
        """Write one row and what it refers to."""
        row.position = position
        many = write_values(row, {name: plain.get(name) for name in self.fields}, differences)
        row.save()
        for name, values in many.items():
            getattr(row, name).set(values)

    # Between data and page

    def problems(self, data: Data) -> Iterator[Problem]:
        """Yield what the checks find in ``data``; see ``Problem.check``."""
        yield from ()

    def taken_back(self, data: Data, article_uid: str) -> Iterator[Problem]:
        """Yield what readers were promised of an article and would lose by publishing ``data``.

        Most parts promise nothing: what they say today replaces what they said.
        """
        yield from ()

    def problems_beyond(self, data: Data, article_uid: str) -> Iterator[Problem]:
        """Yield what only a look at other articles can tell, in a fixed number of queries."""
        yield from ()

    def problem(self, row: Row, field: str, message: str, check: str = COMPLETE.name) -> Problem:
        """Return a problem of one row's field."""
        return Problem(message=message, part=self.name, uid=row["uid"], field=field, check=check)

    def anchor(self, row: Row) -> str:
        """Return the id of a row on the page."""
        return f"{self.name}-{row.get('anchor') or row['uid'][:8]}"

    def row_title(self, row: Row) -> str:
        """Return the words by which people know a row."""
        return row.get("title") or row["uid"][:8]

    def citing_texts(self, data: Data) -> Iterator[CitingText]:
        """Yield the texts that may cite sources, in the order of the page."""
        if self.body:
            for row in data["rows"]:
                yield CitingText(
                    text=row[self.body] or "",
                    anchor=self.anchor(row),
                    label=self.row_title(row),
                    uid=row["uid"],
                    field=self.body,
                )

    def prepare(self, data: Data, preparing: Preparing) -> list[Row]:
        """Return the rows with all that costs time already done; kept with the publication."""
        return [self.prepare_row(row, preparing) for row in data["rows"]]

    def prepare_row(self, row: Row, preparing: Preparing) -> Row:
        """Return one row, with the HTML of its Markdown and the sources that it cites."""
        text = (row[self.body] or "") if self.body else ""
        html = preparing.markdown(text, within=self.anchor(row)) if self.body else ""
        return {**row, "html": html, "id": self.anchor(row), "sources": preparing.cited(text)}

    def pulled_out(self, key: str, data: Data, preparing: Preparing) -> SafeString | str:
        """Return how a text shows the row that its mark ``![](fact:key)`` names; mostly nothing."""
        return ""

    def context(self, rows: list[Row], page: Any) -> dict[str, Any]:
        """Return what the template needs besides ``part``, ``rows`` and ``page``."""
        return {}

    def render(self, rows: list[Row], page: Any) -> SafeString | str:
        """Return the part's HTML, nothing for a part without rows."""
        if not rows:
            return ""
        context = {"part": self, "rows": rows, "page": page, **self.context(rows, page)}
        return render_to_string(self.template, context)

    def is_in_contents(self, page: Any) -> bool:
        return bool(page.rows(self.name))

    def structured_data(self, rows: list[Row], page: Any) -> dict[str, Any]:
        """Return schema.org properties that the part adds to the article."""
        return {}

    def search_text(self, data: Data) -> str:
        """Return the words by which the article is found because of this part."""
        words = [self.row_title(row) for row in data["rows"]]
        words += [plain_text(citing.text) for citing in self.citing_texts(data)]
        return "\n".join(filter(None, words))

    def passages(self, data: Data) -> Iterator[Passage]:
        """Yield each row as the search finds it; asked of parts that say ``found_as``."""
        for row in data["rows"]:
            text = plain_text(row[self.body] or "") if self.body else ""
            yield Passage(row["uid"], self.anchor(row), self.row_title(row), text)

    def publish(self, publication: models.Model, data: Data) -> None:
        """Write the public rows of a publication, replacing any it had."""


# The registry


_parts: dict[str, Part] = {}
_panels: dict[str, Panel] = {}


def register(block: Part | Panel) -> None:
    """Add a part or panel. Called when an app starts; a name may be taken only once."""
    taken = _parts.get(block.name) or _panels.get(block.name)
    if taken and type(taken) is not type(block):
        raise ImproperlyConfigured(
            f"Two blocks of a page want the name “{block.name}”: "
            f"{type(taken).__qualname__} and {type(block).__qualname__}."
        )
    (_parts if isinstance(block, Part) else _panels)[block.name] = block


def parts() -> list[Part]:
    """Return the registered parts in the order of the page."""
    return sorted(_parts.values(), key=lambda part: (part.order, part.name))


def panels() -> list[Panel]:
    """Return the registered panels in the order of the page."""
    return sorted(_panels.values(), key=lambda panel: (panel.order, panel.name))


def blocks() -> list[Part | Panel]:
    """Return parts and panels together in the order of the page."""
    return sorted([*parts(), *panels()], key=lambda block: (block.order, block.name))


def part_that_takes(what: str) -> Part | None:
    """Return the part in which what readers bring becomes a row, None if there is none."""
    return next((part for part in parts() if what and part.takes == what), None)


def upgraded(part: Part, data: Data) -> Data:
    """Return ``data`` in the part's present schema. Data of a newer schema is refused."""
    schema = data["schema"]
    if schema > part.schema:
        raise ValueError(
            f"The part “{part.name}” was written by a newer release: its data has schema "
            f"{schema}, and this release knows {part.schema} at the most."
        )
    while schema < part.schema:
        data = part.upgraders[schema](data)
        schema += 1
    return {**data, "schema": part.schema}
