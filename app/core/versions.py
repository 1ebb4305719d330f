"""Which state of a record a page was loaded with: a mark for each of its fields, so that of two people who edit it at once
the second is told exactly what the first one changed."""

import hashlib
from collections.abc import Mapping


def version_of(texts: Mapping[str, str]) -> str:
    """For a hidden field; the same texts have the same version."""
    return " ".join(_mark(texts[field]) for field in sorted(texts))


def changed_since(version: str, texts: Mapping[str, str]) -> set[str]:
    """The fields that say something else than they said in that version; of a spoilt version all."""
    marks = version.split()
    if len(marks) != len(texts):
        return set(texts)
    return {field for field, mark in zip(sorted(texts), marks, strict=True) if _mark(texts[field]) != mark}


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
