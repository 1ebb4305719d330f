"""The figures of the rules, and who reads, as this portal is set."""

from flask import current_app

from app.figures import Figures, counted
from app.settings import YES

__all__ = ["counted", "office_support_reads", "the_figures"]


def the_figures() -> Figures:
    found: Figures = current_app.extensions["settings"].figures
    return found


def office_support_reads() -> bool:
    """Does office support read the school's cases, or only write requests for it (`permissions.md`)?"""
    return bool(current_app.extensions["settings"].office_support_reads == YES)
