"""How dates and times are written, by language: one style, 24 hours."""
