"""What somebody did with the letters of a case, as its access log says it."""

from collections.abc import Mapping

from app.letters.batches.rules import PURPOSE_WORDS, RULE_WORDS
from app.letters.rules import BACK_WORDS, HOLD_WORDS, METHOD_WORDS

CODES_OF_LETTERS: Mapping[str, Mapping[str, str]] = {
    "method": METHOD_WORDS,
    "back": BACK_WORDS,
    "hold_reason": HOLD_WORDS,
    "purpose": PURPOSE_WORDS,
    "rule": RULE_WORDS,
}
OF_LADDERS: Mapping[str, str] = {
    "purpose": "What the letters are about",
    "rule": "To whom letters go",
    "skipped_why": "Why a letter is skipped",
    "posted_on": "When the letters were posted",
    **{f"name_{number}": f"Letter {number}: what it is called" for number in range(1, 7)},
    **{f"gap_{number}": f"Letter {number}: working days after the one before" for number in range(2, 7)},
    **{f"days_{number}": f"Letter {number}: from how many days absent on in a term" for number in range(1, 7)},
    "has_formal": "The last letter is a formal warning",
    "last_on": "Last day at school",
}
"""What stands in the forms of a ladder of letters and of a last day."""

LOG_OF_LETTERS: Mapping[str, str] = {
    "batch of letters": "opened a batch of letters",
    "students with letters due": "opened the students with letters due",
    "students to tick for letters": "opened the students to tick for letters",
    "letters of a batch": "opened the letters of a batch",
    "letters": "opened the letters",
    "letter": "opened a letter",
    "school letters": "opened the letters of the school",
    "school letter": "opened a letter of the school",
    "school letter record": "opened the record of a letter of the school",
    "letter of the school": "opened a letter of the school",
    "holiday.recorded": "recorded a holiday in term time",
    "holiday.ended": "took back a holiday in term time",
    "letter record": "opened the record of a letter",
    "letter check": "looked whether a file is a letter that was sent",
    "letter.previewed": "had a look at a letter",
    "letter.tried_again": "had a letter set again",
    "letter.made": "made a letter",
    "letter.made_in_batch": "made a letter together with others",
    "letter.sent_in_batch": "recorded that a letter was posted with others",
    "letter.voided_in_batch": "voided a letter together with others",
    "letter.sent": "recorded how a letter was sent",
    "letter.sending_corrected": "corrected how a letter was sent",
    "letter.mail_asked": "sent a letter by e-mail",
    "letter.mail_called_off": "called off that a letter goes by e-mail",
    "letter.mail_failed": "found that a letter cannot go by e-mail",
    "letter.came_back": "recorded what came back of a letter",
    "letter.facts_changed": "changed what a letter rests on",
    "letter.voided": "voided a letter",
    "letter.sign_off_asked": "asked that a formal warning be signed off",
    "letter.signed": "signed a formal warning off",
    "letter.sent_back": "sent a formal warning back unsigned",
    "letter.excepted": "let a letter be written out of its turn",
    "letter.exception_ended": "took back that a letter may be written out of its turn",
    "letter.ladder_moved": "moved the letters to another ladder",
    "letter.ladder_restarted": "had the letters to a caregiver begin again",
    "letters.held": "held letters back",
    "letters.let_go": "ended a hold on letters",
}
