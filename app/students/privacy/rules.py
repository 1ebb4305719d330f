"""On which day the statement can have been given."""

from datetime import date


def fault_of(given_on: date, *, today: date) -> str:
    """What is wrong with it; the words name the remedy."""
    if given_on > today:
        return "Write a day that is not in the future"
    if given_on.year < today.year - 5:
        return "Write a day of the last five years: an older statement has to be given again"
    return ""
