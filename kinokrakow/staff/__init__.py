"""What staff meet on every page: logging in, who may open what, the admin's site, how numbers and times are written."""
