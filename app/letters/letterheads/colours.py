"""The colour of a letterhead: dark enough to be read on white paper."""

import re

LEAST = 4.5
"""To one, of text on white (WCAG 2.2, 1.4.3)."""
WRITTEN = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
NOT_WRITTEN = "Write the colour as # and six digits, for example #123c3a"


def colour_of(typed: str) -> str:
    """As it is kept: # and six digits; what is no colour stays as it was typed."""
    found = WRITTEN.fullmatch(typed.strip().lower())
    if not found:
        return typed.strip()
    digits = found[1]
    return "#" + (digits if len(digits) > 3 else "".join(digit * 2 for digit in digits))


def fault_of_colour(colour: str) -> str:
    """What is wrong with it, and which one would do; empty is ours."""
    if not colour:
        return ""
    if not WRITTEN.fullmatch(colour) or len(colour) != 7:
        return NOT_WRITTEN
    if (found := on_white(colour)) < LEAST:
        return (
            f"This colour is too light to be read on white paper: {_floor(found)} to 1, and it needs {LEAST} to 1. "
            f"The nearest that is dark enough is {darker(colour)}"
        )
    return ""


def on_white(colour: str) -> float:
    """The contrast to white, from 1 to 21."""
    red, green, blue = (_light(part) for part in _parts(colour))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def darker(colour: str) -> str:
    """The lightest of the same hue that is dark enough."""
    mixed = ("#" + "".join(f"{part * left // 255:02x}" for part in _parts(colour)) for left in range(255, -1, -1))
    return next(each for each in mixed if on_white(each) >= LEAST)


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def _light(part: int) -> float:
    """Of one of the three, as WCAG counts it."""
    share = part / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _floor(ratio: float) -> str:
    """To two places, never up: what fails does not look as if it had passed."""
    return f"{int(ratio * 100) / 100:.2f}"
