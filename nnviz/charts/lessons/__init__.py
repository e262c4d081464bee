"""The figures of the lessons: pure functions from findings and words to figures."""
