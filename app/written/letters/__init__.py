"""The pages of one letter, of a service's or of a school's, as far as they are alike."""
