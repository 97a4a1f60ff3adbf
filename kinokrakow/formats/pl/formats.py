"""Dates as the pages of the programme write them."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j.m.Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j.m.Y H:i"
TIME_FORMAT = "H:i"
