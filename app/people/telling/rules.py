"""What people are told, in a few words; and what of it each may choose to be told otherwise (SHARE-7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.events import Channel
from app.people.models import Kind, Role
from app.people.rules import ROLES_OF
from app.people.telling.models import How
from app.people.telling.words import WORDS as WORDS  # noqa: PLC0414  (who asks for words knows them from here)

OTHER = "Something new"
FROM_MAIL = "/notifications/to/"
"""Before the code of a mail's link: the page itself is asked for only when it is known who comes, and in which role."""


def words_of(event: str) -> str:
    return WORDS.get(event, OTHER)


AT_SCHOOL = frozenset(ROLES_OF[Kind.SCHOOL])
REACHES: Mapping[str, frozenset[Role]] = {
    **dict.fromkeys(
        ("submitter", "primary_contact", "former_primary_contact", "secondary_contacts", "drafters", "new_owner"),
        AT_SCHOOL,
    ),
    **dict.fromkeys(
        ("attendance_leads", "new_school_leads", "school_letter_author"),
        frozenset({Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT}),
    ),
    "attendance_office": frozenset({Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT}),
    **dict.fromkeys(("case_manager", "former_case_manager", "cover"), frozenset({Role.CASE_MANAGER})),
    **dict.fromkeys(("workflow_leads", "receiving_leads"), frozenset({Role.WORKFLOW_LEAD})),
    "letter_author": frozenset({Role.CASE_MANAGER, Role.WORKFLOW_LEAD}),
    "investigators": frozenset({Role.INVESTIGATOR}),
    "authorisers": frozenset({Role.DELEGATED_AUTHORISER}),
    **dict.fromkeys(("person", "uploader", "successors"), frozenset(Role)),
}
"""Which roles the groups of `notifications.csv` are of."""
SAID: Mapping[str, str] = {
    "request_submitted": "A request for support that you sent, or that names you as the contact, has its reference",
    "request_without_service": "A request for support has no service yet",
    "second_school_asked": "Another school says that a student of yours with a case is there too, or asks for support with them",
    "request_withdrawn": "A school takes a request back",
    "request_declined": "A request that you sent, or that names you as the contact, is declined",
    "absent_15_school_days": "Students of your school have been absent 15 school days in a row",
    "absent_20_school_days": "Students of your school have been absent 20 school days in a row",
    "return_date_passed": "A student was said to be back at school by now, and no mark says so",
    "draft_expires": "A draft of yours will be deleted because nobody has changed it for long",
    "draft_handed_over": "A draft is handed over to you",
    "case_in_queue": "A case comes into the queue",
    "urgent_case_in_queue": "An urgent case comes into the queue",
    "case_assigned": "A case that you follow, or had, gets a new case manager",
    "unassigned_1_working_day": "A case has waited in the queue for a working day",
    "queued_5_working_days": "A case has waited in the queue for 5 working days",
    "clock_due_tomorrow": "The school of a case that you have, or student and whānau, are to be met by the next working day",
    "clock_passed": "A limit for meeting the school of a case, or student and whānau, has passed",
    "plan_review_due": "The plan of a case that you have is to be reviewed",
    "safety_review_due": "A safety note of a case that you have is to be looked at again",
    "letter_sign_off_asked": "A formal warning waits for a workflow lead to sign it off",
    "letter_signed_or_sent_back": "A formal warning that you wrote is signed off, or sent back",
    "letter_facts_changed": "Facts of a letter that you had written have changed since",
    "letter_not_sent": "A letter that you sent by e-mail could not be sent",
    "pause_asked": "Somebody asks for a pause of a case, and a workflow lead is to answer",
    "pause_answered": "A workflow lead approves or refuses a pause",
    "pause_review_due": "A case that a workflow lead put on hold is to be looked at again",
    "transition_end_passed": "The expected end of a transition has passed",
    "attendance_worse_in_transition": "A student whose case you have misses more school since the transition began",
    "fifteen_and_a_half": "A student whose case you have turns 16 in six months",
    "cover_started": "Somebody covers for a colleague on a case that you follow, or have, or stops before the last day",
    "status_changed": "A case that you follow, or have, is opened, steps back, is put on hold, closed, or opened again",
    "paused_case_reopened": "A case that was on hold goes on by itself",
    "request_moved_case": "A request moves a case to another service",
    "transfer_asked": "Somebody asks for a case to go to another service",
    "transfer_offered": "A case of another service is offered to yours",
    "transfer_answered": "A service accepts or refuses the transfer of a case",
    "likely_match": "A student in a request may be one who has a case already",
    "merge_proposed": "Two records may be one student, and a second person is to say so",
    "service_shared": "The service shares something on a case that you follow",
    "school_added": "A school adds something to a case that you have",
    "school_added_in_queue": "A school adds something to a case in the queue",
    "update_asked": "A school asks how a case goes",
    "former_school_case_review": "A student whose case you have comes to another school, which waits to see the case",
    "nothing_shared_10_working_days": "Nothing was shared with the school for 10 working days",
    "nothing_shared_20_working_days": "Nothing was shared with a school for 20 working days",
    "letter_made_or_sent": "Somebody else makes a letter on a case of yours, sends it, or notes what came back",
    "primary_contact_changed": "The primary contact of a case changes",
    "contact_named_without_role": "Somebody is named who has no role here yet",
    "star_list": "Students of your school pass 5, 10 or 15 days absent in a term",
    "file_infected": "A virus was found in a file that you added",
}
"""What `notifications.csv` calls an event, in words for whoever chooses. One that is not here tells nobody yet, or, as what is
announced to everybody, never by mail and always in the app: there is nothing to choose."""
_CHANGED = "is opened, steps back, is put on hold, closed, or opened again"
SAID_ALWAYS = {
    "service_shared": "The service shares something on a case whose primary contact you are",
    "status_changed": f"A case whose primary contact you are {_CHANGED}",
}
SAID_OTHERWISE = {
    "service_shared": "The service shares something on another case that you follow",
    "status_changed": f"Another case that you follow {_CHANGED}",
}
"""Of an event that comes by mail whatever is chosen, and of which there is something to choose: when, and for what else."""
FIRST = ("service_shared",)
"""What most come for stands before the rest, which is in the order of the list."""
STRENGTH = (Channel.APP, Channel.APP_DIGEST, Channel.APP_EMAIL)
CHANNELS = {How.AT_ONCE: Channel.APP_EMAIL, How.DAILY: Channel.APP_DIGEST, How.NONE: Channel.APP}
HOW_WORDS = {How.AT_ONCE: "By mail at once", How.DAILY: "In one mail a day", How.NONE: "In the app only"}
HOWS = {channel: how for how, channel in CHANNELS.items()}


