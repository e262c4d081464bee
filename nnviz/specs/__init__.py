"""What to run: frozen descriptions that stand in a link. Standard library only."""
