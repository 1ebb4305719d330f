"""A drawing (SVG) is made safe: read strictly, built anew from what is known to be harmless, and refused where something in
it could run, load or expand."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from app.core.files import drawn
from app.core.files.drawn import HREFS, SVG, XHTML, own_attributes
from app.core.files.looks import styled
from app.core.files.strictly import INSTEAD, MOST_DEEP, TOO_INTRICATE, read
from app.core.files.unfit import BROKEN, Unfit

LARGEST = 200 * 1024
"""Bytes, as it is sent."""
MOST_DRAWN = 5_000
"""Elements, each as often as it is used."""
LONGER_SIDE = 1_000
"""Of the drawing as it is kept: larger than the room for it, so that it fills that like a picture."""
DRAWN = frozenset(
    [
        "g",
        "defs",
        "symbol",
        "use",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
    ]
)
LEFT_OUT = frozenset({"title", "desc", "metadata", "style"})
"""Said of the drawing, and not drawn; what styles say is put where it holds."""
CANNOT_BE = {
    "script": "It has a script in it",
    "foreignObject": "It has a web page in it",
    "image": "It has a picture in it",
    "feImage": "It has a picture in it",
    "a": "It has a link in it",
    "text": "It has text that needs a font of its own; turn the text into outlines (paths) first",
    "filter": "It uses effects (filters)",
    "pattern": "It uses a pattern",
    "marker": "It uses markers",
    "svg": "It has another drawing in it",
    **dict.fromkeys(("animate", "animateTransform", "animateMotion", "set"), "It moves"),
}
HAS_EVENTS = f"It has parts of a program (event attributes) in it. {INSTEAD}"
HAS_WEB_PAGE = f"It has a web page in it. {INSTEAD}"
LOADS = f"It refers to something outside itself. {INSTEAD}"
TOO_LARGE = f"It is a drawing of more than {LARGEST // 1024} KB. Save it simpler, or as PNG, and send that."


def is_drawing(content: bytes) -> bool:
    """Does it look like an SVG, whatever its name?"""
    head = content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"<") and b"<svg" in content[:4096] and not head[:14].lower().startswith(b"<!doctype html")


def made_safe(content: bytes) -> bytes:
    """The same drawing, from harmless parts alone; the same for the same. Raises `Unfit` with what is in its way."""
    if len(content) > LARGEST:
        raise Unfit(TOO_LARGE)
    root = read(content)
    if root.tag != f"{SVG}svg":
        raise Unfit(BROKEN)
    for each in root.iter():
        _refuse_harm(each, is_root=each is root)
    looks = styled(root)
    own = own_attributes(root, looks.get(root, {}))
    made = ET.Element("svg", {"xmlns": SVG[1:-1], **_size(root), **drawn.looks_of(own)})
    made.extend([_rebuilt(child, looks) for child in _kept(root)])
    _Costs(made).of(made)
    safe: bytes = ET.tostring(made, encoding="utf-8")
    return safe


def _refuse_harm(element: ET.Element, *, is_root: bool) -> None:
    space, _, name = element.tag.rpartition("}")
    if space + "}" == XHTML:
        raise Unfit(HAS_WEB_PAGE)
    if (name == "script" or space + "}" == SVG) and name in CANNOT_BE and not is_root:
        raise Unfit(f"{CANNOT_BE[name]}. {INSTEAD}")
    for attribute, value in element.attrib.items():
        if attribute.lower().startswith("on"):
            raise Unfit(HAS_EVENTS)
        if attribute in HREFS and space + "}" == SVG and not value.strip().startswith("#"):
            raise Unfit(LOADS)


def _kept(element: ET.Element) -> Iterator[ET.Element]:
    """What of it is drawn: editors leave notes of their own in other namespaces."""
    for child in element:
        if not child.tag.startswith(SVG):
            continue
        name = child.tag.removeprefix(SVG)
        if name in DRAWN:
            yield child
        elif name not in LEFT_OUT:
            raise Unfit(f"It uses “{name}”, which letters cannot print. {INSTEAD}")


def _rebuilt(element: ET.Element, looks: dict[ET.Element, dict[str, str]]) -> ET.Element:
    made = ET.Element(element.tag.removeprefix(SVG), own_attributes(element, looks.get(element, {})))
    made.extend([_rebuilt(child, looks) for child in _kept(element)])
    return made


def _size(root: ET.Element) -> dict[str, str]:
    """Its box, and a size in that proportion. Raises `Unfit` for a drawing without one."""
    box = drawn.numbers(root.get("viewBox", "")) or drawn.numbers(f"0 0 {root.get('width')} {root.get('height')}")
    if len(box) != 4 or not all(1e-3 <= side <= 1e6 for side in box[2:]) or not 0.05 <= box[2] / box[3] <= 20:
        raise Unfit(f"It does not say how large it is, or is too long for a letterhead. {INSTEAD}")
    part = LONGER_SIDE / max(box[2:])
    width, height = (f"{side * part:.4g}" for side in box[2:])
    return {"viewBox": " ".join(f"{each:g}" for each in box), "width": width, "height": height}


class _Costs:
    """How much of it is drawn in the end: what is used, clipped or painted by another part counts each time."""

    def __init__(self, root: ET.Element) -> None:
        self._by_id = {each.get("id"): each for each in root.iter() if each.get("id")}
        self._known: dict[ET.Element, int] = {}
        self._under: list[ET.Element] = []

    def of(self, element: ET.Element) -> int:
        """Raises `Unfit` for what goes round in a circle, or grows too much."""
        if element not in self._known:
            if element in self._under or len(self._under) > MOST_DEEP:
                raise Unfit(TOO_INTRICATE)
            self._under.append(element)
            self._known[element] = cost = 1 + sum(map(self.of, [*element, *self._referred(element)]))
            self._under.pop()
            if cost > MOST_DRAWN:
                raise Unfit(TOO_INTRICATE)
        return self._known[element]

    def _referred(self, element: ET.Element) -> Iterator[ET.Element]:
        for name in drawn.references(element):
            if name not in self._by_id:
                raise Unfit(BROKEN)
            yield self._by_id[name]
