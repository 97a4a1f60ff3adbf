"""The database as a whole: backup and restore, and what to do when it can't be used."""
