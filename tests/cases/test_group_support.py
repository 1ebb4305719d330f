"""Support for a group is asked for with what is offered, and nothing else (S8)."""

import pytest
from sqlalchemy import select

from app.cases.services.actions import ask_for_group
from app.cases.services.rules import ASKED
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Outbox
from app.core.told import places
from tests import make


def test_what_is_not_offered_cannot_be_asked_for(world: make.World) -> None:
    for chosen in (("Hēmi", "15", "fell"), ("year", "Hēmi", "fell"), ("year", "15", "Hēmi")):
        with pytest.raises(Refused, match="what is offered"):
            ask_for_group(*chosen, by=world.mere)


def test_who_leads_no_longer_learns_no_more(world: make.World) -> None:
    ask_for_group("year", "15", "fell", by=world.mere)
    rows = db.session.scalars(select(Outbox).where(Outbox.event == ASKED)).all()
    assert [place.name for place in places(world.ruth, rows).values()] == [
        "Tawa Awa College, 04 555 0000: a year level, 6 to 15 students: their attendance fell this term"
    ]
    assert places(world.ana, rows) == {}
