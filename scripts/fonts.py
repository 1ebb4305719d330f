"""Builds what letters are set in, into fonts/: Public Sans in its two weights, and the characters that both have, with
how wide each is at most, in thousandths of the size of the type.

The package brings one font with every weight in it. Cut down to one weight each, a letter is rendered several times as
fast, and its bytes depend on nothing else. Does nothing where nothing has changed."""

import hashlib
import json
import shutil
from math import ceil
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
    regular, bold = [build(weight) for weight in WEIGHTS]
    widths = {chr(code): max(regular[code], bold[code]) for code in sorted(regular.keys() & bold.keys())}
    (BUILT / "characters.json").write_text(json.dumps(widths, ensure_ascii=False, indent=0), encoding="utf-8")
    stamp.write_text(sources)


def build(weight: int) -> dict[int, int]:
    """One weight; the characters it has, each with its width."""
    font = instantiateVariableFont(TTFont(SOURCE, recalcTimestamp=False), {"wght": weight}, updateFontNames=True)
    font.save(BUILT / f"public-sans-{weight}.ttf")
    per_size = 1000 / font["head"].unitsPerEm
    return {code: ceil(font["hmtx"][glyph][0] * per_size) for code, glyph in font.getBestCmap().items()}


if __name__ == "__main__":
    main()
