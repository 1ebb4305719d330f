"""What letters of many cases of one service rest on: as many statements for five hundred as for one, and of each only what a
letter needs. A test holds that it comes to the same as `dossiers_of` one by one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import cast, func, null, select, union_all
from sqlalchemy.orm import aliased

from app.attendance.calendars.queries import calendars_at, calendars_of
from app.attendance.known import absences_of_each
from app.attendance.many import AtSchool, presence_of_each
from app.attendance.presence import NOTHING_KNOWN, Presence
from app.attendance.rules import Absences
from app.calendars.school_calendar import SchoolCalendar
from app.calendars.school_days import recent_since
from app.cases.meetings.queries import spoken_since
from app.cases.models import Case, CasePerson, Part
from app.cases.naming import plays
from app.cases.queries import CaseHead
from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.core.figures import the_figures
from app.core.files.stored import StoredFile
from app.letters.dossiers import Dossier
from app.letters.holds import LetterHold
from app.letters.models import Letter, Letterhead
from app.letters.purposes import Purpose
from app.letters.rulings import LetterException, LetterRestart
from app.letters.versions.queries import ladders_of
from app.letters.versions.rules import GoesBy
from app.letters.wordings.queries import own_texts
from app.letters.wordings.rules import OwnTexts
from app.people.models import Person
from app.people.queries import Actor
from app.students.models import Caregiver, Enrolment, Student

Manager, Sender = aliased(CasePerson), aliased(Person)
ByCase = Mapping[int, Sequence[AnyRow]]


@dataclass(frozen=True)
class Shelf:
    """What was found of all of the cases, by their ids."""

    letters: ByCase
    holds: ByCase
    rulings: ByCase
    absences: Mapping[AtSchool, Absences]
    presence: Mapping[int, Presence]
    calendars: Mapping[int, SchoolCalendar]
    """Of the schools where somebody was last, by their ids."""
    goes_by: Mapping[int, GoesBy]
    texts: OwnTexts
    spoken: ByCase


def dossiers_of_each(purpose: Purpose, heads: Sequence[CaseHead], reader: Actor | None = None) -> list[Dossier]:
    """One for each caregiver of each of these cases, which are of one service and have letters for this purpose. Who may work
    them was asked before. `reader`: who is told what was spoken just now, as far as they may read it (LET-4)."""
    if not heads:
        return []
    by_id = {head.id: head for head in heads}
    shelf = _shelf(purpose, by_id, reader)
    return [_dossier(by_id[row.case_id], row, shelf) for row in db.session.execute(_named(list(by_id)))]


def with_spoken(dossier: Dossier, reader: Actor) -> Dossier:
    """With what was spoken just now, as far as this person may read it; two statements."""
    since = spoken_from([dossier.case])[dossier.case.id]
    return replace(dossier, spoken=spoken_since(reader, [dossier.case.id], since))


def spoken_from(heads: Collection[CaseHead]) -> dict[int, date]:
    """The first day that counts as just now on each of these cases, by the calendar of its school (LET-4); one statement."""
    today, days = clock.today(), the_figures().recent_contact_days
    calendars = calendars_of({head.school_id: head.region for head in heads})
    firsts = {school_id: recent_since(today, days, calendar) for school_id, calendar in calendars.items()}
    return {head.id: firsts[head.school_id] for head in heads}


def _shelf(purpose: Purpose, heads: Mapping[int, CaseHead], reader: Actor | None) -> Shelf:
    ids = list(heads)
    service_id, is_enrolled_nowhere = next(iter(heads.values())).service_id, purpose is Purpose.NEN
    at_school = {(head.student_id, head.school_id) for head in heads.values()}
    presence = presence_of_each({student for student, _ in at_school}) if is_enrolled_nowhere else {}
    held = db.session.execute(_held(purpose, ids)).all()
    return Shelf(
        _grouped(db.session.execute(_letters(purpose, ids))),
        _grouped(row for row in held if row.id),
        _grouped(row for row in held if not row.id),
        {} if is_enrolled_nowhere else absences_of_each(at_school),
        presence,
        calendars_at({school_id for each in presence.values() if (school_id := _last_school(each))}),
        ladders_of(ids, service_id, purpose),
        own_texts(service_id, purpose),
        _spoken(reader, heads) if reader else {},
    )


def _dossier(head: CaseHead, row: AnyRow, shelf: Shelf) -> Dossier:
    whose = row.Caregiver.id
    theirs = [ruling for ruling in shelf.rulings.get(head.id, ()) if ruling.caregiver_id == whose]
    presence = shelf.presence.get(head.student_id, NOTHING_KNOWN)
    return Dossier(
        head,
        row.Caregiver,
        shelf.absences.get((head.student_id, head.school_id)),
        desk=row,
        letters=[letter for letter in shelf.letters.get(head.id, ()) if letter.caregiver_id == whose],
        holds=[hold for hold in shelf.holds.get(head.id, ()) if hold.caregiver_id in {None, whose}],
        rulings=theirs,
        round=1 + sum(ruling.step is None for ruling in theirs),
        goes_by=shelf.goes_by[head.id],
        texts=shelf.texts,
        presence=presence,
        calendar=shelf.calendars.get(_last_school(presence)),
        spoken=shelf.spoken.get(head.id, ()),
    )


def _last_school(presence: Presence) -> int:
    """0 where it is not known."""
    return (presence.last.school_id or 0) if presence.last else 0


def _grouped(rows: Iterable[AnyRow]) -> ByCase:
    found: dict[int, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def _spoken(reader: Actor, heads: Mapping[int, CaseHead]) -> ByCase:
    """Each from the day on that counts at the school of the case."""
    firsts = spoken_from(heads.values())
    rows = spoken_since(reader, list(heads), min(firsts.values()))
    return _grouped(row for row in rows if row.happened_on >= firsts[row.case_id])


def _letters(purpose: Purpose, ids: Sequence[int]) -> AnySelect:
    """Those that were made, oldest first."""
    which = (Letter.case_id, Letter.caregiver_id, Letter.purpose, Letter.step, Letter.round, Letter.made_at)
    became = (Letter.sent_on, Letter.method, Letter.back, Letter.back_on, Letter.back_note, Letter.voided_at)
    made = (Letter.case_id.in_(ids), Letter.purpose == purpose, Letter.made_at.is_not(None))
    return select(*which, *became).where(*made).order_by(Letter.made_at, Letter.id)


def _held(purpose: Purpose, ids: Sequence[int]) -> AnySelect:
    """Holds of today, which have an `id`; ladders that began again (their `step` is none); exceptions that still hold."""
    hold = (LetterHold.id, LetterHold.reason, LetterHold.why, LetterHold.until_on)
    ruled = (LetterException.round, LetterException.step)
    no_hold, no_ruling = ([cast(null(), each.type).label(each.key) for each in some] for some in (hold, ruled))
    kinds: Iterable[Any] = (
        (LetterHold, (*hold, *no_ruling), (LetterHold.until_on >= clock.today(), LetterHold.ended_at.is_(None))),
        (LetterRestart, (*no_hold, LetterRestart.round, no_ruling[1]), ()),
        (LetterException, (*no_hold, *ruled), (LetterException.ended_at.is_(None),)),
    )
    found = union_all(
        *(
            select(table.case_id, table.caregiver_id, *columns).where(
                table.case_id.in_(ids), table.purpose == purpose, *which
            )
            for table, columns, which in kinds
        )
    ).subquery()
    return select(found).order_by(found.c.id)


def _named(ids: Sequence[int]) -> AnySelect:
    """Everybody who is named as looking after one of the students, each with what stands on the service's desk."""
    roll = select(func.max(Enrolment.as_of)).where(
        Enrolment.student_id == Case.student_id, Enrolment.school_id == Case.school_id
    )
    head = ("name_mi", "address", "phone", "email", "changed_at", "colour")
    return (
        select(
            Case.id.label("case_id"),
            Caregiver,
            roll.scalar_subquery().label("roll_as_of"),
            Student.address.label("home"),
            Sender.email.label("writer_email"),
            *(getattr(Letterhead, name) for name in head),
            StoredFile.kept_sha256.label("logo"),
        )
        .join(Student, Student.id == Case.student_id)
        .join(Caregiver, Caregiver.student_id == Case.student_id)
        .outerjoin(Manager, plays(Manager, Part.MANAGER))
        .outerjoin(Sender, Sender.id == Manager.person_id)
        .outerjoin(Letterhead, Letterhead.organisation_id == Case.service_id)
        .outerjoin(StoredFile, StoredFile.id == Letterhead.logo_id)
        .where(Case.id.in_(ids), Caregiver.ended_at.is_(None))
        .order_by(Case.id, Caregiver.id)
    )
