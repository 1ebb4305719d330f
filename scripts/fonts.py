"""Builds what letters are set in, into fonts/: Public Sans in its two weights, and the characters that it has.

The package brings one font with every weight in it. Cut down to one weight each, a letter is rendered several times as
fast, and its bytes depend on nothing else. Does nothing where nothing has changed."""

import hashlib
import shutil
from pathlib import Path

import fontpkg_public_sans
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "fonts"
SOURCE = Path(fontpkg_public_sans.__file__).parent / "files" / "PublicSans[wght].ttf"
WEIGHTS = (400, 700)


def main() -> None:
    stamp = BUILT / ".from"
    sources = hashlib.sha256(Path(__file__).read_bytes() + SOURCE.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == sources:
        return
    print("Building the fonts of letters", flush=True)
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir()
    characters = set.intersection(*[build(weight) for weight in WEIGHTS])
    (BUILT / "characters.txt").write_text("".join(sorted(map(chr, characters))), encoding="utf-8")
    stamp.write_text(sources)


def build(weight: int) -> set[int]:
    """One weight; the characters it has."""
    font = instantiateVariableFont(TTFont(SOURCE, recalcTimestamp=False), {"wght": weight}, updateFontNames=True)
    font.save(BUILT / f"public-sans-{weight}.ttf")
    return set(font.getBestCmap())


if __name__ == "__main__":
    main()
