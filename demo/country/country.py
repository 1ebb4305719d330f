"""The country as a whole: its places, its staff, and a plan for each of its cases and students."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from demo.country.chances import Names, Urn
from demo.country.days import opening
from demo.country.fates import YEARS, Fates
from demo.country.places import Places, School, places
from demo.country.scale import STUDENTS_WITHOUT, WHOLE, Scale
from demo.country.staff import Staff, staff

UNREAD_DAYS = timedelta(days=4)
NINE = time(9)


@dataclass(frozen=True)
class Country:
    """The same rows for the same seed, number of cases and day."""

    seed: int
    cases: int
    today: date
    scale: Scale = WHOLE

    @cached_property
    def places(self) -> Places:
        return places(self.seed, self.scale)

    @cached_property
    def staff(self) -> Staff:
        return staff(self.seed, self.scale, self.places)

    @cached_property
    def fates(self) -> Fates:
        return Fates(self.seed, self.cases, self.today)

    @cached_property
    def schools(self) -> Urn[School]:
        """Drawn as often as they ask for support."""
        return Urn([(school, school.load) for school in self.places.schools])

    @cached_property
    def names(self) -> Names:
        return Names(self.seed)

    @property
    def began_at(self) -> datetime:
        """When its staff came: before everything else."""
        return opening(self.today - YEARS - timedelta(days=300), NINE)

    @property
    def read_until(self) -> datetime:
        """What anybody was told before has been read."""
        return opening(self.today - UNREAD_DAYS, NINE)

    @property
    def without_case(self) -> Iterator[int]:
        """The numbers of the students of whom there is nothing but the roll."""
        return iter(range(self.cases + 1, self.cases + self.cases // STUDENTS_WITHOUT + 1))
