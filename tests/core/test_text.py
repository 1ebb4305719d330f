import sqlite3
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.text import APOSTROPHES, fold, index_words, nfc, prefix_bounds, words

ENCODABLE = st.text(st.characters(exclude_categories=["Cs"]))
WORDS = ENCODABLE.map(fold).filter(lambda folded: folded and " " not in folded)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Whānau", "whanau"),
        ("WHĀNAU", "whanau"),
        ("Wha\u0304nau", "whanau"),
        ("Hēmi  Waititi-Lafaele ", "hemi waititi lafaele"),
        ("Fa‘asavalu", "faasavalu"),
        ("Siaʻosi", "siaosi"),
        ("O'Brien", "obrien"),
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("Søren Æbelø", "soren aebelo"),
        ("Straße", "strasse"),
        ("St. John (Jack)", "st john jack"),
        ("李小龍", "李小龍"),
        ("", ""),
        (" -'- ", ""),
    ],
)
def test_a_name_folds_to_its_search_key(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
def test_every_apostrophe_folds_alike(apostrophe: str) -> None:
    assert fold(f"Fa{apostrophe}asavalu") == "faasavalu"


@pytest.mark.parametrize("typed", ["rangi", "Rangi-Smith", "rangi smith", "RANGISMITH", "smi", "rangi—s", "te"])
def test_hyphenated_names_are_found_however_they_are_typed(typed: str) -> None:
    assert _finds(typed, "Whānau Te Rangi-Smith")


@pytest.mark.parametrize("typed", ["O'Brien", "obrien", "o brien", "brien", "O’B"])
def test_names_with_apostrophes_are_found_however_they_are_typed(typed: str) -> None:
    assert _finds(typed, "Liam O'Brien")


@pytest.mark.parametrize(("typed", "name"), [("ng", "Mei Ng"), ("WU", "Jin Wu"), ("jin w", "Jin Wu")])
def test_names_of_two_letters_are_found(typed: str, name: str) -> None:
    assert _finds(typed, name)


def test_the_middle_of_a_word_finds_nothing() -> None:
    assert not _finds("anau", "Whānau Te Rangi-Smith")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
@example("\udc00")
def test_a_key_has_single_spaces_and_can_be_encoded(text: str) -> None:
    assert fold(text).encode().decode() == " ".join(words(text))


@given(st.text())
def test_the_stored_form_and_every_other_form_fold_alike(text: str) -> None:
    forms = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")} | {fold(nfc(text))}
    assert forms == {fold(text)}


@given(st.text("abnsz āēīōūéñøðæß'‘ʻ-"))
def test_case_never_matters(text: str) -> None:
    assert fold(text.upper()) == fold(text)


@given(ENCODABLE)
def test_a_name_is_found_by_its_own_words(name: str) -> None:
    assert set(words(name)) <= set(index_words(name))


@given(WORDS, WORDS)
@example("\ud7ff", "\ue000")
def test_bounds_hold_exactly_the_words_that_begin_so(prefix: str, word: str) -> None:
    low, high = prefix_bounds(prefix)
    for candidate in (word, prefix, prefix + word):
        within = low.encode() <= candidate.encode() < high.encode()
        assert within == candidate.startswith(prefix)


@given(WORDS, st.lists(WORDS, max_size=5))
def test_sqlite_scans_the_same_range(prefix: str, others: list[str]) -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE name_words (word TEXT)")
        connection.executemany("INSERT INTO name_words VALUES (?)", [(word,) for word in [*others, prefix]])
        query = "SELECT word FROM name_words WHERE word >= ? AND word < ?"
        found = [word for (word,) in connection.execute(query, prefix_bounds(prefix))]
    assert sorted(found) == sorted(word for word in [*others, prefix] if word.startswith(prefix))


def test_the_last_character_of_all_carries_over() -> None:
    assert prefix_bounds("a\U0010ffff") == ("a\U0010ffff", "b")


def test_an_empty_word_has_no_bounds() -> None:
    with pytest.raises(ValueError, match="empty word"):
        prefix_bounds("")


def _finds(typed: str, name: str) -> bool:
    return all(any(known.startswith(word) for known in index_words(name)) for word in words(typed))
