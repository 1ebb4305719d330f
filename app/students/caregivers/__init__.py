"""Caregivers: who they are, how they are reached, and whether a whānau can be reached at all (CASE-14)."""
