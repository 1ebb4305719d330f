"""`make bench`: every part, or those that ONLY names; one JSON object a line, and what goes on beside it on stderr."""

import os
import sys

from bench import growth, letters, load, pages, paint, weight

PARTS = {
    "letters": letters.measure,
    "pages": pages.measure,
    "growth": growth.measure,
    "weight": weight.measure,
    "paint": paint.measure,
    "load": load.measure,
}


def main() -> int:
    wanted = os.environ.get("ONLY", "").replace(",", " ").split() or list(PARTS)
    if unknown := [name for name in wanted if name not in PARTS]:
        print(f"ONLY names {', '.join(unknown)}; there is {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    for name in wanted:
        PARTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
