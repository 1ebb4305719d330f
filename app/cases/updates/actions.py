"""An update is asked for and answered; whoever shared nothing for long is reminded (SHARE-4)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select, update

from app.cases.entries import Entry
from app.cases.files.tells import Itself
from app.cases.models import Case, Status, UpdateRequest
from app.cases.queries import CaseHead
from app.cases.sharing import shared_by_service
from app.cases.updates import tells  # noqa: F401  (registers whom these events tell)
from app.cases.updates.rules import ASKED, LONG_SILENT, SILENT, may_ask_from, silent_before
from app.core import clock, events
from app.core.db import begin_write, db
from app.core.events import Audit
from app.core.figures import the_figures
from app.core.jobs import is_due_again
from app.core.noticing import look_then_tell
from app.people.queries import Actor

EVERY = timedelta(hours=1)
PART = "reminders of sharing"


def ask_for_update(case: CaseHead, *, by: Actor) -> bool:
    """The service is asked to share something, and the case manager told. False where this school asked lately: nobody is
    told again. What is not answered by the time that it may ask again goes on waiting, as asked now."""
    asked = _last_asked(case.case_id, by.organisation_id)
    if asked and clock.today() < may_ask_from(asked.asked_at, the_figures().ask_again_days, case.region):
        return False
    if asked is None or _is_answered(asked):
        asked = UpdateRequest(case_id=case.case_id, school_id=by.organisation_id)
        db.session.add(asked)
    asked.asked_at, asked.asked_by_id = clock.now(), by.person_id
    db.session.flush()
    events.record(ASKED, by=by, on=asked, about=case)
    return True


def keep_answers() -> None:
    """What was shared since answers for good, whatever becomes of it."""
    begin_write()
    answer = _answers(UpdateRequest).correlate(UpdateRequest).scalar_subquery()
    waits = update(UpdateRequest).where(UpdateRequest.answered_at.is_(None), answer.is_not(None))
    db.session.execute(waits.values(answered_at=answer).execution_options(synchronize_session=False))
    db.session.commit()


def remind_hourly() -> None:
    """At most once an hour: whoever shared nothing for so many working days is reminded, and later the leads; once each."""
    if not is_due_again(PART, EVERY):
        return
    figures = the_figures()
    for event, days in ((SILENT, figures.silent_days), (LONG_SILENT, figures.long_silent_days)):
        remind(event, days)


def remind(event: str, days: int) -> int:
    """Of how many cases."""
    return look_then_tell(_silent(event, days), Case, lambda case: _remind_of(case, event))


def _remind_of(case: Case, event: str) -> None:
    events.record(event, by=Itself(case.service_id or 0), on=case, about=case)


def _last_asked(case_id: int, school_id: int) -> UpdateRequest | None:
    """As it stands now; until the end of the transaction nobody else asks."""
    newest = select(func.max(UpdateRequest.id)).where(
        UpdateRequest.case_id == case_id, UpdateRequest.school_id == school_id
    )
    statement = (
        select(Case.id, UpdateRequest)
        .outerjoin(UpdateRequest, UpdateRequest.id == newest.scalar_subquery())
        .where(Case.id == case_id)
        .with_for_update(of=Case)
    )
    return db.session.execute(statement.execution_options(populate_existing=True)).one()[1]


def _is_answered(asked: UpdateRequest) -> bool:
    """That it is answered is kept here, where the worker has not been by."""
    if not asked.answered_at:
        asked.answered_at = db.session.scalar(_answers(asked))
        db.session.flush()
    return asked.answered_at is not None


def _answers(asked: Any) -> Any:
    """When the first thing opened that was shared since: since this request, or each."""
    return select(func.min(Entry.opens_at)).where(
        Entry.case_id == asked.case_id, Entry.opens_at > asked.asked_at, *shared_by_service()
    )


def _silent(event: str, days: int) -> Select[Case]:
    """Open cases: in transition the case manager has stepped back."""
    shared = (Entry.case_id == Case.id, *shared_by_service())
    long_ago = [
        and_(Case.region.in_(codes), Case.status_at < instant, ~exists().where(*shared, Entry.opens_at >= instant))
        for instant, codes in silent_before(clock.today(), days).items()
    ]
    reminded = (Audit.case_id == Case.id, Audit.event == event)
    since = exists().where(*shared, Entry.opens_at > Audit.at)
    is_silent = (Case.status == Status.OPEN, or_(*long_ago), ~exists().where(*reminded, ~since))
    return select(Case).where(*is_silent).order_by(Case.id)
