"""The figures of the house: short files, short functions, short templates, nothing inline."""

import ast
import re
from itertools import chain
from pathlib import Path
from statistics import quantiles

import pytest

from scripts.parts import ROOT

LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 200, 25, 120
NINE_IN_TEN = 15
INLINE = {
    "a script inside the page": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style inside the page": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"\son[a-z]+\s*=|hx-on|[\"']js:|javascript:", re.IGNORECASE),
}


def sources() -> list[Path]:
    return sorted((ROOT / "app").rglob("*.py"))


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def functions() -> dict[str, int]:
    """Each function of app/ with its number of lines."""
    found = {}
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"] = (
                    (node.end_lineno or node.lineno) - node.lineno + 1
                )
    return found


def lengths(files: list[Path]) -> dict[str, int]:
    return {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}


def over(limit: int, found: dict[str, int]) -> list[str]:
    return [f"{name}: {length} lines, {limit} at most" for name, length in found.items() if length > limit]


def test_no_file_is_too_long() -> None:
    assert not over(LONGEST_FILE, lengths(sources()))


def test_no_function_is_too_long() -> None:
    assert not over(LONGEST_FUNCTION, functions())


def test_nine_functions_in_ten_are_short() -> None:
    assert quantiles(functions().values(), n=10)[-1] <= NINE_IN_TEN


def test_no_template_is_too_long() -> None:
    assert not over(LONGEST_TEMPLATE, lengths(templates()))


@pytest.mark.parametrize("what", INLINE)
def test_no_template_has(what: str) -> None:
    assert not [str(file.relative_to(ROOT)) for file in templates() if INLINE[what].search(file.read_text())]


def test_markup_is_called_safe_only_in_ui() -> None:
    outside = [file for file in templates() if "ui" not in file.relative_to(ROOT / "templates").parts]
    assert not [
        str(file.relative_to(ROOT))
        for file in outside
        if re.search(r"\|\s*safe\b|autoescape\s+false", file.read_text())
    ]


def test_views_do_not_read_htmx_headers() -> None:
    rooms = ("portal", "workspace", "written", "everyone", "signin")
    views = chain.from_iterable((ROOT / "app" / name).rglob("*.py") for name in rooms)
    assert not [str(file.relative_to(ROOT)) for file in views if re.search(r"HX-", file.read_text())]
