"""Caregivers, as whoever works a case sees and changes what is recorded of them (CASE-14)."""
