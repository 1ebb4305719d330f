"""The figures that tests count with: the rules' own."""

from app.figures import Figures

FIGURES = Figures()
UNDO_FOR = FIGURES.undo_for
MOST_FILES = FIGURES.most_files
