"""What a service finds, agrees and writes down on its cases, in the demonstration. `{name}` is the student."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Aim:
    """What is aimed at where a barrier is in the way; what is done for it, and who does it."""

    goal: str
    action: str
    who: str
    about: str
    """What was said of the barrier."""


AIMS = {
    "belonging": Aim(
        "{name} has somewhere to be at lunch time", "Kapa haka with the tutor’s group", "Tutor", "Sits alone at lunch."
    ),
    "bullying": Aim(
        "{name} feels safe between classes",
        "Restorative meeting, with a support person of {name}’s choice",
        "Dean",
        "It goes on online, after school.",
    ),
    "caring_duties": Aim(
        "Somebody else takes the little ones on two mornings",
        "Ask for a place at the early childhood centre",
        "Case manager",
        "The adults start work at five.",
    ),
    "disability_learning": Aim(
        "{name} can follow what is taught", "Learning support sits in twice a week", "Learning support", "Gets lost."
    ),
    "housing": Aim(
        "The family knows where they live until winter", "Go along to the housing office", "Case manager", "A motel."
    ),
    "mental_health": Aim(
        "{name} has somebody to talk with every week", "Counsellor on Wednesdays", "Counsellor", "Sleeps badly."
    ),
    "poverty": Aim("There is lunch every day", "Put {name} on the lunch list", "Office", "Stays home without lunch."),
    "sleep_routine": Aim(
        "{name} is up at seven on school days", "Phone stays in the kitchen at night", "Mum", "Up until three."
    ),
    "timetable": Aim(
        "A timetable that {name} wants to come for", "Swap option two for technology", "Dean", "Likes hard materials."
    ),
    "transience": Aim(
        "The school knows where {name} stays", "A message on Sunday evenings", "Aunty", "Two houses, week by week."
    ),
    "transport": Aim("{name} gets to school on Mondays", "Bus card", "Case manager", "The bus is a long walk away."),
    "wants_to_leave": Aim(
        "{name} tries a trade two days a week", "Gateway place with a builder", "Careers adviser", "Wants to earn."
    ),
    "whanau_crisis": Aim(
        "{name} comes back at a pace that holds", "Three mornings to begin with", "Kaiārahi", "It was the koro."
    ),
    "whanau_not_engaging": Aim(
        "Whānau and school talk once a week", "Ring the nan on Fridays", "Case manager", "Numbers change often."
    ),
}
AGREED_WITH = "{name} and whānau, at home"
SCHOOL_MET = "Met with the dean. {name} is missed; two teachers asked after {name}."
NOT_HOME = "Nobody home. Left a card with the neighbour."
VISITED = "Sat down with {name} and whānau. They are glad that somebody came."
NEXT = ("Ring whānau about last week", "Ask the dean how the mornings go", "See {name} at school")
REVIEWED = {
    "better": "Five days a week since the last review.",
    "same": "Mondays are as before. We try another morning.",
    "more_complex": "More than mornings: the house has too many people in it. We need more hands than ours.",
}
