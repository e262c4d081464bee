"""The lessons, a folder each: its state and study, results, figures, texts and page."""
