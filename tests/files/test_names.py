"""Names of files as they are shown and sent: nothing hidden, nothing lost."""

import unicodedata
from urllib.parse import unquote

import pytest

from app.core.files import names
from app.core.web.downloads import disposition

MACRONS = "Whānau hui – Ōtākou.pdf"


@pytest.mark.parametrize(
    ("sent_as", "becomes"),
    [
        ("letter.pdf", "letter.pdf"),
        (unicodedata.normalize("NFD", MACRONS), MACRONS),
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\photo.jpg", "photo.jpg"),
        ("\\\\server\\share\\plan.docx", "plan.docx"),
        ("a\0b\r\nSet-Cookie: x.txt", "abSet-Cookie_ x.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("pho\u200bto\ufeff\u2066.jpg", "photo.jpg"),
        ("  . report .pdf . ", "report .pdf"),
        ("a\u2028b\u3000c.txt", "a b c.txt"),
        ('<b>"x"|?*.txt', "_b__x____.txt"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
        ("\ud800.txt", "txt"),
    ],
)
def test_a_name_is_cleaned(sent_as: str, becomes: str) -> None:
    assert names.cleaned(sent_as) == becomes


@pytest.mark.parametrize("length", [199, 200, 201, 5000])
def test_a_long_name_keeps_its_ending(length: int) -> None:
    name = names.cleaned("ā" * length + ".docx")
    assert len(name) <= names.LONGEST
    assert name.endswith("ā.docx")


def test_an_ending_that_is_put_on_makes_no_name_too_long() -> None:
    name = names.with_ending("x" * 200, ("pdf",), ())
    assert len(name) == 200
    assert name.endswith(".pdf")


def test_a_download_is_named_with_its_macrons() -> None:
    said = disposition("attachment", MACRONS)
    plain, _, encoded = said.partition("; filename*=UTF-8''")
    assert unquote(encoded) == MACRONS
    assert plain == 'attachment; filename="Whanau hui _ Otakou.pdf"'
    assert said.isascii()


@pytest.mark.parametrize("name", ['a"; x="b.pdf', "a\\b.pdf", "a%22b.pdf", "日本語.pdf"])
def test_no_name_breaks_out_of_its_header(name: str) -> None:
    said = disposition("inline", name)
    assert said.count('"') == 2
    assert "\\" not in said
    assert unquote(said.partition("UTF-8''")[2]) == name


def test_a_name_that_stands_there_already_is_given_a_number() -> None:
    assert names.told_apart("photo.jpg", []) == "photo.jpg"
    assert names.told_apart("photo.jpg", ["Photo.JPG"]) == "photo (2).jpg"
    assert names.told_apart("photo.jpg", ["photo.jpg", "photo (2).jpg"]) == "photo (3).jpg"
    assert names.told_apart("README", ["readme"]) == "README (2)"
    long = "a" * 196 + ".pdf"
    assert names.told_apart(long, [long]) == "a" * 192 + " (2).pdf"
