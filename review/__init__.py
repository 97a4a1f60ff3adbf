"""Matching listed films with TMDB's movies, and the people who decide what the matcher leaves open."""
