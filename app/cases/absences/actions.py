"""Days absent are told for a case, or marks are counted; where there are more of them since the transition began, its manager learns
of it (CASE-4)."""

from collections.abc import Collection
from itertools import groupby

from app.attendance.actions import state_absences
from app.attendance.models import AbsenceStatement
from app.attendance.rules import Absences, Compared
from app.attendance.tallies.actions import COUNTED
from app.attendance.tallies.queries import compared_each
from app.cases.absences import tells  # noqa: F401  (registers whom this event tells)
from app.cases.absences.queries import compared_for, in_transition_at, stands_by_marks
from app.cases.absences.rules import NO_LONGER, WORSE, MarksOf, compared_since, is_told_later, signal_of
from app.cases.files.tells import Itself
from app.cases.queries import CaseHead
from app.core import events
from app.core.db import AnyRow
from app.core.events import Happened
from app.core.following import follows


def tell_absences(head: CaseHead, told: Absences, *, school_id: int, by: events.By) -> AbsenceStatement:
    """Of one school, in the place of what was told of it before. Each statement tells once; where marks hold, none does."""
    statement = state_absences(head, told, by=by, school_id=school_id)
    compared = compared_for(head, school_id)
    if compared and not compared.is_marked:
        if compared.is_worse:
            events.record(WORSE, by=by, on=statement, about=head)
        elif school_id == head.school_id and stands_by_marks(head.id):
            events.record(NO_LONGER, by=by, on=MarksOf(school_id), about=head)
    return statement


@follows(COUNTED)
def compare_by_marks(happened: Happened, by: events.By) -> None:
    """Of students with a case in transition at the school whose marks were counted anew."""
    found = _signals(happened.on.school_id, happened.on.students)
    by_service = sorted(found, key=_service)
    for service_id, those in groupby(by_service, key=_service):
        events.record_all(*those, by=Itself(service_id))


def _service(happened: Happened) -> int:
    return int(happened.about.service_id)


def _signals(school_id: int, students: Collection[int]) -> list[Happened]:
    """What the marks of this school say now of these that they did not say before."""
    cases = [case for case in in_transition_at(school_id, students) if case.service_id]
    since = {case.student_id: day for case in cases if (day := compared_since(case))}
    compared = compared_each(school_id, since)
    signals = [(case, _signal(case, compared.get(case.student_id))) for case in cases]
    return [Happened(signal, MarksOf(school_id), case) for case, signal in signals if signal]


def _signal(case: AnyRow, compared: Compared | None) -> str:
    """Marks that say too little take back what marks said, not what was told."""
    if compared is None:
        return NO_LONGER if case.marked_at else ""
    if is_told_later(case.told_until, compared):
        return ""
    stands = bool(case.marked_at or (case.told_on and not compared.is_worse))
    return signal_of(compared, stands=stands, stood_before=case.stood_before)
