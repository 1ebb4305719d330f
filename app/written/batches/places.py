"""Where the pages of batches are, and those of the letters that stand in them."""

from typing import Any

from flask import request

from app.letters.batches.queries import Found


def batches_address() -> str:
    return f"/{request.blueprint}/letters/batches/"


def here(found: Found) -> str:
    return f"{batches_address()}{found.batch.public_id}/"


def letters_at(line: Any) -> str:
    """Of its case, or of its student."""
    if line.case_number:
        return f"/workspace/cases/{line.case_number}/letters/"
    return f"/portal/students/{line.student}/letters/"
