"""Reading the site, day by day, and telling whether anything is missing."""
