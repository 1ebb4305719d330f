"""Whom what happens to a case tells: `lists/notifications.csv` says which groups, one statement who is in them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from app.cases import places  # noqa: F401  (registers where it stands)
from app.cases.entries import Audience, Entry
from app.cases.models import CasePerson, Status
from app.cases.naming import AmongOthers
from app.cases.rules import listed_channel
from app.cases.whom import people_of
from app.core import events
from app.core.db import AnyRow, db
from app.core.events import Channel, Happened, Told
from app.people.models import Kind, Role
from app.people.queries import Actor
from app.people.telling.queries import holders_as_chosen
from app.people.telling.rules import channel_for, stronger


@events.tells_of_each("case.assigned")
def case_assigned(those: Sequence[Happened], by: events.By) -> Sequence[Iterable[Told]]:
    return of_school(those, "case_assigned", by=by)


@events.tells("case.taken_from")
def case_taken_from(former: CasePerson | AmongOthers, by: events.By, about: Any) -> Iterable[Told]:
    """The former case manager is told by mail and in the app that somebody else has the case now."""
    if isinstance(former, AmongOthers) or former.person_id == by.person_id:
        return []
    return [Told(former.person_id, Role.CASE_MANAGER, former.organisation_id, Channel.APP_EMAIL)]


@events.tells("comment.added")
@events.tells("meeting.recorded")
@events.tells("comment.audience_changed")
def comment_shared(entry: Entry, by: Actor, about: Any) -> Iterable[Told]:
    """A service's shared comment tells the school; a school's the case manager, in the queue the leads."""
    if entry.audience is not Audience.SHARED:
        return []
    if by.organisation_kind is Kind.SERVICE:
        return told_of(entry.case_id, "service_shared", by=by)
    is_queued = about.status is Status.QUEUE
    return told_of(entry.case_id, "school_added_in_queue" if is_queued else "school_added", by=by)


def of_school(those: Sequence[Happened], listed: str, *, by: events.By) -> list[list[Told]]:
    """Whom the list names for something that happened to each of these cases; of many at once only the school is told of each."""
    told = told_of_each([each.about.id for each in those], listed, by=by)
    return [[one for one in told[each.about.id] if one.organisation_id != _told_together(each.on)] for each in those]


def _told_together(named: CasePerson | AmongOthers) -> int | None:
    """The organisation whose people are told of all of them at once."""
    return named.named.organisation_id if isinstance(named, AmongOthers) else None


def holders_told(role: Role, listed: str, organisation_id: int | None = None) -> list[Told]:
    """Everyone with this role, there or anywhere, as `notifications.csv` says or as they chose."""
    channel = listed_channel(listed)
    return [
        Told(row.person_id, role, row.organisation_id, channel_for(channel, row.how))
        for row in holders_as_chosen(role, listed, organisation_id)
    ]


def told_of(case_id: int, *listed: str, by: events.By, but_for: Collection[str] = ()) -> list[Told]:
    """Everyone the list names for these events, each once by the strongest channel, never the one who did it, nor whom another
    of these (`but_for`) tells already; where it may be muted, as each of them chose."""
    return told_of_each([case_id], *listed, by=by, but_for=but_for)[case_id]


def told_of_each(
    case_ids: Sequence[int], *listed: str, by: events.By, but_for: Collection[str] = ()
) -> dict[int, list[Told]]:
    """The same of several cases, by their ids; one statement."""
    statement = people_of((*listed, *sorted(but_for)))
    found: dict[int, list[AnyRow]] = {case_id: [] for case_id in case_ids}
    for row in db.session.execute(statement, {"of_cases": list(found)}) if statement is not None else ():
        found[row.case_id].append(row)
    return {case_id: _each_once(rows, by, but_for) for case_id, rows in found.items()}


def _each_once(rows: Sequence[AnyRow], by: events.By, but_for: Collection[str]) -> list[Told]:
    known = {by.person_id, *(row.person_id for row in rows if row.event in but_for)}
    told: dict[int, Told] = {}
    for row in rows:
        channel, so_far = channel_for(row.listed, row.how), told.get(row.person_id)
        if row.person_id not in known and (so_far is None or stronger(channel, so_far.channel) is not so_far.channel):
            told[row.person_id] = Told(row.person_id, row.role, row.organisation_id, channel)
    return list(told.values())
