"""How numbers are written."""


def number(value: float) -> str:
    """Write a number of a scale: 10,000 and 0.003 and 1e-05."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"
