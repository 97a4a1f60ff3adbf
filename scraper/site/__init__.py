"""The site's pages: which addresses there are, how a day is asked for, and what is read off a page."""
