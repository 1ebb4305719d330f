"""Organisations, the people in them, the roles they hold, and their sign-ins."""
