"""The fault gallery."""
