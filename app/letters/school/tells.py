"""Where what people of a school were told of its letters stands, for whoever may see it by now."""

from collections.abc import Sequence

from sqlalchemy import and_

from app.core.told import Place, Row, things_of
from app.letters.models import Letter
from app.letters.school.policy import is_seen
from app.people.queries import Actor
from app.students.models import Student


def places_at_school(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The page of the letter, at the school that wrote it. It names nobody: what a student is called is another's to say by the
    time it is read, where they have left."""
    without_case = [row for row in those if row.case_id is None]
    ours = and_(Letter.organisation_id == reader.organisation_id, Student.id == Letter.student_id)
    found = things_of(
        without_case, Letter, Letter.public_id, Student.public_id.label("student"), seen=and_(ours, is_seen(reader))
    )
    return {row.id: Place(f"/portal/students/{row.student}/letters/{row.public_id}") for row in found}
