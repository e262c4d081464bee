"""The lesson on the edge of stability."""
