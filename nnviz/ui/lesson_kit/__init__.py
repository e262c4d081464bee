"""What the pages of the lessons are made of."""
