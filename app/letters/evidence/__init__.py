"""What a letter is evidence of: whether what it rests on still holds (L8), and whether a file is the letter that was sent."""
