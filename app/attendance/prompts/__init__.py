"""What marks ask of a school: a code left over, an approval that is too long, weeks without a day at school (ATT-3)."""
