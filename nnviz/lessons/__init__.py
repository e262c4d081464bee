"""What the lessons compute: a state in, findings out, and which tasks a state has solved. No screen."""
