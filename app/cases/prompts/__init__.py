"""Whom it tells that marks ask something: a school's people, and the case manager where there is a case (ATT-3)."""
