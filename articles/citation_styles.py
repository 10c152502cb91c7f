"""How a version of an article is cited elsewhere: in words, and as data for reference managers.

Every style names the publication's number and leads to that very version, so that what was cited
can be found again when the article has changed. The rules followed: Publication Manual of the
American Psychological Association, 7th edition (2020), chapters 9 and 10; The Chicago Manual of
Style, 17th edition (2017), chapter 14; BibTeX's own documentation (Patashnik, 1988); the RIS
format's published list of tags; CSL-JSON 1.0.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from articles.people import is_desk
from publishing.site_days import day_of

PARTICLES = {"af", "al", "bin", "da", "de", "del", "den", "der", "di", "dos", "du", "el", "ibn",
             "la", "le", "ten", "ter", "van", "von", "zu"}  # fmt: skip
SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
MOST_APA_AUTHORS = 20
MOST_CHICAGO_AUTHORS = 10
CHICAGO_AUTHORS_BEFORE_ET_AL = 7


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who wrote: ``given`` is empty for a desk, or for who has one name.

    ``suffix`` is what follows the family name: "Jr.", "III".
    """

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def in_order(self) -> str:
        """The name as it is spoken."""
        return " ".join(filter(None, (self.given, self.family, self.suffix)))

    def turned(self, given: str) -> str:
        """Return the name as lists sort it, with given names as they are written there."""
        return ", ".join(filter(None, (self.family, given, self.suffix)))


@dataclass(frozen=True, slots=True)
class Cited:
    """What all styles say of one version of an article."""

    key: str
    title: str
    abstract: str
    authors: tuple[Author, ...]
    site: str
    version: int
    published_on: date
    url: str


@dataclass(frozen=True, slots=True)
class Style:
    """A way to cite: its name for readers, the type and ending of its file, and how it is made."""

    title: str
    content_type: str
    ending: str
    cite: Callable[[Cited], str]


def cited(document: dict[str, Any], *, slug: str, version: int, since: datetime, site: str,
          url: str) -> Cited:  # fmt: skip
    """Return what is cited of a publication's document; ``since`` is when it went live."""
    own = document["article"]
    return Cited(
        key=f"{slug}-v{version}",
        title=own["title"],
        abstract=own["short_answer"],
        authors=tuple(author(person["name"]) for person in own["written_by"]),
        site=site,
        version=version,
        published_on=day_of(since),
        url=url,
    )


def author(name: str) -> Author:
    """Return an author as catalogues sort them: the last name first, with what belongs to it."""
    words = name.split()
    suffix = words.pop() if words and words[-1].strip(".").lower() in SUFFIXES else ""
    if is_desk(name) or len(words) < 2:
        return Author(name)
    words[-1] = words[-1].rstrip(",")
    begins = len(words) - 1
    while begins > 1 and words[begins - 1].lower() in PARTICLES:
        begins -= 1
    return Author(" ".join(words[begins:]), " ".join(words[:begins]), suffix)


# In words


def apa(of: Cited) -> str:
    """Return a reference in the style of the APA."""
    day = of.published_on
    when = f"{day.year}, {MONTHS[day.month - 1]} {day.day}"
    what = f"{of.title} (Version {of.version}) [Explainer]"
    return f"{_ended(_apa_authors(of))} ({when}). {_ended(what)} {_ended(of.site)} {of.url}"


def chicago(of: Cited) -> str:
    """Return an entry of a bibliography in the style of the Chicago Manual."""
    day = of.published_on
    when = f"{MONTHS[day.month - 1]} {day.day}, {day.year}"
    quoted = f"“{_ended(of.title)}”"
    where = f"{of.site}, version {of.version}, {when}"
    return f"{_ended(_chicago_authors(of))} {quoted} {where}. {of.url}."


def _apa_authors(of: Cited) -> str:
    names = [one.turned(" ".join(_initials(one.given))) for one in of.authors] or [of.site]
    if len(names) > MOST_APA_AUTHORS:
        return f"{', '.join(names[: MOST_APA_AUTHORS - 1])}, . . . {names[-1]}"
    return _listed(names, last=", & ")


