"""What schools ask and what people write, in the demonstration. `{name}` is the student, `{days}` the days absent."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One reason for a request, with what belongs to it."""

    reason: str
    actions: tuple[str, ...]
    barriers: tuple[str, ...]
    """Codes of barriers.csv."""
    engagement: str
    urgent_why: str = ""
    safety_kind: str = ""
    """dog, person, place, health, other (SHARE-8); empty where nothing is known."""
    safety_fact: str = ""


CALLED_HOME = "Tutor phoned home; spoke with the caregiver"
TEXTED = "Text messages on each day of absence, no answer"
MET = "Whānau met with the dean at school"
LETTER = "Letter home about the days missed"
VISITED = "Dean visited; nobody was home"
LESSONS = "Work sent home and a lighter timetable offered"

STORIES = (
    Story(
        "{name} has missed {days} days this term. Comes late in the week and not at all on Mondays. Says the mornings are hard.",
        (CALLED_HOME, LETTER, LESSONS),
        ("sleep_routine", "belonging"),
        "Talks to one teacher. Whānau answers the phone and wants help.",
    ),
    Story(
        "{days} days absent since the family moved. The bus no longer goes past the new address and there is one car.",
        (CALLED_HOME, MET),
        ("transport", "housing"),
        "Whānau came to school and is keen for {name} to be back.",
    ),
    Story(
        "{name} stopped coming after a falling-out with a group of friends: {days} days. Online messages went on after school.",
        (MET, "Restorative meeting offered; not taken up yet", LESSONS),
        ("bullying", "mental_health"),
        "{name} answers messages from the counsellor. Whānau is worried.",
        urgent_why="{name} told the counsellor of not sleeping and not eating; the school nurse has seen {name} once.",
    ),
    Story(
        "{days} days absent this term. {name} looks after two younger children in the mornings while the adults work early shifts.",
        (CALLED_HOME, VISITED, TEXTED),
        ("caring_duties", "poverty"),
        "Whānau is glad to talk in the evening, not in the daytime.",
        safety_kind="dog",
        safety_fact="Large dog loose behind the gate. Phone from the road before going in.",
    ),
    Story(
        "No contact for three weeks; {days} days absent. Phone numbers on the roll no longer work and a letter came back.",
        (TEXTED, LETTER, VISITED),
        ("transience", "whanau_not_engaging"),
        "Nobody reached so far.",
    ),
    Story(
        "{name} finds classes hard to follow and leaves at lunch time. {days} days absent this term, mostly afternoons.",
        (MET, LESSONS, "Learning support coordinator has met {name} twice"),
        ("disability_learning", "timetable"),
        "{name} likes hard-materials technology and never misses it. Whānau comes to meetings.",
    ),
    Story(
        "Bereavement in the whānau in the holidays. {days} days absent since; {name} came back for two days in week four.",
        (CALLED_HOME, "Kaiārahi visited with the dean"),
        ("whanau_crisis",),
        "Whānau has asked for time and would like someone to come with the kaiārahi.",
    ),
    Story(
        "{days} days absent. {name} wants to work with an uncle and does not see what school is for.",
        (MET, "Careers adviser offered a Gateway place", LETTER),
        ("wants_to_leave",),
        "{name} talks openly. Whānau is of two minds.",
        safety_kind="place",
        safety_fact="Long unlit drive with a washed-out culvert. Go in daylight.",
    ),
)


@dataclass(frozen=True)
class Comment:
    """What somebody wrote. voice: school, case_manager, workflow_lead; audience: shared, service, restricted."""

    voice: str
    audience: str
    text: str


COMMENTS = (
    Comment(
        "school", "shared", "{name} was in class on Tuesday and stayed for the whole day. First time in a fortnight."
    ),
    Comment(
        "school", "shared", "The dean can meet any day after 3 pm this week. The small room by the office is free."
    ),
    Comment("school", "shared", "We have changed option two to hard-materials technology, as {name} asked."),
    Comment("school", "shared", "A new phone number from the aunty is on the roll now. She is happy to be called."),
    Comment(
        "case_manager", "shared", "Met {name} and whānau at home. We agreed on three mornings next week to start with."
    ),
    Comment(
        "case_manager", "shared", "Could the school send the timetable for the rest of the term? {name} has lost it."
    ),
    Comment(
        "case_manager",
        "shared",
        "The bus pass has come. {name} will use it from Monday; a wave at the gate would help.",
    ),
    Comment(
        "case_manager",
        "service",
        "Two visits, nobody home. The neighbour says they are back on Sunday. I try again then.",
    ),
    Comment(
        "case_manager",
        "service",
        "Kōrero with the nan went well. She would rather we came to the marae than to the house.",
    ),
    Comment(
        "case_manager", "restricted", "Whānau asked that what was said about the separation stays with us for now."
    ),
    Comment(
        "workflow_lead", "service", "Same whānau as an earlier case; please read that plan before the first visit."
    ),
    Comment("workflow_lead", "service", "I cover Thursday and Friday. Ring me before any home visit."),
    Comment("workflow_lead", "shared", "Your case manager has the request and calls the primary contact by tomorrow."),
    Comment(
        "workflow_lead", "restricted", "Talked through the health question in supervision. Nothing to pass on yet."
    ),
)
