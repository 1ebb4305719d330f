"""Facts of letters that exist only here, ordinary and hostile, and what a PDF made of them holds."""

import io
import re
import subprocess
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
from PIL import Image, ImageDraw

from app.attendance.rules import Absences, HalfDays, Week
from app.figures import Figures
from app.letters.facts import Fact, Facts, of_absences
from app.letters.purposes import Purpose
from app.letters.window import window_of
from app.letters.wording import Wording, wording_for

DAY = date(2026, 4, 7)
MM_PER_POINT = 25.4 / 72
WINDOW = window_of(Figures())
TEXTS: dict[str, Any] = {
    "case_number": "26-004217-4",
    "letter_date": "Tuesday 7 April 2026",
    "caregiver_name": "Mere Parata",
    "caregiver_address": "12 Kōwhai Street\nTawa\nWellington 5028",
    "student_name": "Wiremu Tāmati Parata",
    "student_called": "Wiremu",
    "year_level": "9",
    "school_name": "Tawa Awa College",
    "service_name": "Te Ara Whakamua Attendance Service",
    "service_name_mi": "Te Ara Whakamua – Ratonga Taetae ki te Kura",
    "service_address": "Level 2, 40 Main Road\nTawa\nWellington 5028",
    "service_phone": "04 555 0134",
    "service_email": "kia-ora@te-ara.example",
    "writer_name": "Hinemoa Tūpara",
    "writer_phone": "027 555 0188",
    "writer_email": "hinemoa@te-ara.example",
    "former_sent_on": "Monday 9 March 2026",
}
LONG = "Te Whare Wānanga o Ngā Ākonga Katoa me Ngā Whānau o te Rohe Whānui o Te Upoko o te Ika "
LONG_TEXTS: dict[str, Any] = {
    "caregiver_name": "Te Ahurangi Parata-Whakaruru o Ngāti Toa",
    "caregiver_address": "Flat 4, Building 12\nc/- Tāmati whānau\n1234 Upper Valley Road\nRD 4\nTītahi Bay\nPorirua 5022",
    "service_name": (LONG * 2)[:160].strip(),
    "service_name_mi": (LONG * 2)[:160].strip(),
    "service_address": "Level 12\n144 Lambton Quay\nPO Box 12345\nTe Aro\nWellington 6011",
    "student_name": ("Hinemoana Te Aroha " * 9)[:160].strip(),
    "student_called": "Hinemoana-Te-Aroha-o-te-Rangi",
    "school_name": ("Te Kura Kaupapa Māori o te Awa " * 6)[:160].strip(),
    "writer_name": ("Te Rangihīroa " * 12)[:160].strip(),
}


def facts(weeks: int = 9, logo: str = "", colour: str = "", **texts: Any) -> Facts:
    """Of a letter; a text that is empty is a fact that nobody has told."""
    told = absences(weeks)
    by_name = {name: Fact(text, "a test") for name, text in (TEXTS | texts).items() if text}
    return Facts(dict(of_absences(told)) | by_name, tuple(told.weeks), logo, colour=colour)


def absences(weeks: int) -> Absences:
    from_on = date(2026, 2, 2)
    each = tuple(
        Week(from_on + timedelta(weeks=number), HalfDays(10 if number else 6, number % 4, number * 3 % 5))
        for number in range(weeks)
    )
    in_all = sum((week.half_days for week in each), HalfDays(0, 0, 0)) if each else HalfDays(90, 13, 14)
    return Absences(from_on, date(2026, 4, 2), date(2026, 4, 6), in_all, "Aroha Ngata, by phone", DAY, each)


def wording(step: int = 1) -> Wording:
    return wording_for(Purpose.CA, step, DAY)


def mark(width: int = 300, height: int = 300) -> bytes:
    """A picture to stand at the head."""
    drawn = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(drawn).ellipse((5, 5, width - 5, height - 5), fill="#0b4f4a")
    file = io.BytesIO()
    drawn.save(file, "PNG")
    return file.getvalue()