def _chicago_authors(of: Cited) -> str:
    if not of.authors:
        return of.site
    first, *others = of.authors
    names = [first.turned(first.given), *(one.in_order for one in others)]
    if len(names) > MOST_CHICAGO_AUTHORS:
        return f"{', '.join(names[:CHICAGO_AUTHORS_BEFORE_ET_AL])}, et al"
    # The comma belongs to a name that was turned around, or to a list.
    return _listed(names, last=", and " if first.given or len(names) > 2 else " and ")


def _initials(given: str) -> list[str]:
    """Return the initials of given names; those of a double name stay together: J.-P."""
    return ["-".join(f"{part[0]}." for part in name.split("-") if part) for name in given.split()]


def _listed(names: Sequence[str], *, last: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}{last}{names[-1]}"


def _ended(sentence: str) -> str:
    """Return a sentence with a full stop, unless it ends with a mark of its own."""
    return sentence if sentence.endswith((".", "?", "!", "…")) else f"{sentence}."


# As data


def bibtex(of: Cited) -> str:
    """Return an entry for BibTeX; every name and title is kept as it is written."""
    names = [
        _tex(", ".join(filter(None, (one.family, one.suffix, one.given))))
        if one.given
        else f"{{{_tex(one.family)}}}"
        for one in of.authors
    ]
    fields = {
        "author": " and ".join(names),
        "title": f"{{{_tex(of.title)}}}",
        "howpublished": _tex(of.site),
        "note": f"Version {of.version}",
        "year": str(of.published_on.year),
        "month": MONTHS[of.published_on.month - 1][:3].lower(),
        "date": of.published_on.isoformat(),
        "version": str(of.version),
        "url": of.url,
    }
    lines = [
        f"  {name:<12} = {value if name == 'month' else f'{{{value}}}'},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@misc{{{of.key},", *lines, "}", ""])


def ris(of: Cited) -> str:
    """Return a record for reference managers, its lines ended as the format asks."""
    day = of.published_on
    tags: Iterable[tuple[str, str]] = [
        ("TY", "ELEC"),
        *(("AU", _line(one.turned(one.given))) for one in of.authors),
        ("TI", _line(of.title)),
        ("T2", _line(of.site)),
        ("AB", _line(of.abstract)),
        ("PY", f"{day.year:04}"),
        ("DA", f"{day:%Y/%m/%d}/"),
        ("ET", f"Version {of.version}"),
        ("PB", _line(of.site)),
        ("UR", of.url),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in tags)


def csl(of: Cited) -> str:
    """Return a list of one item in CSL-JSON, which citeproc and reference managers read."""
    day = of.published_on
    item = {
        "id": of.key,
        "type": "webpage",
        "title": of.title,
        "author": [_csl_name(one) for one in of.authors],
        "container-title": of.site,
        "publisher": of.site,
        "version": str(of.version),
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "abstract": of.abstract,
        "URL": of.url,
    }
    return json.dumps([item], ensure_ascii=False, indent=1)


def _csl_name(author: Author) -> dict[str, str]:
    if not author.given:
        return {"literal": author.family}
    name = {"family": author.family, "given": author.given, "suffix": author.suffix}
    return {part: words for part, words in name.items() if words}


def _line(text: str) -> str:
    return " ".join(text.split())


def _tex(text: str) -> str:
    return _line(text).translate(_TEX)


_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)

STYLES = {
    "apa": Style("APA", "text/plain; charset=utf-8", "txt", apa),
    "chicago": Style("Chicago", "text/plain; charset=utf-8", "txt", chicago),
    "bibtex": Style("BibTeX", "application/x-bibtex; charset=utf-8", "bib", bibtex),
    "ris": Style("RIS", "application/x-research-info-systems; charset=utf-8", "ris", ris),
    "csl": Style("CSL-JSON", "application/vnd.citationstyles.csl+json", "json", csl),
}
"""By the word in the address. The first two are read by people, the others by programs."""
