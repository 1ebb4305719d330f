"""A letter on paper and read aloud: its PDF as poppler and pikepdf see it (L2, LET-3)."""

import re
from collections.abc import Iterable
from typing import Any

import pytest

from app.figures import Figures, fault_of_figures
from app.letters.window import Window, window_of
from tests.letters.conftest import Printed
from tests.letters.samples import LONG_TEXTS, TEXTS, WINDOW, Line, Paper, facts, mark

KB = 1024
A4 = (210, 297)
NOTHING = 0.35
"""Millimetres: how far poppler's boxes, which go by the height of the whole font, may reach past the print."""
STREET = "1234 Upper Whakatāne Valley Road"


def longest(text: str, window: Window = WINDOW) -> str:
    """As much of it as the window shows on a line."""
    return next(text[:end] for end in range(len(text), 0, -1) if window.shows(text[:end]))


def split(paper: Paper, address: Iterable[str], window: Window = WINDOW) -> tuple[list[Line], list[Line]]:
    """The lines of the first page that are the address, and all others."""
    first = [line for line in paper.lines if line.page == 1]
    within = [line for line in first if window.left - 1 <= line.left and line.right <= window.left + window.width + 1]
    shown = [line for line in within if window.top - 1 <= line.top and line.bottom <= window.top + window.height + 1]
    assert [line.text for line in shown] == list(address)
    return shown, [line for line in first if line not in shown]


def is_clear(line: Line, window: Window = WINDOW) -> bool:
    """Outside of the window and of the five millimetres around it."""
    return (
        line.bottom <= window.top - window.clear + NOTHING
        or line.top >= window.below - NOTHING
        or line.left >= window.left + window.width + window.clear - NOTHING
    )


def assert_shown(paper: Paper, address: Iterable[str], window: Window = WINDOW) -> None:
    """The address in the window, whole, and nothing else there or near it."""
    shown, others = split(paper, address, window)
    assert min(line.left for line in shown) == pytest.approx(window.left, abs=1)
    assert min(line.top for line in shown) >= window.top - NOTHING
    assert max(line.right for line in shown) <= window.left + window.width + NOTHING
    assert max(line.bottom for line in shown) <= window.top + window.height + NOTHING
    assert not [line for line in others if not is_clear(line, window)]


ADDRESSES = {
    "one line": ["Mere Parata", "Tawa"],
    **{
        f"{count} lines": ["Mere Parata", *[f"{number} Kōwhai Street" for number in range(1, count)]]
        for count in range(2, 8)
    },
    "seven long lines": ["Te Ahurangi Parata-Whakaruru o Ngāti Toa", *[f"{number}{STREET}" for number in range(6)]],
    "seven of the widest": [longest("W" * 90), *[longest("M" * 90)] * 6],
    "seven of the narrowest": [longest("il" * 90), *[longest("lI." * 90)] * 6],
    "seven with accents above and below": [longest("Ậ" * 90), *[longest("ǪĄŲ" * 30)] * 6],
}


@pytest.mark.parametrize("long", [False, True], ids=["ordinary", "long"])
@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_the_address_stands_in_the_window_and_nothing_else_does(
    printed: Printed, address: list[str], *, long: bool
) -> None:
    texts: dict[str, Any] = {
        **(LONG_TEXTS if long else {}),
        "caregiver_name": address[0],
        "caregiver_address": "\n".join(address[1:]),
    }
    assert_shown(printed(facts(logo="x" if long else "", **texts), mark=mark(800, 300)), address)


@pytest.mark.parametrize("lines", [2, 5])
def test_a_name_on_two_lines_stands_in_the_window_whole(printed: Printed, lines: int) -> None:
    name = f"{longest('Parata-' * 20)} {longest('M' * 90)}"
    address = [f"{number} Kōwhai Street" for number in range(lines)]
    texts: dict[str, Any] = {"caregiver_name": name, "caregiver_address": "\n".join(address)}
    assert_shown(printed(facts(**texts)), [*name.split(), *address])


@pytest.mark.parametrize("long", [False, True], ids=["ordinary", "long"])
@pytest.mark.parametrize("place", [(10, 44, 105, 50), (55, 74, 60, 20), (20, 44, 90, 35), (12, 50, 103, 44)], ids=str)
def test_wherever_the_window_is_set_nothing_else_shows_in_it(
    printed: Printed, place: tuple[int, int, int, int], *, long: bool
) -> None:
    """At the outermost places and sizes that may be set, and at one between."""
    names = ("left", "top", "width", "height")
    figures = Figures(**{f"window_{name}_mm": value for name, value in zip(names, place, strict=True)})
    assert not fault_of_figures(figures)
    window = window_of(figures)
    address = [longest("W" * 90, window)] * window.most_lines
    texts: dict[str, Any] = {
        **(LONG_TEXTS if long else {}),
        "caregiver_name": address[0],
        "caregiver_address": "\n".join(address[1:]),
    }
    paper = printed(facts(logo="x", **texts), mark=mark(300, 300), window=window)
    assert_shown(paper, address, window)
    assert max(bottom for _, _, _, bottom in paper.pictures()) <= window.top - window.clear


