"""The commands: a module each, whose `run` carries it out and returns its exit status."""
