"""XML of a drawing, read strictly: nothing is declared, loaded or expanded, and no more is read than a drawing needs."""

from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from app.core.files.unfit import BROKEN, Unfit

MOST_ELEMENTS = 2_000
MOST_DEEP = 40
INSTEAD = "Save it as plain SVG without that, or as PNG, and send that."
HAS_ENTITIES = f"It declares entities of its own, which can do harm. {INSTEAD}"
LOADS_STYLES = f"It loads its styles from elsewhere. {INSTEAD}"
TOO_INTRICATE = "It is too intricate a drawing for a letter. Save it simpler, or as PNG, and send that."


def read(content: bytes) -> ET.Element:
    """Raises `Unfit` for what is not well formed, too much, or declares something of its own."""
    builder, parser, depth, count = ET.TreeBuilder(), expat.ParserCreate(namespace_separator="}"), 0, 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > MOST_DEEP or count > MOST_ELEMENTS:
            raise Unfit(TOO_INTRICATE)
        builder.start(_name(name), {_name(each): value for each, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_name(name))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = _doctype, _entity
    parser.ProcessingInstructionHandler = _instruction
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise Unfit(BROKEN) from error
    return builder.close()


def _name(name: str) -> str:
    return "{" + name if "}" in name else name


def _doctype(_name: str, _system: str | None, _public: str | None, has_own: int) -> None:
    if has_own:
        raise Unfit(HAS_ENTITIES)


def _entity(*_declared: Any) -> None:
    raise Unfit(HAS_ENTITIES)


def _instruction(target: str, _said: str) -> None:
    if target.casefold() == "xml-stylesheet":
        raise Unfit(LOADS_STYLES)
