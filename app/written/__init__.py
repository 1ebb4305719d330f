"""What a school and a service write on a case, the same pages for both; and who holds which role there or at the Ministry.
Each at its own addresses."""

from flask import Blueprint

from app.core.web.guards import ViewFunction
from app.written import (
    attendance,
    contacts,
    enrolment,
    entries,
    ladders,
    letterhead,
    matches,
    safety,
    statement,
    student,
    unsent,
    unusual,
)
from app.written.batches import batch, ends
from app.written.batches import listing as batches
from app.written.people import ending, giving, listing, requests
from app.written.wordings import editing
from app.written.wordings import listing as wordings
from app.written.wordings import pages as text_pages

Pages = tuple[tuple[str, str, ViewFunction, str], ...]
CASE = "/cases/<number>"
ELSEWHERE = f"{CASE}/student/enrolment/<school>"
ENTRY = f"{CASE}/entries/<public_id>"
PAGES: Pages = (
    (f"{CASE}/comments/unsent", "unsent_note", unsent.unsent_note, "GET"),
    (f"{CASE}/comments/unsent", "save_note", unsent.save_note, "POST"),
    (f"{CASE}/files", "add_note_files", unsent.add_note_files, "POST"),
    (f"{CASE}/files/<file>/removal", "take_off_note_file", unsent.take_off_note_file, "POST"),
    (f"{ENTRY}/undo", "undo", entries.undo_sharing, "POST"),
    (f"{ENTRY}/share-now", "share_now", entries.share_at_once, "POST"),
    (f"{ENTRY}/text", "text", entries.text, "GET"),
    (f"{ENTRY}/text", "set_text", entries.set_text, "POST"),
    (f"{ENTRY}/text/unsent", "save_text", entries.save_text, "POST"),
    (f"{ENTRY}/retraction", "retraction", entries.retraction, "GET"),
    (f"{ENTRY}/retraction", "set_retraction", entries.set_retraction, "POST"),
    (f"{ENTRY}/former-texts", "former", entries.former, "GET"),
    (f"{CASE}/privacy", "statement", statement.statement, "GET"),
    (f"{CASE}/privacy", "set_statement", statement.set_statement, "POST"),
    (f"{CASE}/attendance", "attendance", attendance.attendance, "GET"),
    (f"{CASE}/attendance", "tell_attendance", attendance.tell_attendance, "POST"),
    (f"{CASE}/student", "student", student.student, "GET"),
    (f"{CASE}/student/change", "student_form", student.change, "GET"),
    (f"{CASE}/student/change", "set_student", student.set_student, "POST"),
    (f"{CASE}/student/enrolment", "enrolment", enrolment.enrolment, "GET"),
    (f"{CASE}/student/enrolment", "add_enrolment", enrolment.add_enrolment, "POST"),
    (f"{ELSEWHERE}/retraction", "enrolment_retraction", enrolment.enrolment_retraction, "GET"),
    (f"{ELSEWHERE}/retraction", "retract_enrolment", enrolment.retract_enrolment, "POST"),
    (f"{CASE}/safety", "safety", safety.safety, "GET"),
    (f"{CASE}/safety", "note_safety", safety.add, "POST"),
    (f"{CASE}/safety/note", "safety_one", safety.note, "GET"),
    (f"{CASE}/safety/note", "review_safety", safety.review, "POST"),
    (f"{CASE}/safety/ending", "end_safety", safety.end, "POST"),
    (f"{CASE}/contacts", "contacts", contacts.contacts, "GET"),
    (f"{CASE}/contacts/primary", "primary_contact", contacts.primary, "GET"),
    (f"{CASE}/contacts/primary", "set_primary_contact", contacts.set_primary, "POST"),
    (f"{CASE}/contacts/secondary", "secondary_contact", contacts.secondary, "GET"),
    (f"{CASE}/contacts/secondary", "name_secondary_contact", contacts.name_secondary, "POST"),
    (f"{CASE}/contacts/cover", "contact_cover", contacts.cover, "GET"),
    (f"{CASE}/contacts/cover", "set_contact_cover", contacts.set_cover, "POST"),
    (f"{CASE}/contacts/ending", "end_contact", contacts.end, "POST"),
    ("/access/", "unusual_access", unusual.unusual, "GET"),
    ("/settings/letterhead", "letterhead", letterhead.letterhead, "GET"),
    ("/settings/letterhead", "set_letterhead", letterhead.set_letterhead, "POST"),
    ("/settings/letterhead/logo", "letterhead_logo", letterhead.letterhead_logo, "GET"),
    ("/settings/letterhead/letter.pdf", "letterhead_sample", letterhead.letterhead_sample, "GET"),
    ("/settings/letterhead/letter.png", "letterhead_picture", letterhead.letterhead_picture, "GET"),
)
PEOPLE: Pages = (
    ("/people/", "people", listing.people, "GET"),
    ("/people/reviews", "set_reviewed", listing.set_reviewed, "POST"),
    ("/people/new", "new_role", giving.new, "GET"),
    ("/people/new", "give_role", giving.give, "POST"),
    ("/people/requests/<public_id>", "role_request", requests.asked, "GET"),
    ("/people/requests/<public_id>/giving", "give_asked", requests.give_it, "POST"),
    ("/people/requests/<public_id>/refusal", "refuse_asked", requests.refuse_it, "POST"),
    ("/people/<public_id>/left", "left", ending.left, "GET"),
    ("/people/<public_id>/left", "hand_on", ending.hand_on, "POST"),
    ("/people/<public_id>/<role>/ending", "role_ending", ending.ending, "GET"),
    ("/people/<public_id>/<role>/ending", "end_role", ending.end, "POST"),
)
MATCHES: Pages = (
    ("/matches/", "matches", matches.matches, "GET"),
    ("/matches/<public_id>/same", "confirm_match", matches.confirm_match, "POST"),
    ("/matches/<public_id>/not-the-same", "part_match", matches.part_match, "POST"),
)
TEXT = "/settings/letters/<purpose>/<step>/<language>"
LADDER = "/settings/ladders/<purpose>"
VERSION = f"{TEXT}/versions/<public_id>"
TEXTS: Pages = (
    ("/settings/letters/", "letter_texts", wordings.texts, "GET"),
    ("/settings/letters/new", "new_letter_text", wordings.new, "GET"),
    (f"{TEXT}/", "letter_text", wordings.text, "GET"),
    (f"{TEXT}/edit", "letter_text_form", editing.edit, "GET"),
    (f"{TEXT}/edit", "set_letter_text", editing.set_text, "POST"),
    (VERSION, "letter_text_version", editing.version, "GET"),
    (f"{VERSION}/use", "use_letter_text", editing.use, "POST"),
    (f"{TEXT}/ending", "end_letter_text", wordings.end, "POST"),
    (f"{TEXT}/pages", "letter_text_pages", text_pages.pages, "GET"),
    (f"{TEXT}/pages/<size>/<how>/<int(max=999):page>", "letter_text_page", text_pages.page, "GET"),
    (f"{VERSION}/pages", "letter_text_version_pages", text_pages.pages, "GET"),
    (f"{VERSION}/pages/<size>/<how>/<int(max=999):page>", "letter_text_version_page", text_pages.page, "GET"),
    ("/settings/ladders/", "ladders", ladders.ladders, "GET"),
    (f"{LADDER}", "ladder", ladders.ladder, "GET"),
    (f"{LADDER}", "set_ladder", ladders.set_ladder, "POST"),
    (f"{LADDER}/ours", "ladder_ours", ladders.ladder_ours, "GET"),
    (f"{LADDER}/ours", "set_ladder_ours", ladders.set_ladder_ours, "POST"),
)

