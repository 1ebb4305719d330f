"""What the styles of a drawing say, put where it holds: then nothing is left that a style could load or do."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import tinycss2
from cssselect2 import ElementWrapper, Matcher, SelectorError, compile_selector_list

from app.core.files.drawn import LOOKS, SVG, is_known
from app.core.files.strictly import LOADS_STYLES
from app.core.files.unfit import Unfit

MOST_RULES = 200
TOO_INTRICATE = "Its styles are too intricate for a letter. Save it simpler, or as PNG, and send that."
HARMLESS = frozenset({"charset", "namespace"})


def styled(root: ET.Element) -> dict[ET.Element, dict[str, str]]:
    """By element: what style sheets and its own style say of it. Raises `Unfit` for what loads, or changes with where it
    is shown."""
    matcher = Matcher()
    rules = [rule for sheet in root.iter(f"{SVG}style") for rule in _rules("".join(sheet.itertext()))]
    if len(rules) > MOST_RULES:
        raise Unfit(TOO_INTRICATE)
    for rule in rules:
        for selector in _selectors(rule):
            matcher.add_selector(selector, _declared(rule.content))
    return {
        wrapper.etree_element: {**_matched(matcher, wrapper), **_declared(wrapper.etree_element.get("style", ""))}
        for wrapper in ElementWrapper.from_xml_root(root).iter_subtree()
    }


def _matched(matcher: Any, wrapper: Any) -> dict[str, str]:
    said: dict[str, str] = {}
    for *_, pseudo, declared in matcher.match(wrapper):
        said |= declared if pseudo is None else {}
    return said


def _rules(sheet: str) -> Iterator[Any]:
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword not in HARMLESS:
            raise Unfit(LOADS_STYLES)
        if rule.type == "qualified-rule":
            yield rule


def _selectors(rule: Any) -> list[Any]:
    """None of what is not understood."""
    try:
        return list(compile_selector_list(rule.prelude))
    except SelectorError:
        return []


def _declared(content: Any) -> dict[str, str]:
    said = {}
    for each in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if each.type == "declaration":
            value = tinycss2.serialize(each.value).strip()
            if is_known(each.lower_name, value) and each.lower_name in LOOKS:
                said[each.lower_name] = value
    return said
