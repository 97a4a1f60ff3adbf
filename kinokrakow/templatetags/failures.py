"""The filter that says a stored error in the reader's language."""

from __future__ import annotations

from django import template

from kinokrakow.staff import failures

register = template.Library()
register.filter("said", failures.said)
