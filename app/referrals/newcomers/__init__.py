"""A student whom a school added by hand, and by mistake, is taken back (REQ-10, CAL-5)."""
