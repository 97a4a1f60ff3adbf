"""What is on for other programs: calendars and schema.org, with what a calendar's entry needs besides."""
