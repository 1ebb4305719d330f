"""Tests that share something dear to start go to one worker. Under pytest 9.2 the marks of xdist that say so do nothing."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

SHARING = ("tests/journeys/", "tests/kills/", "tests/demo/test_people_and_cases.py")


class Together(LoadScopeScheduling):
    """Groups begin in the order of their size; then each other test goes to whichever worker is free."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """Those of one database share its portal or its world; any other test is a group by itself."""
    room = next((room for room in SHARING if nodeid.startswith(room)), "")
    kind = "sqlite" if "sqlite" in nodeid else "postgresql"
    return f"{room}{kind}" if room else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)
