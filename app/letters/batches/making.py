"""Letters of a batch that are set are made, each if it would say the same today (LET-6)."""

from typing import Any

from sqlalchemy import or_, select

from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.letters.batches.asking import AT_ONCE, Known, as_they_stand, leave_out, why_not_asked
from app.letters.batches.models import BatchLine, LetterBatch, LineState, Whom
from app.letters.batches.recording import made_together
from app.letters.batches.rules import OTHER_TEXT
from app.letters.batches.ways import Way, way_of
from app.letters.facts import changes, thawed
from app.letters.making import use_up
from app.letters.models import Letter
from app.people.queries import Actor

AGAIN = "The ladder to this caregiver began again since the batch was begun."
OTHER_LADDER = "The case goes by another ladder since the batch was begun."
OTHER_HEAD = "The letterhead has changed since the batch was begun."


def make_some(batch: LetterBatch, *, by: Actor) -> int:
    """Those that are set, or could not be: made as they were frozen, or left out with the reason. How many."""
    places = _held(batch)
    those = _set(batch, BatchLine, Letter).where(BatchLine.place.in_(places))
    rows = db.session.execute(those.with_for_update(of=Letter)).all()
    found, way = as_they_stand(batch, [row.BatchLine for row in rows], by=by), way_of(batch.purpose)
    made = [row for row in rows if _is_made(row, found, way, by)]
    made_together([(found.of(row.BatchLine), row.Letter) for row in made], by=by)
    return len(places)


def is_unmade(batch: LetterBatch) -> bool:
    """Is there a line whose letter is on its way?"""
    waiting = select(BatchLine.place).outerjoin(Letter, Letter.id == BatchLine.letter_id)
    is_asked = (BatchLine.state == LineState.ASKED) & Letter.made_at.is_(None)
    mine = waiting.where(BatchLine.batch_id == batch.id, or_(BatchLine.state == LineState.READY, is_asked))
    return db.session.scalar(mine.limit(1)) is not None


def _held(batch: LetterBatch) -> list[int]:
    """The next lines with a letter that is set; their cases, or students, are held before the letters are."""
    columns = (BatchLine.place, BatchLine.case_id, BatchLine.caregiver_id, BatchLine.round)
    some = db.session.execute(_set(batch, *columns).limit(AT_ONCE)).all()
    way_of(batch.purpose).hold({Whom(row.case_id or 0, row.caregiver_id, row.round) for row in some})
    return [row.place for row in some]


def _set(batch: LetterBatch, *columns: Any) -> AnySelect:
    is_over = or_(Letter.rendered_at.is_not(None), Letter.fault != "")
    return (
        select(*columns)
        .select_from(BatchLine)
        .join(Letter, Letter.id == BatchLine.letter_id)
        .where(BatchLine.batch_id == batch.id, BatchLine.state == LineState.ASKED, Letter.made_at.is_(None), is_over)
        .order_by(BatchLine.place)
    )


def _is_made(row: AnyRow, found: Known, way: Way, by: Actor) -> bool:
    line, letter = row
    dossier = found.of(line)
    why = letter.fault or (_why_not_made(line, letter, dossier, way) if dossier else found.why_gone(line))
    if why:
        leave_out(line, why)
        return False
    letter.made_at, letter.made_by_id = clock.now(), by.person_id
    db.session.flush()
    if letter.step in {ruling.step for ruling in dossier.rulings if ruling.round == dossier.round}:
        use_up(letter, by)
    return True


def _why_not_made(line: BatchLine, letter: Letter, dossier: Any, way: Way) -> str:
    """Why this letter may not be made as it was frozen, or nothing. Its date stays that of the day on which the batch was begun."""
    if dossier.round != letter.round:
        return AGAIN
    if dossier.ladder_id != letter.ladder_id:
        return OTHER_LADDER
    if why := why_not_asked(line, dossier, way):
        return why
    then, now = thawed(letter.facts), way.gathered(dossier, clock.today())
    if changed := changes(then, now):
        return f"Changed since the batch was begun: {', '.join(changed)}."
    step = way.readiness(dossier, clock.today()).position.step
    if step is None or dossier.texts.wording(step, letter.languages, clock.today()).digest != letter.wording:
        return OTHER_TEXT
    return OTHER_HEAD if (then.logo, then.colour) != (now.logo, now.colour) else ""
