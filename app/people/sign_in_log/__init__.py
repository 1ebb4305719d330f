"""Who signed in when, and how it ended."""
