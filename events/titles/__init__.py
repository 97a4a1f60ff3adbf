"""Reading titles, pure: what is noise, which parts there are, how words and names are spelled."""
