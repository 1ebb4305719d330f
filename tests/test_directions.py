"""What is written from right to left, a name in Arabic, turns nothing round that stands beside it: each template isolates it there."""

import re
from pathlib import Path

import pytest

from scripts.parts import ROOT

TEMPLATES = ROOT / "templates"
PLACES = ("portal", "workspace", "ministry", "everyone", "written", "signin", "errors")
TOKEN = re.compile(r"\{#.*?#\}|\{%-?\s*(\w+).*?%\}|\{\{-?\s*(.*?)\s*-?\}\}|(<[^>]*>)|([^{<]+|.)", re.DOTALL)
BY = "named_by|given_by|ended_by|made_by|recorded_by|added_by|reviewed_by|asked_by"
TYPED = re.compile(rf"\b(?:\w*_name|name|{BY}|relationship|evidence|whom|who|text|person)\b(?!\()")
OURS = re.compile(
    r"organisation|(service|school|agency|to|from)_name|\w+\(|LABEL|^labels|(provider|there|step|school|head)\.name"
)
"""Names of places, fields of forms and words of our own."""
STARTS_WITH_FIGURES = re.compile(r"number|phone|\bago\b|birthdate|count|length|clocktime|\.age\b|percent")
PARTS = {"else", "elif", "endfor", "endmacro", "endblock", "macro", "block", "set", "call"}


def is_typed(expression: str) -> bool:
    is_text = expression.startswith(("'", '"'))
    return bool(TYPED.search(expression)) and not is_text and not OURS.search(expression)


def beside_each_other(source: str) -> list[tuple[str, str]]:
    """What people typed, and after it, with no letter and no tag between them, a figure or something else that people typed."""
    found, last = [], ""
    for block, expression, tag, words in TOKEN.findall(source):
        if expression:
            if last and (is_typed(expression) or STARTS_WITH_FIGURES.search(expression)):
                found.append((last, expression))
            last = expression if is_typed(expression) else ""
        elif tag or block in PARTS or re.search(r"[^\W\d_]", words):
            last = ""
    return found


def templates() -> list[Path]:
    return [file for place in PLACES for file in sorted((TEMPLATES / place).rglob("*.html"))]


@pytest.mark.parametrize(
    ("source", "is_torn"),
    [
        ("<li>{{ row.name }}, {{ row.at | ago }}</li>", True),
        ("<li><bdi>{{ row.name }}</bdi>, {{ row.at | ago }}</li>", False),
        ("<li>{{ row.name }} and {{ row.number }}</li>", False),
        ("<li>{{ row.name }}{% if row.phone %}: {{ row.phone }}{% endif %}</li>", True),
    ],
)
def test_what_is_looked_for(source: str, is_torn: bool) -> None:
    assert bool(beside_each_other(source)) is is_torn


def test_no_name_stands_bare_beside_a_figure_or_another_name() -> None:
    torn = {
        f"{file.relative_to(TEMPLATES)}: {first} then {second}"
        for file in templates()
        for first, second in beside_each_other(re.sub(r"\{% block title %\}.*?\{% endblock %\}", "", file.read_text()))
    }
    assert not torn, "put <bdi> round the first:\n" + "\n".join(sorted(torn))
