"""What a letter was written with is kept by its digest, and is what the letter's page shows for ever (LET-6)."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select

from app.core.db import db, inserting
from app.letters.blocks import Block, Kind
from app.letters.fields import WordingRefused
from app.letters.purposes import Purpose
from app.letters.wording import Wording, wording_for
from app.letters.wordings.models import KeptWording


def keep(wording: Wording) -> str:
    """Once; one statement. Its digest."""
    content = json.dumps(asdict(wording), ensure_ascii=False)
    kept = inserting(KeptWording).values(digest=wording.digest, content=content)
    db.session.execute(kept.on_conflict_do_nothing())
    return wording.digest


def written_with(digest: str, purpose: Purpose, step: int, day: date) -> Wording | None:
    """What a letter says, by the digest in its row. Of one from before texts were kept: ours of that day, if that is still
    the same; else nothing."""
    content = db.session.scalar(select(KeptWording.content).where(KeptWording.digest == digest))
    if content:
        return _wording(json.loads(content))
    try:
        found = wording_for(purpose, step, day)
    except WordingRefused:
        return None
    return found if found.digest == digest else None


def _wording(kept: Mapping[str, Any]) -> Wording:
    second = kept["second"]
    blocks = tuple(
        Block(Kind(each["kind"]), each["text"], tuple(each["items"]), each["lang"], each["when"])
        for each in kept["blocks"]
    )
    return Wording(
        *(kept["title"], kept["digest"], kept["heading"], blocks, kept["lang"]),
        second=_wording(second) if second else None,
    )
