"""The tag that marks a number with its name and says what it counts."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kinokrakow.staff import readable as people
from kinokrakow.staff.numbers import DEFINITIONS

register = template.Library()


@register.simple_tag
def number(name: str, value: float | None, of: str = "") -> SafeString:
    """`of`: what tells several of that name apart, a tab or a day. None is a dash."""
    shown = "–" if value is None else people.decimal(value) if isinstance(value, float) else number_format(value)
    key = f"{name}:{of}" if of else name
    plain = "" if value is None else round(value, 1)
    return format_html(
        '<b class="k-number" data-number="{}" data-value="{}" title="{}">{}</b>',
        key,
        str(plain),
        DEFINITIONS[name],
        shown,
    )
