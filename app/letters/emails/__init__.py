"""Letters by e-mail: the PDF attached, to an address that the caregiver chose (LET-7)."""
