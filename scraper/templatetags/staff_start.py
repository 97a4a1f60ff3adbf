"""The tag of the admin's first page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from scraper.dashboard import start

register = template.Library()


@register.simple_tag(takes_context=True)
def start_cards(context: dict[str, Any]) -> list[start.Card]:
    return start.cards(context["request"].user, timezone.now())
