"""What the parts of a drawing may say of themselves: attributes from a list, with values of a known shape."""

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from app.core.files.unfit import BROKEN, Unfit

SVG, XHTML = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xhtml}"
HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
LOADS = "It refers to something outside itself. Save it as plain SVG without that, or as PNG, and send that."

NAME = r"[A-Za-z_][A-Za-z0-9_.-]{0,99}+"
NUMBER = r"[-+]?+(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?:[eE][-+]?+[0-9]++)?+"
LENGTH = rf"{NUMBER}(?:px|pt|pc|mm|cm|in|em|%)?+"
LENGTHS = rf"(?:[\s,]*+{NUMBER}(?:px|pt|pc|mm|cm|in|em|%)?+)++[\s,]*+"
LOCAL = rf"url\(\s*+[\"']?+#{NAME}[\"']?+\s*+\)"
COLOUR = r"[a-zA-Z]{3,24}+|#[0-9a-fA-F]{3,8}+|(?:rgb|hsl)a?\([-+0-9.,%\s/a-z]{1,60}+\)"
TRANSFORM = rf"(?:[\s,]*+(?:matrix|translate|scale|rotate|skewX|skewY)\s*+\({LENGTHS}\))++[\s,]*+"
WORD = r"[A-Za-z-]{1,30}+(?:\s++[a-z]{1,10}+)?+"
_words = re.compile(r"[^ ]+").findall
OF_LENGTH = _words("x y width height cx cy r rx ry x1 y1 x2 y2 fx fy fr stroke-width")
OF_SHARE = _words("offset stroke-miterlimit opacity fill-opacity stroke-opacity stop-opacity")
OF_WORDS = _words(
    "fill-rule clip-rule stroke-linecap stroke-linejoin gradientUnits spreadMethod clipPathUnits maskUnits "
    "maskContentUnits visibility display preserveAspectRatio"
)
SHAPES = {
    "id": NAME,
    "href": f"#{NAME}",
    "points": LENGTHS,
    "viewBox": rf"{NUMBER}(?:[\s,]++{NUMBER}){{3}}",
    **dict.fromkeys(OF_LENGTH, LENGTH),
    **dict.fromkeys(OF_SHARE, f"{NUMBER}%?+"),
    **dict.fromkeys(OF_WORDS, WORD),
    **dict.fromkeys(("color", "stop-color"), COLOUR),
    **dict.fromkeys(("fill", "stroke"), rf"{COLOUR}|{LOCAL}(?:\s++(?:{COLOUR}))?+"),
    **dict.fromkeys(("clip-path", "mask"), f"none|{LOCAL}"),
    **dict.fromkeys(("transform", "gradientTransform"), TRANSFORM),
}
_SHAPES = {name: re.compile(shape) for name, shape in SHAPES.items()}
LOOKS = frozenset(
    _words(
        "fill fill-opacity fill-rule clip-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit "
        "stroke-opacity opacity color stop-color stop-opacity clip-path mask visibility display"
    )
)
"""What a style may say."""
_LOADS = re.compile(
    r"(?:url|image|image-set|src)\s*+\((?!\s*+[\"']?+#)|javascript:|data:|@import|expression\s*+\(", re.IGNORECASE
)
_REFERRED = re.compile(rf"#({NAME})[\"']?\s*\)?")
_NUMBER, _FLAG, _BETWEEN = re.compile(NUMBER), re.compile("[01]"), re.compile(r"[\s,]*+")
_ONE_TRANSFORM = re.compile(r"(\w+)\s*+\(([^)]*+)\)")
ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
FLAGS = {3, 4}
"""Of an arc: the places of what is 0 or 1, and may stand without a space."""


def own_attributes(element: ET.Element, looks: Mapping[str, str]) -> dict[str, str]:
    """Those that are known, with values that are; styles (`looks`) go before attributes. Raises `Unfit` for what loads."""
    said = {"href" if name in HREFS else name: value for name, value in element.attrib.items() if name != "style"}
    made = {name: value.strip() for name, value in {**said, **looks}.items() if is_known(name, value)}
    if "d" in said and element.tag == f"{SVG}path":
        made["d"] = path(said["d"])
    return made


def is_known(name: str, value: str) -> bool:
    """Raises `Unfit` for what would load something."""
    if _LOADS.search(value):
        raise Unfit(LOADS)
    shape = _SHAPES.get(name)
    return bool(shape and shape.fullmatch(value.strip())) and not (name == "gradientTransform" and _is_flat(value))


def _is_flat(transform: str) -> bool:
    """Nothing would be left of what it is done to, and it could not be undone."""
    for kind, said in _ONE_TRANSFORM.findall(transform):
        told = [float(each) for each in _NUMBER.findall(said)]
        if kind == "scale" and not all(told):
            return True
        if kind == "matrix" and (len(told) != 6 or abs(told[0] * told[3] - told[1] * told[2]) < 1e-9):
            return True
    return False


def looks_of(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if name in LOOKS}


def references(element: ET.Element) -> Iterator[str]:
    """The names of the parts that it refers to."""
    for name, value in element.attrib.items():
        if name == "href" or "url(" in value:
            yield from _REFERRED.findall(value)


def numbers(text: str) -> list[float]:
    """Of a list of lengths; none where something else stands in it."""
    return [float(each) for each in _NUMBER.findall(text)] if re.fullmatch(LENGTHS, text) else []


def path(text: str) -> str:
    """The same path, each number apart from the next. Raises `Unfit` for one that is none."""
    found: list[str] = []
    at, command = _BETWEEN.match(text).end(), ""  # type: ignore[union-attr]
    while at < len(text):
        if text[at].upper() in ARITY:
            command, at = text[at], at + 1
            found.append(command)
        elif not command or command in "zZ":
            raise Unfit(BROKEN)
        at = _numbers(text, at, command.upper(), found)
    return " ".join(found)


def _numbers(text: str, at: int, command: str, found: list[str]) -> int:
    """Those of one command, put to what was found; where they end."""
    for place in range(ARITY[command]):
        at = _after(text, at)
        number = (_FLAG if command == "A" and place in FLAGS else _NUMBER).match(text, at)
        if number is None:
            raise Unfit(BROKEN)
        found.append(number[0])
        at = number.end()
    return _after(text, at)


def _after(text: str, at: int) -> int:
    between = _BETWEEN.match(text, at)
    return between.end() if between else at
