"""The days absent of a case in transition, before and since."""

from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from app.attendance.models import AbsenceStatement
from app.attendance.queries import told_of_school
from app.attendance.rules import Compared, compared
from app.cases.absences.rules import WORSE, compared_since
from app.cases.models import Case, Status
from app.cases.queries import CaseHead
from app.core.events import Audit

END_EXPECTED = "case.end_expected"
Newer, Decided = aliased(AbsenceStatement), aliased(Audit)


def compared_for(head: CaseHead, school_id: int) -> Compared | None:
    """As they were told of this school last; None of a case that is not in transition, and where one side is not known."""
    since = compared_since(head)
    return compared(told_of_school(head.student_id, school_id), since) if since else None


def is_worse_since() -> Any:
    """Of a Case in transition: when it was told that there are more days absent than before, while nothing newer was told of that
    school, and nobody has set another end since."""
    told = (Audit.case_id == Case.id, Audit.event == WORSE, Audit.at >= Case.status_at)
    of_school = (Newer.student_id == AbsenceStatement.student_id, Newer.school_id == AbsenceStatement.school_id)
    is_newest = ~exists().where(*of_school, Newer.id > AbsenceStatement.id)
    decided = exists().where(Decided.case_id == Audit.case_id, Decided.event == END_EXPECTED, Decided.at > Audit.at)
    last = select(func.max(AbsenceStatement.told_on)).join(Audit, Audit.thing_id == AbsenceStatement.id)
    return last.where(Case.status == Status.TRANSITION, *told, is_newest, ~decided).correlate(Case).scalar_subquery()
