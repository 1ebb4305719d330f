"""What WeasyPrint 70 leaves out of the tags of a PDF: the language of a passage, what a header cell is the header of, that
page numbers are no part of the text, and that a column goes on on the next page before the one beside it is read.

Part of the engine, which runs it as a file; a test holds what comes of it, so that a newer WeasyPrint cannot go past it."""

from collections.abc import Callable, Iterator
from typing import Any

COLUMNS = "beside"
"""The class of what has columns; each of them is an element in it."""


def complete(pdf: Any, string: Callable[[str], Any]) -> None:
    """Have them added. `pdf` is WeasyPrint's package of that name, `string` makes a text of a PDF."""
    _tag_more(pdf.tags, string)
    _mark_less(pdf.stream.Stream)


def _tag_more(tags: Any, string: Callable[[str], Any]) -> None:
    build = tags._build_box_tree  # noqa: SLF001 (there is no other way to an element and its tag together)

    def build_more(box: Any, *rest: Any) -> Iterator[Any]:
        if isinstance(box, tags.boxes.MarginBox):
            return
        if box.element is not None and box.element.get("class") == COLUMNS:
            for child in box.children:
                yield from _whole_columns(child, build_more(child, *rest), rest[1])
            return
        for tag in build(box, *rest):
            if box.element is not None and box.element.tag == box.element_tag not in {"html", "body"}:
                _add(tag, box.element, string)
            yield tag

    tags._build_box_tree = build_more  # noqa: SLF001


def _whole_columns(box: Any, found: Iterator[Any], pdf: Any) -> Iterator[Any]:
    """What goes on from the page before is put where it began, so that each column is read whole."""
    if box.element.get("class") == COLUMNS:
        yield from found  # a row, around the columns
        return
    for tag in found:
        first = pdf.__dict__.setdefault("columns", {}).setdefault(box.element, tag)
        if first is tag:
            yield tag
        else:
            _go_on(first, tag, pdf)


def _go_on(first: Any, tag: Any, pdf: Any) -> None:
    for kid in tag["K"]:
        pdf.objects[int(kid.split()[0])]["P"] = first.reference
    first["K"].extend(tag["K"])
    tag.clear()


def _add(tag: Any, element: Any, string: Callable[[str], Any]) -> None:
    if (language := element.get("lang")) and tag["S"] != "/NonStruct":
        tag["Lang"] = string(language)
    if tag["S"] == "/TH":
        tag["A"]["Scope"] = "/Row" if element.get("scope") == "row" else "/Column"


def _mark_less(stream: Any) -> None:
    """What stands in the margins comes from no element: an artifact, which nobody is read aloud on each page."""
    mark = stream.marked
    stream.marked = lambda self, box, tag: self.artifact() if box.element is None else mark(self, box, tag)
