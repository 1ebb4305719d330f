"""Letters to measure with: the portal's own page and wording, with other invented facts in each."""

from datetime import date, timedelta
from itertools import cycle, islice

from app.attendance.rules import Absences, HalfDays, Week
from app.figures import Figures
from app.letters.facts import Fact, Facts, of_absences
from app.letters.page import xhtml
from app.letters.purposes import Purpose
from app.letters.window import window_of
from app.letters.wording import wording_for

TERM = date(2026, 7, 20)
WINDOW = window_of(Figures())
WEEKS = 10
GIVEN = ("Aroha", "Tāne", "Mele", "Wei", "Hēmi", "Grace", "Sione", "Priya", "Ngaio", "Liam", "Moana", "Mikaere")
FAMILY = (
    "Te Rangi",
    "Fa‘asavalu",
    "Ng",
    "Whaanga",
    "Singh",
    "Parata",
    "Lindqvist",
    "Wu-Bennett",
    "Tuhoro",
    "Kereama",
    "Tau",
)
STREETS = ("Kōwhai Street", "Rātā Road", "Tūī Lane", "Harbour View Terrace", "Pōhutukawa Avenue")


def pages(count: int) -> list[str]:
    """So many letters as XHTML, no two the same."""
    wording = wording_for(Purpose.CA, 1, TERM)
    return [xhtml(_facts(number), wording, WINDOW) for number in range(count)]


def _facts(number: int) -> Facts:
    caregiver, student = _name(number), _name(number * 7 + 3)
    told = _told(number)
    texts = {
        "letter_date": "Tuesday 29 September 2026",
        "case_number": f"26-{number:06}-4",
        "caregiver_name": caregiver,
        "caregiver_address": f"{number + 1} {STREETS[number % len(STREETS)]}\nTawa\nWellington 5028",
        "student_name": student,
        "student_called": student.split()[0],
        "year_level": str(7 + number % 7),
        "school_name": "Tawa Awa College",
        "service_name": "Te Awa Attendance Service",
        "service_name_mi": "Te Ratonga Taetae o Te Awa",
        "service_address": "3 Awa Road\nTawa\nWellington 5028",
        "service_phone": "04 555 0190",
        "service_email": "office@te-awa.example",
        "writer_name": "Ana Tuhoro",
        "writer_phone": "027 555 0112",
        "writer_email": "ana@te-awa.example",
    }
    facts = {name: Fact(text, "bench") for name, text in texts.items()} | dict(of_absences(told))
    return Facts(facts, tuple(told.weeks))


def _name(number: int) -> str:
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number % len(FAMILY)]}"


def _told(number: int) -> Absences:
    """A term week by week."""
    absent = islice(cycle(range(number % 5, number % 5 + 4)), WEEKS)
    weeks = [
        Week(TERM + timedelta(weeks=n), HalfDays(10, away // 2, away - away // 2)) for n, away in enumerate(absent)
    ]
    sums = sum((week.half_days for week in weeks), HalfDays(0, 0, 0))
    last = TERM + timedelta(weeks=WEEKS, days=-3)
    return Absences(TERM, last, last, sums, "Aroha Ngata, by phone", last, tuple(weeks))
