"""A text as it is typed: its blocks, what is done with them, and where something is wrong."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField

from app.core.text import nfc, one_line
from app.core.web.forms import OnceForm, Required
from app.letters.blocks import KINDS, TEXT_OF, Kind
from app.letters.wordings.checking import LIMITS, WHOLE

BOX = re.compile(r"block-(\d{1,3})-(kind|text|law|when|lang)")
STEP = re.compile(r"(up|down|remove)-(\d{1,3})")
MOST_TYPED = 100
"""Blocks; what is more was not typed on our page."""
WHY_LENGTH = 300


class TextForm(OnceForm):
    """The name and the heading, and which state of the text the page began with. The blocks stand beside it."""

    title = StringField("Name of the letter")
    heading = StringField("First heading")
    mark = HiddenField(default="")


class WhyForm(OnceForm):
    """Why a version is put to use."""

    why = StringField(
        "Why does it change?", validators=[Required("Write why it changes: it stands with the version for good")]
    )

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if len(self.why.data or "") > WHY_LENGTH:
            self.why.errors = [f"Write it in {WHY_LENGTH} characters"]
        return is_valid and not self.why.errors


@dataclass(frozen=True)
class Fault:
    """For the error summary: what is wrong, and the box that it leads to."""

    id: str
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Faults:
    """All that is wrong with a text, as the error summary asks for it."""

    form_errors: tuple[str, ...]
    places: Mapping[str, str]

    def __iter__(self) -> Iterator[Fault]:
        for place, fault in self.places.items():
            if place != WHOLE:
                yield Fault(place if place in LIMITS else f"block-{place}", (fault,))


def faults(form: OnceForm, places: Mapping[str, str]) -> Faults:
    said = [*form.form_errors, *([places[WHOLE]] if WHOLE in places else [])]
    named = {field.id: field.errors[0] for field in form if field.errors}
    return Faults(tuple(map(str, said)), {**named, **places})


def typed(form: MultiDict[str, str]) -> dict[str, Any]:
    """The text as it stands in the boxes."""
    boxes: dict[int, dict[str, str]] = {}
    for name, text in form.items():
        if box := BOX.fullmatch(name):
            boxes.setdefault(int(box[1]), {})[box[2]] = text
    blocks = [_block(boxes[number]) for number in sorted(boxes)[:MOST_TYPED]]
    return {"title": one_line(form.get("title")), "heading": one_line(form.get("heading")), "blocks": blocks}


def _block(box: Mapping[str, str]) -> dict[str, Any]:
    kind = Kind(box["kind"]) if box.get("kind") in KINDS else Kind.PARAGRAPH
    key = TEXT_OF.get(kind, "text")
    text = nfc(box.get("text", "").replace("\r\n", "\n").replace("\r", "\n")).strip()
    says: dict[str, Any] = {"items": [line.strip() for line in text.split("\n") if line.strip()]}
    says = says if key == "items" else {key: box.get("law", "") if key == "law" else text} if key else {}
    about = {name: box[name] for name in ("lang", "when") if box.get(name)}
    return {"kind": kind.value, **about, **says}


def stepped(content: Mapping[str, Any], form: MultiDict[str, str]) -> tuple[dict[str, Any], int]:
    """The text with a block added, moved or removed, and the number of the block to go on with."""
    blocks, do = list(content["blocks"]), form.get("do", "")
    if do == "add":
        typed_at = form.get("add_after", "")
        is_number = typed_at.isdecimal() and len(typed_at) <= len(str(MOST_TYPED))
        after = min(int(typed_at) if is_number else len(blocks), len(blocks))
        blocks.insert(after, _block({"kind": form.get("add_kind", "")}))
        return {**content, "blocks": blocks}, after + 1
    step = STEP.fullmatch(do)
    at = int(step[2]) if step else 0
    if step and 1 <= at <= len(blocks):
        block = blocks.pop(at - 1)
        to = {"up": max(at - 1, 1), "down": min(at + 1, len(blocks) + 1)}.get(step[1], 0)
        if to:
            blocks.insert(to - 1, block)
        return {**content, "blocks": blocks}, to or min(at, len(blocks))
    return dict(content), 0
