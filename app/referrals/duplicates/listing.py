"""Records that may be one student, and that nobody has looked at yet (CASE-18, P18)."""

from collections.abc import Sequence
from sys import maxsize
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, exists, func, literal, or_, select, tuple_, union
from sqlalchemy.orm import aliased

from app.cases.models import Case
from app.core.db import AnyRow, AnySelect, db
from app.people.queries import Actor
from app.referrals.duplicates.policy import theirs
from app.referrals.duplicates.rules import FEWEST_WORDS
from app.referrals.models import LikelyMatch
from app.students.models import NameWord, Student
from app.students.records.models import DetailWord, StudentMerge

PAGE = 25
LONGEST_NAME = 160
Earlier, Later = aliased(Student), aliased(Student)
EarlierWord, LaterWord = aliased(DetailWord), aliased(DetailWord)
EarlierName, LaterName = aliased(NameWord), aliased(NameWord)
EarlierCase, LaterCase = aliased(Case), aliased(Case)
SHOWN = ("public_id", "legal_name", "preferred_name", "born_on", "address")


def duplicates_for(actor: Actor, *, after: str = "") -> Sequence[AnyRow]:
    """A page of pairs, the newest first, and one more: the same folded name with the same date of birth, address or phone; the
    same date of birth, and all words of one name among those of the other, first or last, legal or preferred; or the same date
    of birth and address or phone, and a letter that sets the names apart."""
    mine = select(Student.id, Student.sort_key, Student.born_on).where(Student.merged_into_id.is_(None))
    among = mine.where(Student.id.in_(theirs(actor))).cte("mine")
    pairs = union(*(way(actor, among) for way in (_same_name, _same_words, _same_but_a_letter))).subquery()
    earlier_id, later_id = pairs.c
    columns = [getattr(of, name).label(f"{which}_{name}") for which, of in _SIDES for name in SHOWN]
    statement = (
        select(*columns)
        .select_from(pairs)
        .join(Earlier, Earlier.id == earlier_id)
        .join(Later, Later.id == later_id)
        .where(*_UNSEEN, tuple_(Later.id, Earlier.id) < _last(after))
    )
    return db.session.execute(statement.order_by(*_NEWEST).limit(PAGE + 1)).all()


def _same_name(actor: Actor, among: CTE) -> AnySelect:
    one, other = among.alias(), among.alias()
    same = and_(other.c.sort_key == one.c.sort_key, other.c.id > one.c.id)
    alike = or_(other.c.born_on == one.c.born_on, _shares_detail(actor, one, other))
    return select(one.c.id, other.c.id).join_from(one, other, same).where(alike)


def _same_words(actor: Actor, among: CTE) -> AnySelect:
    """Of twins one is called otherwise, whatever names they share. Whose birthday it is comes first: many have one name."""
    one, other = among.alias(), among.alias()
    born = and_(other.c.born_on == one.c.born_on, other.c.id > one.c.id)
    said = and_(EarlierName.student_id == one.c.id, EarlierName.organisation_id == actor.organisation_id)
    again = and_(LaterName.student_id == other.c.id, LaterName.organisation_id == actor.organisation_id)
    both = select(func.count()).where(said, again, EarlierName.word == LaterName.word)
    shared = both.correlate(one, other).scalar_subquery()
    is_part = or_(*(shared == _words_of(actor, each.c.id) for each in (one, other)))
    return select(one.c.id, other.c.id).join_from(one, other, born).where(shared >= FEWEST_WORDS, is_part)


def _same_but_a_letter(actor: Actor, among: CTE) -> AnySelect:
    """Twins who share an address or phone are few, so each letter of their names is tried."""
    one, other = among.alias(), among.alias()
    named, again = one.c.sort_key, other.c.sort_key
    is_like = func.abs(func.length(named) - func.length(again)) <= 1
    born = and_(other.c.born_on == one.c.born_on, other.c.id > one.c.id, named != again, is_like)
    letters = exists().where(_PLACES.c.place < func.length(named) + 1, _without_one(named, again))
    pairs = select(one.c.id, other.c.id).join_from(one, other, born)
    return pairs.where(_shares_detail(actor, one, other), letters.correlate(one, other))


def _without_one(named: Any, again: Any) -> ColumnElement[bool]:
    """Both without the letter at that place are one, or the one without it is the other."""
    short, shorter = (
        func.substr(key, 1, _PLACES.c.place).concat(func.substr(key, _PLACES.c.place + 2)) for key in (named, again)
    )
    return or_(short == shorter, short == again, shorter == named)


def _places() -> CTE:
    """From none before it to as many letters as a name has at most."""
    none = select(literal(0).label("place")).cte("places", recursive=True)
    return none.union_all(select(none.c.place + 1).where(none.c.place < LONGEST_NAME))


def _words_of(actor: Actor, student_id: Any) -> Any:
    known = (NameWord.student_id == student_id, NameWord.organisation_id == actor.organisation_id)
    return select(func.count()).select_from(NameWord).where(*known).scalar_subquery()


def _shares_detail(actor: Actor, earlier: Any, later: Any) -> Any:
    """An address with its number, or a phone: words of either begin with a digit."""
    one, other = (
        and_(word.organisation_id == actor.organisation_id, word.student_id == student.c.id)
        for word, student in ((EarlierWord, earlier), (LaterWord, later))
    )
    return exists().where(one, other, EarlierWord.word == LaterWord.word, EarlierWord.word.between("0", ":"))


def _was_looked_at() -> Any:
    """Somebody proposes, or decided, something about these two."""
    low, high = (StudentMerge.from_id, StudentMerge.into_id), (Earlier.id, Later.id)
    return exists().where(or_(tuple_(*low) == tuple_(*high), tuple_(*low) == tuple_(*reversed(high))))


def _is_likely_match() -> Any:
    """It waits at *likely matches*, or was decided there (REQ-10)."""
    new, old = EarlierCase.student_id, LaterCase.student_id
    both = or_(and_(new == Earlier.id, old == Later.id), and_(new == Later.id, old == Earlier.id))
    return exists().where(LikelyMatch.case_id == EarlierCase.id, LikelyMatch.other_case_id == LaterCase.id, both)


def _last(after: str) -> Any:
    """The last pair of the page before, by the public ids of the later and the earlier record; where there is none such, the end."""
    known = select(Student.id).where(Student.public_id.in_(after.split(".")))
    ids = known.cte("last")
    is_pair = select(func.count()).select_from(ids).scalar_subquery() == 2
    ends = (select(each(ids.c.id)).where(is_pair).scalar_subquery() for each in (func.max, func.min))
    return tuple_(*(func.coalesce(end, maxsize) for end in ends))


_PLACES = _places()
_SIDES = (("earlier", Earlier), ("later", Later))
_UNSEEN = (~_was_looked_at(), ~_is_likely_match())
_NEWEST = (Later.id.desc(), Earlier.id.desc())
