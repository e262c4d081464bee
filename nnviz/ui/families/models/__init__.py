"""The models' pages, a module each: what its boards show, and what its cards set up."""
