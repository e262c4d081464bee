"""Who looks at what, and who may steer it: no screen."""
