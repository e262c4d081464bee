"""All words that a reader meets, in tables."""
