"""What goes wrong in a run, told from what was measured of it: one function a rule."""
