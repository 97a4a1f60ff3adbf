"""Reading titles, pure: what is noise, what is a part of a title, how words are spelled. Matching and duplicates use it."""
