"""Citing under another key: a source that was merged into another is cited by the other's."""

from collections.abc import Mapping
from typing import Any

from articles.documents import Document, citing_texts, parts_not_installed
from articles.models import Article
from library.models import MergedRow, Source
from publishing.citing import with_key
from publishing.parts import parts as registered_parts


def with_keys(document: Document, keys: Mapping[str, str]) -> Document:
    """Return ``document`` with every mark that cites one of ``keys`` citing what it leads to.

    Its parts have their present schema. In parts that are not installed, every text is looked at.
    """
    if not keys:
        return document
    changed = _changed_texts(document, keys)
    parts = {
        name: {
            **data,
            "rows": [{**row, **changed.get((name, row["uid"]), {})} for row in data["rows"]],
        }
        for name, data in document["parts"].items()
    }
    unknown = parts_not_installed(document)
    return {**document, "parts": {**parts, **_in_all_texts(unknown, keys)}}


def under_present_keys(document: Document) -> Document:
    """Return ``document`` citing what its sources have been merged into since, if they have."""
    keys = [source["key"] for source in document["sources"]]
    return with_keys(document, MergedRow.objects.present_names(Source, keys))


def cite_under(article: Article, document: Document, keys: Mapping[str, str]) -> bool:
    """Write the marks of ``with_keys`` into the article's rows; return whether any changed.

    ``document`` is the working copy as it is. Record the article afterwards.
    """
    models = {part.name: part.model for part in registered_parts() if hasattr(part, "model")}
    changed = _changed_texts(document, keys) if keys else {}
    for (name, uid), texts in changed.items():
        row = models[name].objects.get(article=article, uid=uid)
        for field, text in texts.items():
            setattr(row, field, text)
        row.save(update_fields=list(texts))
    return bool(changed)


def _changed_texts(
    document: Document, keys: Mapping[str, str]
) -> dict[tuple[str, str], dict[str, str]]:
    """Return by (part, uid) the fields whose text changes, with the new text."""
    changed: dict[tuple[str, str], dict[str, str]] = {}
    for name, citing in citing_texts(document):
        text = _in_text(citing.text, keys)
        if text != citing.text:
            changed.setdefault((name, citing.uid), {})[citing.field] = text
    return changed


def _in_text(text: str, keys: Mapping[str, str]) -> str:
    for old, new in keys.items():
        text = with_key(text, old, new)
    return text


def _in_all_texts(data: Any, keys: Mapping[str, str]) -> Any:
    if isinstance(data, str):
        return _in_text(data, keys)
    if isinstance(data, list):
        return [_in_all_texts(item, keys) for item in data]
    if isinstance(data, dict):
        return {name: _in_all_texts(value, keys) for name, value in data.items()}
    return data
