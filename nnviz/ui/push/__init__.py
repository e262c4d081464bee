"""The line by which the server pushes what is new to the boards."""
