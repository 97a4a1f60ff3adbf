"""The matcher, pure: from what is known of a listed film and of TMDB's candidates to scores with reasons."""
