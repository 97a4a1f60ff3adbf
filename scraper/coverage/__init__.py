"""How much was listed and how much was to be expected: readings of days, shortfalls. Reads only."""
