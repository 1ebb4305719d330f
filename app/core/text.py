"""How names are stored (NFC), compared and searched: macrons, case, apostrophes and hyphens fold away.

Māori and Pacific letters that mark a stop (‘okina and its look-alikes) join what they stand in: Fa‘asavalu is
"faasavalu". A hyphen parts: Waititi-Lafaele is the two words "waititi" and "lafaele", each found by its beginning.
"""

import re
import unicodedata

APOSTROPHES = "'’‘‛ʻʼʽˈʹʾʿ′´`＇"
JOINS = dict.fromkeys(map(ord, APOSTROPHES))
HYPHENS = "-‐‑‒–—"
UNDECOMPOSED = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Nobody sees them, and they turn round what stands after them."""
SURROGATES = range(0xD800, 0xE000)
LAST_CHARACTER = 0x10FFFF


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def one_line(text: str | None) -> str:
    """As it was typed, without breaks and without spaces that nobody sees."""
    return nfc(" ".join((text or "").split()))


def filled_lines(text: str | None) -> str:
    """The same of several lines, without empty ones."""
    return "\n".join(filter(None, map(one_line, (text or "").splitlines())))


def fold(text: str) -> str:
    """The search key: lower-case words without marks, one space between them."""
    bare = _unmarked(text.translate(JOINS)).casefold()
    return " ".join("".join(map(_kept, _unmarked(bare).translate(UNDECOMPOSED))).split())


def words(text: str) -> tuple[str, ...]:
    """What was typed, folded: each must begin some word of the name it looks for."""
    return tuple(fold(text).split())


def index_words(name: str) -> tuple[str, ...]:
    """What a name is found by: its words, and O'Brien also as "brien", Te Rangi-Smith also as "rangismith"."""
    apart = name.translate(dict.fromkeys(JOINS, " "))
    joined = name.translate(dict.fromkeys(map(ord, HYPHENS)))
    return tuple(dict.fromkeys(words(name) + words(apart) + words(joined)))


def prefix_bounds(word: str) -> tuple[str, str]:
    """`low <= column < high` holds for exactly the words that begin so, in SQLite's BINARY and PostgreSQL's "C"."""
    if not word:
        raise ValueError("an empty word begins everything: search only for words() that exist")
    last = ord(word[-1])
    if last == LAST_CHARACTER:
        return word, prefix_bounds(word[:-1])[1]
    following = last + 1
    return word, word[:-1] + chr(SURROGATES.stop if following in SURROGATES else following)


def _unmarked(text: str) -> str:
    """Without diacritics; vowel signs of other scripts stay, they are letters there."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return character if category[0] in "LMN" else " "
