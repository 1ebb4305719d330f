"""Who makes batches of letters (`permissions.md`: a workflow lead of the service's cases, a case manager of their own)."""

from typing import Protocol

from sqlalchemy import ColumnElement, and_, false, or_, select

from app.cases.many import workable
from app.cases.models import Case
from app.letters.batches.models import BatchLine, LetterBatch
from app.people.models import Role
from app.people.queries import Actor


class SeenBatch(Protocol):
    """What a rule needs to know of a batch that was loaded through `visible`."""

    @property
    def batch(self) -> LetterBatch: ...
    @property
    def letters_of_others(self) -> int: ...


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on LetterBatch: of a workflow lead's service; a case manager's own, and what was made of their cases by somebody
    else. Which of its lines somebody sees is asked of their cases."""
    here = LetterBatch.organisation_id == actor.organisation_id
    match actor.role:
        case Role.WORKFLOW_LEAD:
            return here
        case Role.CASE_MANAGER:
            lines = select(BatchLine.place).join(Case, Case.id == BatchLine.case_id)
            theirs = lines.where(BatchLine.batch_id == LetterBatch.id, workable(actor)).correlate(LetterBatch).exists()
            is_begun = LetterBatch.begun_at.is_not(None)
            return and_(here, or_(LetterBatch.asked_by_id == actor.person_id, is_begun & theirs))
    return false()


def is_of_others(actor: Actor) -> ColumnElement[bool]:
    """A clause on BatchLine: its case is not this person's to work, or no service's any more."""
    theirs = select(Case.id).where(Case.id == BatchLine.case_id, workable(actor)).correlate(BatchLine)
    return ~theirs.exists()


def can_see_batch(actor: Actor, found: SeenBatch) -> bool:
    """Whoever could load it through `visible` may see it."""
    return True


def can_work_batch(actor: Actor, found: SeenBatch) -> bool:
    """A batch is worked by whoever asked for it, and by a workflow lead."""
    return actor.role is Role.WORKFLOW_LEAD or found.batch.asked_by_id == actor.person_id


def can_print_batch(actor: Actor, found: SeenBatch) -> bool:
    """The print file holds letters on cases that are not yours: print those of your own cases from their own pages."""
    return not found.letters_of_others
