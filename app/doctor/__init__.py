"""`flask doctor`: what is wrong, in plain words, and how to mend it; without a word about people."""
