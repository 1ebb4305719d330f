"""Backup, restore and their rehearsals: everything the portal keeps, in one file, compared down to hashes."""
