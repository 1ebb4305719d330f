"""Figures, a JSON object a line on stdout; words about what is going on to stderr."""

import json
import math
import sys
from collections.abc import Sequence
from statistics import median


def line(bench: str, **figures: object) -> None:
    print(json.dumps({"bench": bench, **figures}, ensure_ascii=False), flush=True)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def middle(figures: Sequence[float]) -> float:
    """The median, to three digits."""
    return float(f"{median(figures):.3g}")


def nearly_all(figures: Sequence[float]) -> float:
    """What 95 of 100 are no more than, to three digits."""
    return float(f"{sorted(figures)[math.ceil(len(figures) * 0.95) - 1]:.3g}")
