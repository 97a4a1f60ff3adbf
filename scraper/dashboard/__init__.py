"""The coverage pages of the admin: the week, a day, the runs, alerts; and the admin's first page."""
