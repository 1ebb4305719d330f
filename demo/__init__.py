"""The demonstration: a sign-in server with invented people, and a place that catches the portal's mail.

Never part of a real portal: `app/` cannot import it, it listens on this machine only, and it refuses
production settings.
"""
