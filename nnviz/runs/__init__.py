"""Who owns time: runs with their threads, paused, stepped and watched from anywhere."""
