"""By what the people of an organisation find a student: the words of names, former ones too, and of the addresses and phones
that they may read (P14). Who may be seen is asked of the roll and the case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, String, cast, delete, literal, select, union_all

from app.core.db import AnyRow, AnySelect, db, inserting
from app.core.text import index_words
from app.people.models import Kind, Organisation
from app.students.models import Caregiver, FormerCaregiver, NameWord, Student
from app.students.records.models import DetailWord, FormerStudent
from app.students.records.queries import first_roll, is_of
from app.students.words import address_words, phone_words

_NOW = 1_000_000
"""The number of what is recorded now: it comes after what was recorded before."""
NO = literal(value=False)
Word = tuple[int, str]


@dataclass(frozen=True)
class Thing:
    """An address and a phone, of the student or of a caregiver: what was recorded in turn, and which organisation said each."""

    recorded: Sequence[tuple[str, str]]
    said_by: Sequence[int | None]
    has_ended: bool = False
    """It is no more, or of a record that went into this one: whoever said it still finds by it."""


@dataclass(frozen=True)
class Known:
    """All that is recorded, the organisations that have, or had, to do with the student, and by which details they find them."""

    rows: Sequence[AnyRow]

    @property
    def kinds(self) -> dict[int, str]:
        return {row.by: row.address for row in self.rows if row.what == "organisation"}

    @property
    def words(self) -> set[Word]:
        return {(row.by, row.address) for row in self.rows if row.what == "word"}

    @property
    def names(self) -> list[str]:
        said = [name for row in self.rows if not row.ended for name in (row.legal_name, row.preferred_name)]
        return sorted({word for name in said for word in index_words(name)})

    @property
    def things(self) -> list[Thing]:
        """Who changed what was recorded said what came after it."""
        facts = sorted((row for row in self.rows if row.what == "facts"), key=lambda row: (row.of, row.number))
        return [_thing([row for row in facts if row.of == of]) for of in dict.fromkeys(row.of for row in facts)]


def make_findable(student: Student, organisation_id: int) -> None:
    """The people of this organisation can look for the student from now on, as far as they may see them."""
    known = _known(student.id, organisation_id)
    _write(NameWord, student.id, [(organisation_id, word) for word in known.names])
    _write_details(student.id, known, [organisation_id])


def find_by_names(student: Student) -> None:
    """The student is called otherwise now: whoever could look for them finds them by that too, and by former names as before."""
    known = _known(student.id)
    _write(NameWord, student.id, [(each, word) for each in known.kinds for word in known.names])


def find_by_details(student_id: int) -> None:
    """An address or a phone of the student, or of a caregiver, is another: whoever could look for them finds them by that
    from now on, and by none that stands there no more."""
    known = _known(student_id)
    _write_details(student_id, known, list(known.kinds))


def find_by_names_of(other_id: int, student_id: int) -> None:
    """By whatever words the other one is found, this one is too."""
    words = select(NameWord.organisation_id, NameWord.word, literal(student_id)).where(NameWord.student_id == other_id)
    columns = [NameWord.organisation_id, NameWord.word, NameWord.student_id]
    db.session.execute(inserting(NameWord).from_select(columns, words).on_conflict_do_nothing())


def find_again(after: int, most: int) -> int | None:
    """By what is recorded now, some students after this one; the last of them, or None where there are no more."""
    some = db.session.scalars(select(Student).where(Student.id > after).order_by(Student.id).limit(most)).all()
    for student in some:
        find_by_names(student)
        find_by_details(student.id)
    return some[-1].id if some else None


def _write_details(student_id: int, known: Known, organisations: Sequence[int]) -> None:
    """A school finds by what it gave, or what its roll said at first; a service by what is recorded now."""
    things, kinds = known.things, known.kinds
    found: set[Word] = set()
    for each in organisations:
        found |= {(each, word) for word in (_now(things) if kinds[each] == Kind.SERVICE else _given(things, each))}
    gone: dict[int, list[str]] = {}
    for at, word in known.words - found:
        if at in organisations:
            gone.setdefault(at, []).append(word)
    for at, words in gone.items():
        theirs = (DetailWord.student_id == student_id, DetailWord.organisation_id == at)
        db.session.execute(delete(DetailWord).where(*theirs, DetailWord.word.in_(words)))
    _write(DetailWord, student_id, sorted(found - known.words))


def _now(things: Iterable[Thing]) -> set[str]:
    return {word for thing in things if not thing.has_ended for word in _words(*thing.recorded[-1])}


def _given(things: Iterable[Thing], organisation_id: int) -> set[str]:
    """What it said last of each; ending a caregiver takes nothing from what it said itself."""
    found: set[str] = set()
    for thing in things:
        address, phone = (_said(column, thing.said_by, organisation_id) for column in zip(*thing.recorded, strict=True))
        found.update(_words(address, phone))
    return found


def _said(texts: Sequence[str], said_by: Sequence[int | None], organisation_id: int) -> str:
    """Whoever changed something else beside it did not say it."""
    before = (None, *texts)
    said = [now for now, was, by in zip(texts, before, said_by, strict=False) if now != was and by == organisation_id]
    return said[-1] if said else ""


def _words(address: str, phone: str) -> tuple[str, ...]:
    return address_words(address) + phone_words(phone)


def _thing(rows: Sequence[AnyRow]) -> Thing:
    """Of what is recorded now `by` is who said it first, of a student the first school’s roll; of what was recorded before, who changed it."""
    *former, now = rows
    recorded = [(row.address, row.phone) for row in rows]
    return Thing(recorded, [now.by, *(row.by for row in former)], bool(now.ended))


def _known(student_id: int, also: int = 0) -> Known:
    """In one statement, as it is asked with every change."""
    had, of_caregiver = FormerCaregiver, Caregiver.student_id == student_id
    of_former = _facts(had, had.caregiver_id, had.number, had.organisation_id)
    known_to = select(NameWord.organisation_id).where(NameWord.student_id == student_id)
    organisations = union_all(known_to, select(literal(also)))
    parts = (
        *_of_records(student_id),
        _facts(Caregiver, Caregiver.id, literal(_NOW), Caregiver.given_by_id, Caregiver.ended_at.is_not(None)).where(
            of_caregiver
        ),
        of_former.join(Caregiver, Caregiver.id == had.caregiver_id).where(of_caregiver),
        _texts("organisation", Organisation.id, Organisation.kind).where(Organisation.id.in_(organisations)),
        _texts("word", DetailWord.organisation_id, DetailWord.word).where(DetailWord.student_id == student_id),
    )
    return Known(db.session.execute(union_all(*parts)).all())


def _of_records(student_id: int) -> tuple[AnySelect, AnySelect]:
    """Facts of caregivers bear the caregiver’s id, of students theirs, negative; also those of records that went into this one."""
    was, roll = FormerStudent, first_roll(Student.id, student_id)
    now = _facts(Student, -Student.id, literal(_NOW), roll, Student.id != student_id)
    before = _facts(was, -was.student_id, was.number, was.organisation_id, was.student_id != student_id)
    return now.where(is_of(Student.id, student_id)), before.where(is_of(was.student_id, student_id))


def _facts(table: Any, of: Any, number: Any, by: Any, ended: Any = NO) -> AnySelect:
    """What a caregiver has not is empty."""
    names = [getattr(table, name, literal("")) for name in ("legal_name", "preferred_name")]
    return _part("facts", of, number, by, (table.address, table.phone, *names)).add_columns(ended.label("ended"))


def _texts(what: str, by: Any, text: Any) -> AnySelect:
    nothing = literal("")
    part = _part(what, literal(0), literal(0), by, (text, nothing, nothing, nothing))
    return part.add_columns(NO.label("ended"))


def _part(what: str, of: Any, number: Any, by: Any, texts: Sequence[Any]) -> AnySelect:
    named = zip(texts, ("address", "phone", "legal_name", "preferred_name"), strict=True)
    columns = literal(what).label("what"), of.label("of"), number.label("number"), cast(by, Integer).label("by")
    return select(*columns, *(cast(text, String).label(name) for text, name in named))


def _write(table: type[NameWord] | type[DetailWord], student_id: int, found: Sequence[Word]) -> None:
    rows = [{"organisation_id": at, "word": word, "student_id": student_id} for at, word in found]
    if rows:
        db.session.execute(inserting(table).values(rows).on_conflict_do_nothing())