def test_names_of_the_widest_letters_stay_clear_of_the_window_and_on_the_paper(printed: Printed) -> None:
    wide: dict[str, Any] = {"service_name": "W" * 160, "service_name_mi": "W" * 160, "student_name": "W" * 160}
    paper = printed(facts(logo="x", **wide, service_email=f"{'w' * 240}@te-ara.example"), mark=mark(300, 300))
    _, others = split(paper, [TEXTS["caregiver_name"], *TEXTS["caregiver_address"].split("\n")])
    assert not [line for line in others if not is_clear(line)]
    assert min(line.top for line in others) >= 6


@pytest.mark.parametrize("shape", [(300, 300), (1200, 200), (100, 900)])
def test_the_mark_stays_above_the_window_and_on_the_page(printed: Printed, shape: tuple[int, int]) -> None:
    ((left, top, right, bottom),) = printed(facts(logo="x"), mark=mark(*shape)).pictures()
    assert (right - left) / (bottom - top) == pytest.approx(shape[0] / shape[1], rel=0.01)
    assert top >= 8
    assert right == pytest.approx(A4[0] - 20, abs=0.1)
    assert bottom <= WINDOW.top - WINDOW.clear
    assert left >= 20 + 124


@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("weeks", [0, 6, 10, 12])
def test_an_ordinary_letter_is_one_light_page(printed: Printed, step: int, weeks: int) -> None:
    paper = printed(facts(weeks, logo="x"), step, mark())
    assert len(paper.pdf.pages) == 1
    assert paper.file.stat().st_size <= 30 * KB
    assert "Whārangi · Page 1 of 1" in paper.text


def test_nothing_is_printed_near_the_edges_of_the_paper(printed: Printed) -> None:
    for line in printed(facts(24, **LONG_TEXTS), 2).lines:
        assert line.left >= 19
        assert line.right <= A4[0] - 19
        assert 8 <= line.top <= line.bottom <= A4[1] - 6


