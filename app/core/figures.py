"""The figures of the rules, as this portal is set."""

from flask import current_app

from app.figures import Figures, counted

__all__ = ["counted", "the_figures"]


def the_figures() -> Figures:
    found: Figures = current_app.extensions["settings"].figures
    return found