@dataclass(frozen=True)
class Line:
    """A line of print, in millimetres from the left and upper edges of its page."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


class Paper:
    """A PDF as poppler and pikepdf read it."""

    def __init__(self, pdf: bytes, folder: Path) -> None:
        self.file = folder / "letter.pdf"
        self.file.write_bytes(pdf)
        self.pdf = pikepdf.open(self.file)

    def ran(self, *command: str) -> str:
        return subprocess.run([*command], capture_output=True, text=True, check=True).stdout

    @cached_property
    def text(self) -> str:
        return self.ran("pdftotext", "-layout", str(self.file), "-")

    @cached_property
    def lines(self) -> list[Line]:
        """Words that stand near each other, from poppler's boxes."""
        boxes = self.ran("pdftotext", "-bbox-layout", str(self.file), "-")
        root = ET.fromstring(re.sub(r' xmlns="[^"]*"', "", boxes))  # noqa: S314 (poppler's)
        return [_line(number, line) for number, page in enumerate(root.iter("page"), 1) for line in page.iter("line")]

    @cached_property
    def fonts(self) -> dict[str, list[str]]:
        """By name: is it embedded, cut down, and mapped to characters?"""
        rows = [line.split() for line in self.ran("pdffonts", str(self.file)).splitlines()[2:]]
        return {row[0].partition("+")[2]: row[-5:-2] for row in rows}

    @cached_property
    def tags(self) -> list[tuple[str, Any]]:
        """The names of the tags in their order, each with its dictionary."""
        return list(_tags(self.pdf.Root.StructTreeRoot.K[0]))

    def of(self, name: str) -> list[Any]:
        return [tag for each, tag in self.tags if each == name]

    def pictures(self) -> list[tuple[float, ...]]:
        """Where pictures stand on the first page: left, top, right and lower edge in millimetres."""
        found, at, above = [], pikepdf.Matrix(), []
        height = float(self.pdf.pages[0].MediaBox[3])
        for each in pikepdf.parse_content_stream(self.pdf.pages[0]):
            match str(each.operator):
                case "q":
                    above.append(at)
                case "Q":
                    at = above.pop()
                case "cm":
                    at = pikepdf.Matrix(*map(float, each.operands)) @ at
                case "Do":
                    box = at.transform(pikepdf.Rectangle(0, 0, 1, 1))
                    edges = (box.llx, height - box.ury, box.urx, height - box.lly)
                    found.append(tuple(edge * MM_PER_POINT for edge in edges))
        return found

    def unmarked(self) -> list[str]:
        """What draws outside of everything that is marked as text or as an artifact."""
        found, depth = [], 0
        for page in self.pdf.pages:
            for operator in [str(each.operator) for each in pikepdf.parse_content_stream(page)]:
                depth += {"BMC": 1, "BDC": 1, "EMC": -1}.get(operator, 0)
                if not depth and operator in {"Tj", "TJ", "Do", "f", "f*", "F", "S", "s", "B", "b", "sh"}:
                    found.append(operator)
        return found

    def read_aloud(self) -> str:
        """The text in the order of the tags."""
        said = self.ran("pdfinfo", "-struct-text", str(self.file))
        return " ".join(" ".join(re.findall(r'^\s*"(.*)"$', said, re.MULTILINE)).split())


def _line(page: int, line: Any) -> Line:
    left, top, right, bottom = (float(line.get(side)) * MM_PER_POINT for side in ("xMin", "yMin", "xMax", "yMax"))
    return Line(page, left, top, right, bottom, " ".join(word.text for word in line.iter("word")))


def _tags(tag: Any) -> Any:
    if isinstance(tag, pikepdf.Dictionary):
        yield str(tag.S)[1:], tag
        for child in tag.get("/K", []):
            yield from _tags(child)
