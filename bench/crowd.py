"""`python -m bench.crowd`: people at work, each a thread that mostly sleeps, in a process of its own that imports little: it
runs on the portal's own processors. Who they are comes as JSON on standard input; a line for each request goes out."""

import json
import sys
import time
from dataclasses import dataclass
from functools import partial
from random import Random
from threading import Lock, Thread
from typing import Any

from bench.journeys import OF_ROLE, Person
from bench.visitor import Unexpected, Visitor

THINKING = (8.0, 20.0)
"""Seconds between two steps."""
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Day:
    """Until when they work, by the monotonic clock."""

    ends: float

    def is_over(self) -> bool:
        return time.monotonic() >= self.ends

    def pause(self, seconds: float) -> None:
        time.sleep(max(0.0, min(seconds, self.ends - time.monotonic())))


def main() -> None:
    plan = json.load(sys.stdin)
    day = Day(time.monotonic() + plan["seconds"])
    threads = [Thread(target=_work, args=(day, plan["port"], number, who)) for number, who in enumerate(plan["people"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _work(day: Day, port: int, number: int, who: dict[str, Any]) -> None:
    """They come one after the other, and go through one journey after the other until the day is over."""
    chance = Random(number)  # noqa: S311 (nothing is kept secret with it)
    note = partial(_tell, who["role"])
    person = Person(Visitor(port, who["cookie"], note), chance, who["place"], who["places"])
    day.pause(chance.uniform(0, sum(THINKING) / 2))
    while not day.is_over():
        _travel(day, person, who["role"])
        day.pause(chance.uniform(*THINKING))


def _travel(day: Day, person: Person, role: str) -> None:
    """What went wrong was told with the request; a step that found nothing to go on from is told here."""
    try:
        for _ in person.chance.choice(OF_ROLE[role])(person):
            day.pause(person.chance.uniform(*THINKING))
            if day.is_over():
                return
    except Unexpected:
        return
    except (IndexError, ValueError) as error:
        _tell(role, "journey", 0, repr(error))


def _tell(role: str, kind: str, seconds: float, fault: str) -> None:
    with _one_at_a_time:
        print(json.dumps([role, kind, seconds, fault]), flush=True)


if __name__ == "__main__":
    main()