@pytest.mark.parametrize("weeks", [0, 9, 13, 24, 25, 37])
@pytest.mark.parametrize("step", [1, 2])
def test_a_long_letter_has_all_its_tables_and_pages(printed: Printed, step: int, weeks: int) -> None:
    paper = printed(facts(weeks, logo="x", **LONG_TEXTS), step, mark(800, 300))
    count = len(paper.pdf.pages)
    assert count > 1
    for number in range(1, count + 1):
        assert f"Page {number} of {count}" in " ".join(line.text for line in paper.lines if line.page == number)
    assert paper.text.count("Away without a reason") == max(1, -(-weeks // 12))


@pytest.mark.parametrize("step", [1, 2])
def test_wherever_the_page_ends_it_ends_well(printed: Printed, step: int) -> None:
    """Step by step the text moves down over the end of the page: no heading, no greeting and no line alone stays behind."""
    ends = set()
    for lines in range(8, 44, 2):
        paper = printed(facts(service_address="\n".join(["Level 12"] * lines)), step)
        last, following = at_the_break(paper)
        ends.add(last)
        assert last not in {
            "What the school has told us",
            "What we can offer",
            "What the law says",
            "What happens next",
        }
        assert last not in {"Ngā mihi nui", TEXTS["writer_name"]}
        assert not last.startswith(
            ("Half-days at school", "Week from Monday", "School open", "At school", "Away with a")
        )
        assert not last.startswith("• A kōrero")
        assert not following.startswith(("• Help with", "• If we cannot"))
    assert len(ends) >= 6


def at_the_break(paper: Paper) -> tuple[str, str]:
    """The last line of the first page and the first of the second, where there is one."""
    body = sorted([line for line in paper.lines if line.bottom < A4[1] - 13], key=lambda line: (line.page, line.top))
    first = [line for line in body if line.page == 1 and line.left < 30]
    second = [line.text for line in body if line.page == 2]
    return first[-1].text, (second or [""])[0]


def test_the_signature_keeps_its_greeting_and_its_room(printed: Printed) -> None:
    lines = printed(facts()).lines
    greeting = next(line for line in lines if line.text == "Ngā mihi nui")
    name = next(line for line in lines if line.text == TEXTS["writer_name"])
    assert name.page == greeting.page
    assert name.top - greeting.bottom >= 12


def test_only_public_sans_is_used_embedded_and_cut_down(printed: Printed) -> None:
    all_three = ["yes", "yes", "yes"]
    assert printed(facts(**LONG_TEXTS)).fonts == {"Public-Sans": all_three, "Public-Sans-Bold": all_three}


def test_the_text_can_be_taken_out_with_its_macrons(printed: Printed) -> None:
    names = "Ōtāhuhu Ēōīū Faʻasavalu Nguyễn Thị Phượng Ștefan Muñoz"
    text = printed(facts(student_name=names)).text
    assert "Tēnā koe Mere Parata" in text
    assert "Whārangi" in text
    assert names in " ".join(text.split())


def test_markup_in_a_name_is_printed_as_it_is_written(printed: Printed) -> None:
    paper = printed(facts(student_called="<b>{student_name} & <script>"))
    assert "We would like to help <b>{student_name} & <script> get to school" in paper.text
    assert "/JavaScript" not in str(paper.pdf.Root.keys())


def test_the_file_says_its_title_language_service_and_standard(printed: Printed) -> None:
    pdf = printed(facts()).pdf
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.Lang == "en-NZ"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "Letter of concern and offer of support, 26-004217-4"
        assert metadata["dc:creator"] == [TEXTS["service_name"]]
        assert metadata["pdfuaid:part"] == "1"
    assert set(pdf.docinfo.keys()) == {"/Title", "/Author", "/Producer"}


def test_the_tags_say_what_each_part_is_in_its_order(printed: Printed) -> None:
    paper = printed(facts(3, logo="x"), 1, mark())
    names = [name for name, _ in paper.tags if name not in {"Span", "NonStruct", "Div"}]
    row = ["TR", "TH", "TD", "TD", "TD", "TD"]
    item = ["LI", "Lbl", "LBody"]
    assert names == [
        *["Document", "Figure", "P", "P", "P", "P", "P"],
        *["H1", "P", "P", "H2", "P"],
        *["Table", "Caption", "THead", "TR", *["TH"] * 5, "TBody", *row * 4],
        *["P", "H2", "L", *item * 3, "H2", "P", "P", "P", "P", "P", "P"],
    ]


def test_the_mark_has_words_that_stand_for_it(printed: Printed) -> None:
    paper = printed(facts(logo="x"), 1, mark())
    (figure,) = paper.of("Figure")
    assert figure.Alt == f"Logo of {TEXTS['service_name']}"


def test_cells_know_their_headers(printed: Printed) -> None:
    paper = printed(facts(3))
    heads = {bytes(head.ID): str(head.A.Scope) for head in paper.of("TH")}
    assert sorted(heads.values()) == ["/Column"] * 5 + ["/Row"] * 4
    for cell in paper.of("TD"):
        assert sorted(heads[bytes(head)] for head in cell.A.Headers) == ["/Column", "/Row"]


def test_passages_in_te_reo_are_tagged_as_te_reo(printed: Printed) -> None:
    paper = printed(facts())
    languages = [(name, str(tag.Lang)) for name, tag in paper.tags if "/Lang" in tag]
    assert languages == [("P", "mi"), *[("Span", "mi")] * 5, ("P", "mi"), ("P", "mi")]


def test_it_is_read_aloud_in_the_order_it_is_written_without_page_numbers(printed: Printed) -> None:
    said = printed(facts(), 2).read_aloud()
    places = [
        said.index(text)
        for text in (
            "Te Ara Whakamua Attendance Service",
            "Ratonga Taetae",
            "04 555 0134",
            "12 Kōwhai Street",
            "Tuesday 7 April 2026",
            "It is important that Wiremu",
            "Tēnā koe",
            "Half-days at school",
            "Away without a reason",
            "section 36",
            "What happens next",
            "Ngā mihi nui",
            "Case manager",
            "Privacy Act",
        )
    ]
    assert places == sorted(places)
    assert "Whārangi" not in said


def test_what_is_not_text_of_the_letter_is_an_artifact(printed: Printed) -> None:
    """Everything that is drawn is either marked as part of the tree of tags or as furniture."""
    paper = printed(facts(24, logo="x", **LONG_TEXTS), 1, mark())
    assert not paper.unmarked()
    parents = paper.pdf.Root.StructTreeRoot.ParentTree.Nums
    for number, page in enumerate(paper.pdf.pages):
        marked = re.findall(r"/MCID (\d+)", page.Contents.read_bytes().decode("latin-1"))
        assert len(marked) == len(set(marked)) == len(parents[number * 2 + 1])
