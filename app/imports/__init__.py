"""What the operator brings in from files: places, calendars, rolls, and cases of other systems (O5)."""
