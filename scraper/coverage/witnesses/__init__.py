"""Other listings of Kraków's showtimes, asked only to count with: do they know of starts that we lack?"""
