"""How long a stored text may be, and how many rows a statement takes."""

SLUG = 255
URL = 2000
VERSION = 100
LONGEST_ID = 600
BATCH = 500  # rows a statement; SQLite allows 32,766 parameters
