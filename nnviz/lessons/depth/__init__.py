"""The lesson on why depth needs a non-linearity."""
