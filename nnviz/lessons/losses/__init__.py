"""The lesson on losses and likelihood."""
