"""What WeasyPrint 70 leaves out of the tags of a PDF: the language of a passage, what a header cell is the header of, and
that page numbers are no part of the text.

Part of the engine, which runs it as a file; a test holds what comes of it, so that a newer WeasyPrint cannot go past it."""

from collections.abc import Callable, Iterator
from typing import Any


def complete(pdf: Any, string: Callable[[str], Any]) -> None:
    """Have them added. `pdf` is WeasyPrint's package of that name, `string` makes a text of a PDF."""
    _tag_more(pdf.tags, string)
    _mark_less(pdf.stream.Stream)


def _tag_more(tags: Any, string: Callable[[str], Any]) -> None:
    build = tags._build_box_tree  # noqa: SLF001 (there is no other way to an element and its tag together)

    def build_more(box: Any, *rest: Any) -> Iterator[Any]:
        if isinstance(box, tags.boxes.MarginBox):
            return
        for tag in build(box, *rest):
            if box.element is not None and box.element.tag == box.element_tag not in {"html", "body"}:
                _add(tag, box.element, string)
            yield tag

    tags._build_box_tree = build_more  # noqa: SLF001


def _add(tag: Any, element: Any, string: Callable[[str], Any]) -> None:
    if (language := element.get("lang")) and tag["S"] != "/NonStruct":
        tag["Lang"] = string(language)
    if tag["S"] == "/TH":
        tag["A"]["Scope"] = "/Row" if element.get("scope") == "row" else "/Column"


def _mark_less(stream: Any) -> None:
    """What stands in the margins comes from no element: an artifact, which nobody is read aloud on each page."""
    mark = stream.marked
    stream.marked = lambda self, box, tag: self.artifact() if box.element is None else mark(self, box, tag)
