"""Roles that somebody asks for, or is named to need, and an authoriser gives or refuses (A2, CASE-3)."""