BATCH, BATCH_LINE = "/letters/batches/<public_id>", "/letters/batches/<public_id>/lines/<int(max=9999):place>"
BATCHES: Pages = (
    ("/letters/batches/", "batches", batches.batches, "GET"),
    (f"{BATCH}/", "batch", batch.batch, "GET"),
    (f"{BATCH}/look-again", "look_through_again", batch.look_through_again, "POST"),
    (f"{BATCH}/making", "make_batch", batch.make_batch, "POST"),
    (f"{BATCH}/cancelling", "cancel_batch", batch.cancel_batch, "POST"),
    (f"{BATCH}/print-file", "print_file_again", batch.print_file_again, "POST"),
    (f"{BATCH_LINE}/skipping", "skipping", batch.skipping, "GET"),
    (f"{BATCH_LINE}/skipping", "set_skipping", batch.set_skipping, "POST"),
    (f"{BATCH_LINE}/back", "set_line_back", batch.set_line_back, "POST"),
    (f"{BATCH}/letters.pdf", "batch_pdf", batch.batch_pdf, "GET"),
    (f"{BATCH}/posting-list", "batch_list", batch.batch_list, "GET"),
    (f"{BATCH}/posting-list.csv", "batch_csv", batch.batch_csv, "GET"),
    (f"{BATCH}/posting", "batch_posting", ends.batch_posting, "GET"),
    (f"{BATCH}/posting", "set_batch_posting", ends.set_batch_posting, "POST"),
    (f"{BATCH}/undoing", "batch_undoing", ends.batch_undoing, "GET"),
    (f"{BATCH}/undoing", "set_batch_undoing", ends.set_batch_undoing, "POST"),
)


def add_pages(bp: Blueprint) -> None:
    """The pages of an audience that has cases."""
    _add(bp, PAGES)
    add_people_pages(bp)


def add_people_pages(bp: Blueprint) -> None:
    """Who holds which role, for any audience."""
    _add(bp, PEOPLE)


def add_match_pages(bp: Blueprint) -> None:
    """Two records that may be one student, for audiences that decide it."""
    _add(bp, MATCHES)


def add_text_pages(bp: Blueprint) -> None:
    """The texts of letters and their ladders, for audiences that write some."""
    _add(bp, TEXTS)


def add_batch_pages(bp: Blueprint) -> None:
    """Batches of letters, for audiences that write some."""
    _add(bp, BATCHES)


def _add(bp: Blueprint, pages: Pages) -> None:
    for address, name, view, method in pages:
        bp.add_url_rule(address, name, view, methods=[method])
