"""The live board: what it is sent, how it is served, and what it reports."""
