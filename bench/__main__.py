"""`make bench`: every part, or those that ONLY names; one JSON object a line, and what goes on beside it on stderr."""

import os
import sys
from collections.abc import Sequence

from bench import country_marks, growth, kills, letters, load, marks, pages, paint, weight

PARTS = {
    "letters": letters.measure,
    "pages": pages.measure,
    "growth": growth.measure,
    "weight": weight.measure,
    "paint": paint.measure,
    "load": load.measure,
    "kills": kills.measure,
    "marks": marks.measure,
    "country-marks": country_marks.measure,
}


def main(arguments: Sequence[str]) -> int:
    if arguments:
        print(f"{__doc__}\nNo arguments; the parts are {', '.join(PARTS)}. bench/README.md says more.", file=sys.stderr)
        return 0 if arguments[0] in {"-h", "--help"} else 2
    wanted = os.environ.get("ONLY", "").replace(",", " ").split() or list(PARTS)
    if unknown := [name for name in wanted if name not in PARTS]:
        print(f"ONLY names {', '.join(unknown)}; there is {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    for name in wanted:
        PARTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
