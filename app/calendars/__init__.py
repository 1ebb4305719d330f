"""Holidays, and clocks of working days that explain themselves."""
