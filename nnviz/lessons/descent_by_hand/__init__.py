"""The lesson on gradient descent by hand."""
