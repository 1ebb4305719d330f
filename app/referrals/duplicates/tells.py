"""Whom a proposal to merge two records tells."""

from collections.abc import Iterable, Sequence

from app.cases.models import Case
from app.cases.places import places_on_cases
from app.cases.tells import told_of
from app.core import events
from app.core.events import Told
from app.core.told import Place, Row, finds, things_of
from app.people.queries import Actor
from app.referrals.duplicates.policy import merges
from app.students.records.models import StudentMerge

PROPOSED = "merge.proposed"


@events.tells(PROPOSED)
def merge_proposed(merge: StudentMerge, by: events.By, about: Case) -> Iterable[Told]:
    """The leads of the service, one of whom decides."""
    return told_of(about.id, "merge_proposed", by=by)


@finds(PROPOSED)
def places_of_merges(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The page that puts both side by side."""
    found = things_of(those, StudentMerge, StudentMerge.public_id, seen=merges(reader))
    named = places_on_cases(reader, those)
    return {
        row.id: Place(f"/workspace/students/merges/{row.public_id}", named[row.id].number, named[row.id].name)
        for row in found
        if row.id in named
    }
