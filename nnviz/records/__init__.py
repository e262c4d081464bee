"""What a run leaves behind: frozen numbers, no torch."""
