"""The lesson on what learning is."""
