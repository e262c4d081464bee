"""nnviz without a page: train, resume, list, show and take away runs from a terminal."""
