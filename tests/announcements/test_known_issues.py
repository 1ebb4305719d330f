"""What is known not to work, changed by two people at once, and mended (H2)."""

import pytest

from app.announcements.actions import change_issue
from app.announcements.policy import can_change_issue
from app.announcements.queries import issue_to_change, known_issues
from app.announcements.rules import texts_of
from app.core.errors import Conflict
from app.core.versions import version_of
from tests import make


def test_it_is_changed_only_as_it_was_seen(world: make.World) -> None:
    issue = make.known_issue(world.oscar)
    seen = version_of(texts_of(issue))
    assert change_issue(issue, "Other words", issue.body, is_solved=False, version=seen, by=world.oscar)
    with pytest.raises(Conflict, match="meanwhile"):
        change_issue(issue, "Mine", issue.body, is_solved=False, version=seen, by=world.oscar)
    assert issue.title == "Other words"


def test_the_same_words_change_nothing(world: make.World) -> None:
    issue = make.known_issue(world.oscar)
    before, seen = issue.changed_at, version_of(texts_of(issue))
    assert not change_issue(issue, issue.title, issue.body, is_solved=False, version=seen, by=world.oscar)
    assert issue.changed_at == before


def test_what_is_mended_comes_last_and_can_break_again(world: make.World) -> None:
    first, second = make.known_issue(world.oscar, "First"), make.known_issue(world.oscar, "Second")
    seen = version_of(texts_of(second))
    assert change_issue(second, "Second", second.body, is_solved=True, version=seen, by=world.oscar)
    assert [issue.title for issue in known_issues()] == ["First", "Second"]
    mended = version_of(texts_of(second))
    assert change_issue(second, "Second", second.body, is_solved=False, version=mended, by=world.oscar)
    assert [issue.title for issue in known_issues()] == ["Second", "First"]
    assert first.solved_at is None


def test_only_whoever_runs_the_portal_changes_it(world: make.World) -> None:
    issue = issue_to_change(world.tom, make.known_issue(world.oscar).public_id)
    assert issue
    assert {who for who, actor in world.people.items() if can_change_issue(actor, issue)} == {"oscar"}
