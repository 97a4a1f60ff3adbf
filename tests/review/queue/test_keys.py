"""A morning's queue by keyboard, counted: what each key does is read off the page, as the page's script does."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from events.models import ListedFilm
from review.models import Decision
from review.queue import order
from tests.review.listing import MINUTE, NOW, OTHER, SAMURAI, propose, reviewer, store

GROUPED = {
    "dama": ("dama", "dama-2d-dubbing", "ladies-night-dama"),
    "zlodziej": ("zlodziej", "zlodziej-2d-napisy"),
    "wrona": ("wrona", "wrona-3d"),
}
ALONE = (
    "agrest", "burza", "cisza", "drozd", "echo", "fala", "gniew", "humor", "iskra", "jutro", "kamyk", "latawiec",
    "mgla", "nikt", "okno", "podroz", "rzeka", "sztorm", "trzcina", "ucieczka", "widok", "zamek", "zorza", "brzoza",
    "kowal", "lipiec", "marzec",
)  # fmt: skip
#: Question by question: most are the first candidate, three the second, three not on TMDB, one no film, two two films.
ANSWERS = [*["1"] * 21, *["2"] * 3, *["n"] * 3, "f", *["m12\n"] * 2]
MOST = 36


class Keyboard:
    """Presses keys on the page that it has open, and counts them."""

    def __init__(self, client: Client) -> None:
        self.client, self.pressed = client, Counter[str]()
        self.page = self._read(client.get(reverse("review")))
        self.several = False

    def press(self, key: str) -> None:
        self.pressed[key] += 1
        if self.several and key == "\n":
            (button,) = self.page.cssselect("[data-several]")
            return self._send(button)
        ticks = self.page.cssselect(f'[data-tick="{key}"]') if self.several else []
        (element,) = ticks or self.page.cssselect(f'[data-key="{key}"]')
        if ticks:
            element.set("checked", "")
        elif element.tag == "summary":
            self.several = True
        else:
            self._send(element)
        return None

    def _send(self, button: Any) -> None:
        form = (
            self.page.get_element_by_id(button.get("form"))
            if button.get("form")
            else next(button.iterancestors("form"))
        )
        assert form.method == "POST"
        fields = [(name, value) for name, value in form.form_values()]
        also = [(box.get("name"), box.get("value")) for box in self.page.cssselect('[form="several"][checked]')]
        sent: dict[str, list[str]] = {}
        for name, value in [*fields, *(also if self.several else ()), (button.get("name"), button.get("value"))]:
            sent.setdefault(name, []).append(value)
        self.several = False
        self.page = self._read(self.client.post(form.action, sent, follow=True))

    def _read(self, answer: Any) -> Any:
        assert answer.status_code == 200
        return html.document_fromstring(answer.content.decode())


@pytest.mark.once
@pytest.mark.django_db
def test_thirty_questions_three_of_them_grouped_take_36_keys_at_most(client: Client) -> None:
    with time_machine.travel(NOW + 2 * MINUTE, tick=False):
        for slug in (*ALONE, *(slug for slugs in GROUPED.values() for slug in slugs)):
            propose(store(slug), (SAMURAI, 64.0), (OTHER, 61.0))
        anna = reviewer("anna")
        anna.user_permissions.set(Permission.objects.filter(codename__in=("decide", "undo")))
        client.force_login(anna)
        keys = Keyboard(client)
        for answer in ANSWERS:
            for key in answer:
                keys.press(key)
        assert order.tally(timezone.now()).open == 0
        assert len(ANSWERS) == len(ALONE) + len(GROUPED)
        assert keys.pressed.total() <= MOST
        decided = Counter(Decision.objects.values_list("verb", flat=True))
        assert decided.total() == ListedFilm.objects.count() == 34
        assert set(decided) == {"accept", "not_on_tmdb", "not_a_film", "several_films"}
