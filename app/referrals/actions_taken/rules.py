"""What of a school's own list becomes a step of the request: which rows, in which words, and what is wrong with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.core.text import fold
from app.referrals.actions_taken.columns import Column, Columns, Row
from app.referrals.actions_taken.whose import Whose, whose
from app.referrals.days import as_in_sheet, fault_of_when
from app.referrals.questions import ACTION_ROWS, ACTIONS
from app.referrals.rules import LONG

Step = tuple[str, str]
"""What was done, and when or about when."""
NO_WHAT, NO_WHEN = "Say what was done", "Say when, or about when"
THERE_ALREADY = "It is there already"
WHOSE = {
    Whose.UNSURE: "Is this row about this student? Your list names “{}”",
    Whose.UNSAID: "Your list does not say which student this row is about",
}


@dataclass
class Proposal:
    """One row as it would be taken over: its faults by field, whether it is left out, and why that was proposed."""

    what: str
    when: str
    is_left_out: bool = False
    why_left_out: str = ""
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What was read: the rows of this student with their headings, what would be taken over, how many more there were,
    and how many were of other students."""

    rows: list[Row]
    proposals: list[Proposal]
    beyond: int
    of_others: int


def read(
    rows: Sequence[Row],
    columns: Columns,
    *,
    names: Collection[str],
    there: Collection[Step],
    today: date,
    number: str = "",
) -> Reading:
    """Every row of this student, at most as many as a request holds. Rows that name somebody else are none of its business;
    what may be somebody else's, and what stands there already, is proposed to be left out."""
    heading, rows = (rows[:1], rows[1:]) if columns.headings else ((), rows)
    judgements = [whose(_naming(row, columns), names=names, number=number) for row in rows]
    is_unsaid_well = Whose.OTHER not in judgements
    own = [(row, each) for row, each in zip(rows, judgements, strict=True) if each is not Whose.OTHER]
    steps = [
        (step, _why(row, columns, each, is_unsaid_well)) for row, each in own if any(step := _step(row, columns, today))
    ]
    proposals = [judged(Proposal(*step, bool(why), why), today=today) for step, why in steps[:ACTION_ROWS]]
    _leave_out_known(proposals, there)
    return Reading([*heading, *(row for row, _ in own)], proposals, len(steps) - len(proposals), len(rows) - len(own))


def _leave_out_known(proposals: Sequence[Proposal], there: Collection[Step]) -> None:
    known = {key_of(step) for step in there}
    for each in proposals:
        if (key := key_of((each.what, each.when))) in known:
            each.is_left_out, each.why_left_out = True, THERE_ALREADY
        known.add(key)


def judged(proposal: Proposal, *, today: date) -> Proposal:
    """With what is wrong with it."""
    what, when = proposal.what, proposal.when
    too_long = f"Make this shorter, {LONG} characters at most"
    found = {
        "what": NO_WHAT if not what else too_long if len(what) > LONG else "",
        "when": NO_WHEN if not when else too_long if len(when) > LONG else fault_of_when(when, today=today),
    }
    proposal.faults = {name: fault for name, fault in found.items() if fault}
    return proposal


def room_in(texts: Mapping[str, str], unsettled: Collection[str] = ()) -> list[tuple[str, str]]:
    """The fields of the empty rows of a request: those after the last one that is used, then those in between."""
    used = [any(texts.get(name) or name in unsettled for name in fields) for fields in ACTIONS]
    last = max((row for row, is_used in enumerate(used) if is_used), default=-1)
    behind = ACTIONS[last + 1 :]
    between = [fields for fields, is_used in zip(ACTIONS, used, strict=True) if not is_used and fields not in behind]
    return [*behind, *between]


def _step(row: Row, columns: Columns, today: date) -> Step:
    said = {
        kind: [cell for cell, of in zip(row, columns.kinds, strict=False) if of is kind and cell] for kind in Column
    }
    note, who = "; ".join(said[Column.NOTE]), ", ".join(said[Column.WHO])
    what = ": ".join(filter(None, [", ".join(said[Column.WHAT]), note]))
    when = as_in_sheet(" ".join(said[Column.WHEN]), today=today)
    return (f"{what} ({who})" if what and who else what), when


def _naming(row: Row, columns: Columns) -> list[str]:
    """The cells that say which student it is about."""
    return [cell for cell, kind in zip(row, columns.kinds, strict=False) if kind is Column.STUDENT and fold(cell)]


def _why(row: Row, columns: Columns, judgement: Whose, is_unsaid_well: bool) -> str:
    """Why it is left out until a person takes it in; a list that names nobody else needs no name in every row."""
    if judgement is Whose.UNSAID and is_unsaid_well:
        return ""
    return WHOSE.get(judgement, "").format(" ".join(_naming(row, columns)))


def key_of(step: Step) -> Step:
    """Two steps of one key are one."""
    return fold(step[0]), fold(step[1])
