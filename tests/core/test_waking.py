"""The worker is woken by what is due, and left alone by what is not."""

from dataclasses import replace

from app.cases.comments.actions import add_comment, share_now
from app.cases.entries import Audience
from app.core.db import is_anything_due
from app.core.files.stored import Kept, Scan, add
from app.core.outbox import waiting
from tests import make


def test_what_opens_later_wakes_nobody_and_what_is_shared_now_does(world: make.World) -> None:
    case = make.open_case(world)
    assert is_anything_due()
    head = make.head(world.ana, case)
    entry = add_comment(head, by=world.ana, body="Kia ora", audience=Audience.SHARED)
    assert waiting()
    assert not is_anything_due()
    share_now(head, entry, by=world.ana)
    assert is_anything_due()
    assert not is_anything_due()


def test_a_file_that_waits_for_the_scanner_and_a_letter_wake_the_worker(world: make.World) -> None:
    kept = Kept("ab/abc", "plan.pdf", "application/pdf", 1, "a" * 64, "b" * 64)
    add(kept, scan=Scan.NOT_SCANNED, by=world.ana)
    assert not is_anything_due()
    add(replace(kept, key="ab/abd"), scan=Scan.PENDING, by=world.ana)
    assert is_anything_due()
    case = make.open_case(world)
    caregiver = make.letter_ready(world, case)
    is_anything_due()
    make.preview(world.ana, case, caregiver)
    assert is_anything_due()
