"""A school’s whole roll takes the place of its last one (CAL-5): whoever is new comes, with what they bring along (CASE-10), and
whoever is not named any more has left on its day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.attendance.tallies.actions import ask_to_count
from app.cases.arrivals.actions import enrol_with_case
from app.cases.arrivals.queries import hold_school
from app.core import clock, events
from app.core.db import db
from app.core.events import Happened
from app.core.figures import the_figures
from app.imports.columns import Brought, Faulty, NotBrought
from app.imports.queries import Operator
from app.imports.rolls.matching import Matching
from app.imports.rolls.queries import at_school, numbered, written_elsewhere
from app.imports.rolls.rules import OFF_ROLL, ON_ROLL, TAKEN, OfRoll
from app.imports.rolls.saying import change, new, of_enrolment, of_student
from app.people.models import Organisation
from app.students.actions import sort_key
from app.students.models import Enrolment, EnrolmentSource, Student
from app.students.queries import roll_as_of
from app.students.records.finding import find_by_names
from app.students.records.keeping import keep_former
from app.students.rolls.actions import add_on_roll, confirm, end_on
from app.students.rules import known_since

NEW, CAME, CHANGED, SAME, LEFT, GONE = "new", "came from elsewhere", "changed", "as before", "left", "had left before"
LATER = "{number}: this roll is of {on}, and a later one, of {last}, was taken already. Nothing was changed."
FEW = "{number}: this roll names {now:,} students, and the last one {before:,}. If that is right, say --much-smaller. Nothing was changed."


@dataclass(frozen=True)
class Itself:
    """An enrolment that came to be, or ended, by a roll."""

    id: int
    __tablename__ = Enrolment.__tablename__


@dataclass
class Roll:
    """One school's, of one day."""

    school: Organisation
    told: Sequence[OfRoll]
    as_of: date
    by: Operator
    brought: Brought

    def take(self, *, much_smaller: bool) -> None:
        hold_school(self.school.id)
        self.here = at_school(self.school.id)
        self._refuse_older()
        self.named = [each for each in self.told if not each.has_left(self.as_of)]
        if not much_smaller:
            self._refuse_smaller()
        self._matched()
        self.since: list[date] = []
        added = self._add_new()
        came = [self._come(told, student) for told, student in self.came]
        kept = self._keep_those_there()
        gone = self._end_missing({*kept, *came})
        self._record(ON_ROLL, [*added, *came])
        self._record(OFF_ROLL, gone)
        events.record(TAKEN, by=self.by, on=self.school)
        if self.since:
            ask_to_count(self.school.id, min(self.since))

    @property
    def moment(self) -> datetime:
        return clock.now() if self.as_of == clock.today() else clock.begin_of(self.as_of)

    def _refuse_older(self) -> None:
        last = roll_as_of(self.school.id)
        if last and clock.nz(last).date() > self.as_of:
            of_last = clock.nz(last).date()
            raise NotBrought(LATER.format(number=self.school.number, on=self.as_of, last=of_last))

    def _refuse_smaller(self) -> None:
        """A file that lost most of its lines would end the enrolments of most students."""
        before = sum(each.source is EnrolmentSource.ROLL for each in self.here.now(self.as_of))
        if 2 * len(self.named) < before:
            raise NotBrought(FEW.format(number=self.school.number, now=len(self.named), before=before))

    def _matched(self) -> None:
        """Every line is looked at before any is written."""
        matching = Matching(self.here, numbered({each.nsn for each in self.told if each.nsn}))
        there = {each.student_id: each for each in self.here.now(self.as_of)}
        self.new: list[OfRoll] = []
        self.came: list[tuple[OfRoll, Student]] = []
        self.there: list[tuple[OfRoll, Student, Enrolment]] = []
        for told in self.told:
            try:
                student = matching.student_of(told)
            except Faulty as why:
                self.brought.refuse(told.line, f"{told.where}{why}")
                continue
            if student and student.id in there:
                self.there.append((told, student, there[student.id]))
            elif told.has_left(self.as_of):
                self.brought.counts[GONE] += 1
            elif student:
                self.came.append((told, student))
            else:
                self.new.append(told)

    def _add_new(self) -> list[int]:
        self.brought.counts[NEW] += len(self.new)
        students = [new(told, self.as_of) for told in self.new]
        ids = add_on_roll(students, self.school.id, self.moment)
        for told in self.new:
            if told.back_on:
                self.brought.counts["return dates to be written by hand"] += 1
        return ids

    def _come(self, told: OfRoll, student: Student) -> int:
        """With the case that they bring along, if they have one."""
        self.brought.counts[CAME] += 1
        from_on = told.from_on or self.as_of
        enrolment = enrol_with_case(
            student, self.school, from_on=from_on, year_level=told.year_level, tutor=told.tutor, is_main=told.is_main
        )
        enrolment.local_id, enrolment.type, enrolment.to_on = told.local_id, told.type, told.to_on
        enrolment.as_of = self.moment
        self._change_student(told, student, is_mended=True)
        self.since.append(from_on)
        db.session.flush()
        return enrolment.id

    def _keep_those_there(self) -> list[int]:
        """What the roll says of them counts; of the student only what nobody elsewhere has mended since."""
        mended = written_elsewhere((student.id for _, student, _ in self.there), self.school.id)
        for told, student, enrolment in self.there:
            days = enrolment.from_on, enrolment.to_on
            is_new = change(enrolment, of_enrolment(told, enrolment))
            is_mended = student.id in mended or not enrolment.is_main
            is_new = self._change_student(told, student, is_mended=is_mended) or is_new
            self.brought.counts[LEFT if told.has_left(self.as_of) else CHANGED if is_new else SAME] += 1
            if days != (enrolment.from_on, enrolment.to_on):
                self.since.append(min(days[0], enrolment.from_on))
        db.session.flush()
        ids = [enrolment.id for _, _, enrolment in self.there]
        confirm(ids, self.moment)
        return ids

    def _change_student(self, told: OfRoll, student: Student, *, is_mended: bool) -> bool:
        says = of_student(told, student, self.school, is_mended=is_mended)
        if all(getattr(student, name) == value for name, value in says.items()):
            return False
        keep_former(student, self.by.at(self.school.id))
        names = student.legal_name, student.preferred_name
        change(student, says)
        student.sort_key = sort_key(student.legal_name)
        db.session.flush()
        if names != (student.legal_name, student.preferred_name):
            find_by_names(student)
        return True

    def _end_missing(self, named: set[int]) -> list[int]:
        """Whom somebody of the school added by hand lately, the roll may not know yet."""
        lately = self.moment - timedelta(days=the_figures().roll_old_days)
        gone = [
            each
            for each in self.here.now(self.as_of)
            if each.id not in named and (each.source is EnrolmentSource.ROLL or known_since(each) < lately)
        ]
        still = [each for each in gone if each.to_on != self.as_of]
        self.brought.counts[LEFT] += len(still)
        self.since += [self.as_of] if still else []
        end_on([each.id for each in still], self.as_of, self.moment)
        return [each.id for each in still]

    def _record(self, event: str, ids: Iterable[int]) -> None:
        events.record_all(*(Happened(event, Itself(each)) for each in ids), by=self.by)
