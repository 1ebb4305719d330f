"""Roles as an organisation has them: who holds which, given, ended, looked at again each year (A2)."""
