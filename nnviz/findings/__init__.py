"""What the lessons find: frozen numbers, no torch."""
