"""What keeps a student that a school added by hand where they are."""

DRAFT_DELETED, STUDENT_DELETED = "draft.deleted", "student.deleted"
TELL_SERVICE = "If they are not yours after all, tell whoever has the case; its page says who that is."
REASONS = {
    "on_roll": (
        "Your roll names this student by now.",
        "It takes them off your list when it says that they have left.",
    ),
    "by_others": ("It was not your school that recorded that this student is enrolled here.", "Ask whoever did."),
    "is_asked_for": ("Your school has asked for support with this student.", TELL_SERVICE),
    "has_case": ("Your school sees a case of this student.", TELL_SERVICE),
    "has_record": ("Your school has recorded more of this student by now.", "It stays as it is."),
}
"""Each with what to do; the first that is true is said."""
