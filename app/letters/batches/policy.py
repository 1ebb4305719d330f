"""Who makes batches of letters (`permissions.md`: a workflow lead of the service's cases, a case manager of their own; an
attendance lead and office support of their school's students)."""

from typing import Protocol

from sqlalchemy import ColumnElement, and_, false, or_, select

from app.cases.many import workable
from app.cases.models import Case
from app.letters.batches.models import BatchLine, LetterBatch
from app.letters.school.policy import WRITERS as OF_SCHOOLS
from app.people.models import Role
from app.people.queries import Actor
from app.students.models import Caregiver
from app.students.queries import is_enrolled

OF_SERVICES = (Role.WORKFLOW_LEAD, Role.CASE_MANAGER)
WRITERS = (*OF_SERVICES, *OF_SCHOOLS)


class SeenBatch(Protocol):
    """What a rule needs to know of a batch that was loaded through `visible`."""

    @property
    def batch(self) -> LetterBatch: ...
    @property
    def letters_of_others(self) -> int: ...


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on LetterBatch: of a workflow lead's service, or of a school; a case manager's own, and what was made of their
    cases by somebody else. Which of its lines somebody sees is asked of their cases, or of the roll."""
    here = LetterBatch.organisation_id == actor.organisation_id
    match actor.role:
        case Role.WORKFLOW_LEAD | Role.ATTENDANCE_LEAD | Role.OFFICE_SUPPORT:
            return here
        case Role.CASE_MANAGER:
            lines = select(BatchLine.place).join(Case, Case.id == BatchLine.case_id)
            theirs = lines.where(BatchLine.batch_id == LetterBatch.id, workable(actor)).correlate(LetterBatch).exists()
            is_begun = LetterBatch.begun_at.is_not(None)
            return and_(here, or_(LetterBatch.asked_by_id == actor.person_id, is_begun & theirs))
    return false()


def is_of_others(actor: Actor) -> ColumnElement[bool]:
    """A clause on BatchLine: its case is not this person's to work, or no service's any more; of a school, the student has left,
    and no letter was made of it."""
    if actor.role in OF_SCHOOLS:
        return ~_of_roll(actor)
    theirs = select(Case.id).where(Case.id == BatchLine.case_id, workable(actor)).correlate(BatchLine)
    return ~theirs.exists()


def _of_roll(actor: Actor) -> ColumnElement[bool]:
    """A school's letters stay its own; whom it has not written to it writes to while the student is on its roll. The student is
    the caregiver's: of two records that became one, the one that stays."""
    named = select(Caregiver.id).where(Caregiver.id == BatchLine.caregiver_id)
    here = named.where(is_enrolled(actor.organisation_id, Caregiver.student_id)).correlate(BatchLine)
    return or_(BatchLine.letter_id.is_not(None), here.exists())


def can_see_batch(actor: Actor, found: SeenBatch) -> bool:
    """Whoever could load it through `visible` may see it."""
    return True


def can_work_batch(actor: Actor, found: SeenBatch) -> bool:
    """A batch is worked by whoever asked for it, and by a workflow lead; a school's by its attendance lead and its office."""
    return actor.role is not Role.CASE_MANAGER or found.batch.asked_by_id == actor.person_id


def can_print_batch(actor: Actor, found: SeenBatch) -> bool:
    """The print file holds letters on cases that are not yours: print those of your own cases from their own pages."""
    return not found.letters_of_others
