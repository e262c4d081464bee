"""Runs that stay: saved as they go, in a folder each, in formats that anybody can read."""
