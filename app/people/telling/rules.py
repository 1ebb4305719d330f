"""What people are told, in a few words; and what of it each may choose to be told otherwise (SHARE-7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.events import Channel
from app.people.models import Kind, Role
from app.people.rules import ROLES_OF
from app.people.telling.models import How

WORDS = {
    "announcement.made": "Something is announced to you",
    "case.assigned": "A case has a new case manager",
    "cases.given": "Cases were given to you",
    "cases.taken": "Cases that you had are with somebody else now",
    "clock.due_tomorrow": "A school is to be met on the next working day",
    "clock.passed": "A limit for meeting a school has passed",
    "cover.ended": "Somebody stands in no more for the case manager of a case",
    "cover.ended_together": "A colleague stands in for you no more, or you for a colleague",
    "cover.handed_over": "A colleague stands in for you",
    "cover.taken_over": "You stand in for a colleague",
    "manager.covered": "Somebody stands in for the case manager of a case",
    "manager.covered_with_others": "Somebody stands in for the case manager of a case",
    "plan.review_due": "A plan is to be reviewed",
    "queue.waits": "A case has waited in the queue for a working day",
    "queue.waits_long": "A case has waited long in the queue",
    "safety.review_due": "A safety note is to be looked at again",
    "student.fifteen_and_a_half": "A student turns 16 in six months: plan what comes then",
    "transition.end_passed": "The expected end of a transition has passed",
    "case.moved_away": "A case went to another service",
    "case.status_changed": "A case stands otherwise now",
    "case.reopened_by_itself": "A case that was on hold goes on",
    "case.taken_from": "A case you had is no longer yours",
    "case.transfer_asked": "A transfer of a case to another service is asked for",
    "case.transfer_offered": "A case is offered to your service: please answer within the days that are said there",
    "case.transfer_accepted": "A case went to another service, which accepted its transfer",
    "case.transfer_refused": "A service refused the transfer of a case",
    "comment.added": "A note was shared",
    "comment.audience_changed": "A note was shared",
    "draft.end_announced": "A draft that nobody has changed for long will be deleted",
    "draft.handed_over": "A draft was handed over to you",
    "file.infected": "A virus was found in a file that you added, so it was deleted",
    "group.support_asked": "A school asks for support for a group of students",
    "known_issue.added": "Something is known not to work, with what to do meanwhile",
    "known_issue.changed": "What is known of something that does not work has changed",
    "letter.came_back": "What came back of a letter was recorded",
    "letter.made": "A letter was made",
    "letter.sending_corrected": "How a letter was sent was corrected",
    "letter.sent": "A letter was sent",
    "letter.voided": "A letter was voided",
    "plan.shared": "A plan was shared",
    "meeting.recorded": "A meeting, call, visit or message was shared",
    "problem.reported": "A problem with the portal was reported",
    "safety_note.added": "A school added a safety note",
    "sharing.missed": "Nothing was shared with the school for a while",
    "sharing.missed_for_long": "Nothing was shared with a school for long",
    "student.arrived": "A student with a case came to another school: look through what is shared",
    "update.asked": "A school asks for an update",
    "contact.added": "You are a contact of a case now",
    "contact.changed": "The primary contact of a case has changed",
    "contact.covered": "Somebody stands in for the contact of a case",
    "contact.missed": "The primary contact of a case works no more where the student goes to school: name another one",
    "contact.replaced": "Somebody else is the primary contact of a case now",
    "merge.proposed": "Two records may be one student: a second person says so (see Likely duplicates, from My work)",
    "match.found": "A new case may be for a student who has one already (leads: see Likely matches, from the queue)",
    "referral.declined": "A request for support was declined",
    "referral.joined": "A request goes on in a case that the student had before",
    "referral.submitted": "A request for support was sent",
    "referral.withdrawn": "A school withdrew its request",
    "role.ended": "A role of yours has ended",
    "role.given": "You have another role",
    "role.handed_on": "A role here has ended",
    "contact.handed_on": "A case has another contact at the school",
    "role.asked": "Somebody asks for a role here",
    "role.named": "Somebody was named who has no role here yet",
    "role.refused": "A role that you asked for was refused",
}
"""Of each event, by its name; a mail says them too, so they name nobody."""
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
    **dict.fromkeys(("attendance_leads", "new_school_leads"), frozenset({Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT})),
    **dict.fromkeys(("case_manager", "former_case_manager", "cover"), frozenset({Role.CASE_MANAGER})),
    **dict.fromkeys(("workflow_leads", "receiving_leads"), frozenset({Role.WORKFLOW_LEAD})),
    "investigators": frozenset({Role.INVESTIGATOR}),
    "authorisers": frozenset({Role.DELEGATED_AUTHORISER}),
    **dict.fromkeys(("person", "uploader", "successors"), frozenset(Role)),
}
"""Which roles the groups of `notifications.csv` are of."""
SAID: Mapping[str, str] = {
    "request_submitted": "A request for support that you sent, or that names you as the contact, has its reference",
    "request_without_service": "A request for support has no service yet",
    "request_withdrawn": "A school takes a request back",
    "request_declined": "A request that you sent, or that names you as the contact, is declined",
    "draft_expires": "A draft of yours will be deleted because nobody has changed it for long",
    "draft_handed_over": "A draft is handed over to you",
    "case_in_queue": "A case comes into the queue",
    "urgent_case_in_queue": "An urgent case comes into the queue",
    "case_assigned": "A case that you follow, or had, gets a new case manager",
    "unassigned_1_working_day": "A case has waited in the queue for a working day",
    "queued_5_working_days": "A case has waited in the queue for 5 working days",
    "clock_due_tomorrow": "The school of a case that you have is to be met on the next working day",
    "clock_passed": "A limit for meeting the school of a case has passed",
    "plan_review_due": "The plan of a case that you have is to be reviewed",
    "safety_review_due": "A safety note of a case that you have is to be looked at again",
    "transition_end_passed": "The expected end of a transition has passed",
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
    "file_infected": "A virus was found in a file that you added",
}
"""What `notifications.csv` calls an event, in words for whoever chooses. One that is not here tells nobody yet, or, as what is
announced to everybody, never by mail and always in the app: there is nothing to choose."""
SAID_ALWAYS = {"service_shared": "The service shares something on a case whose primary contact you are"}
SAID_OTHERWISE = {"service_shared": "The service shares something on another case that you follow"}
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