@dataclass(frozen=True)
class Choice:
    """What somebody in a role may choose of one event: how it is told unless they do, and whether some of it comes by mail
    whatever they choose."""

    event: str
    usually: How
    is_partly_fixed: bool

    @property
    def words(self) -> str:
        return SAID_OTHERWISE.get(self.event, SAID[self.event]) if self.is_partly_fixed else SAID[self.event]


def channel_for(listed: str, chosen: How | str | None) -> Channel:
    """As they chose, else as it is listed."""
    return CHANNELS[How(chosen)] if chosen else Channel(listed)


def stronger(one: Channel, other: Channel) -> Channel:
    return max(one, other, key=STRENGTH.index)


def choices_of(role: Role, listed: Iterable[Mapping[str, str]]) -> list[Choice]:
    """Of each event that can reach this role and may be muted, as `notifications.csv` lists it."""
    found: dict[str, Channel] = {}
    fixed = set(fixed_for(role, listed := list(listed)))
    for row in listed:
        if row["can_mute"] == "yes" and _reaches(role, row):
            channel = Channel(row["channel"])
            found[row["event"]] = stronger(found.get(row["event"], channel), channel)
    choices = [Choice(event, HOWS[channel], event in fixed) for event, channel in found.items()]
    return sorted(choices, key=lambda choice: choice.event not in FIRST)


def fixed_for(role: Role, listed: Iterable[Mapping[str, str]]) -> list[str]:
    """The events that can reach this role and that nobody can turn off."""
    return list(dict.fromkeys(row["event"] for row in listed if row["can_mute"] == "no" and _reaches(role, row)))


def _reaches(role: Role, row: Mapping[str, str]) -> bool:
    groups = row["to"].split("|")
    return row["event"] in SAID and any(role in REACHES.get(group, ()) for group in groups)
