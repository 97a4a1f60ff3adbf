"""The review pages of the admin: what waits, in which order, one question, and a person's answer to it."""
