"""Many students at once, as the roll of their school tells of them."""
