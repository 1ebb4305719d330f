"""`make serve` under fire: a part that is killed is started anew; when everything was killed, the next start is ready in time."""

import os
import signal
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from scripts.parts import GRACE_SECONDS, is_free
from tests.kills.clusters import children
from tests.kills.sites import Prepared, Site, copied, site

SERVE = [sys.executable, "-m", "scripts.run", "serve"]


@pytest.fixture
def served(prepared_sqlite: tuple[str, Prepared], tmp_path: Path) -> Iterator[Site]:
    with site(copied(prepared_sqlite, tmp_path), tmp_path, prepared_sqlite[1]) as made:
        made.begin("serve", SERVE)
        yield made


def test_a_part_that_was_killed_is_started_anew_and_what_it_left_does_not_hold_its_port(served: Site) -> None:
    for part in ("gunicorn", "worker"):
        before = pid_of(served, part)
        os.kill(before, signal.SIGKILL)
        served.wait_until_ready(partial(is_started_anew, served, part, before))
    served.round()
    assert served.parts.dead() is None


def test_when_all_was_killed_the_next_start_is_ready_in_time(served: Site) -> None:
    serve, gunicorn = served.parts.running["serve"], pid_of(served, "gunicorn")
    for pid in (serve.pid, gunicorn):
        os.kill(pid, signal.SIGKILL)
    serve.wait()
    served.parts.restart("serve")
    served.wait_until_ready(partial(is_started_anew, served, "gunicorn", gunicorn))
    served.parts.running["serve"].send_signal(signal.SIGTERM)
    assert served.parts.running["serve"].wait(4 * GRACE_SECONDS) == 0
    assert is_free(served.port)


def is_started_anew(served: Site, part: str, before: int) -> bool:
    return pid_of(served, part) not in {0, before}


def pid_of(served: Site, part: str) -> int:
    """The first process of this part; 0 where there is none."""
    mine = served.parts.running["serve"].pid
    for pid in children(mine):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        if part in command:
            return pid
    return 0
