"""What people are told, in a few words."""

WORDS = {
    "case.assigned": "A case has a new case manager",
    "case.taken_from": "A case you had was given to somebody else",
    "case.transfer_asked": "A request asks for a case to go to another service",
    "comment.added": "A note was shared",
    "comment.audience_changed": "A note was shared",
    "draft.end_announced": "A draft that nobody has changed for long will be deleted",
    "draft.handed_over": "A draft was handed over to you",
    "file.infected": "A virus was found in a file that you added, so it was deleted",
    "letter.came_back": "What came back of a letter was recorded",
    "letter.made": "A letter was made",
    "letter.sending_corrected": "How a letter was sent was corrected",
    "letter.sent": "A letter was sent",
    "letter.voided": "A letter was voided",
    "referral.submitted": "A request for support was sent",
    "role.given": "You have another role",
    "role.asked": "Somebody asks for a role here",
    "role.named": "Somebody was named who has no role here yet",
    "role.refused": "A role that you asked for was refused",
}
"""Of each event, by its name; a mail says them too, so they name nobody."""
