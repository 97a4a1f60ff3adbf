"""What the matcher proposed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models import ListedFilm


class MatchCandidate(models.Model):
    """One of TMDB's films that may be the listed one, with the reasons for its score, best first by `rank`."""

    film = models.ForeignKey(
        ListedFilm, on_delete=models.CASCADE, related_name="candidates", verbose_name=_("listed film")
    )
    tmdb_id = models.BigIntegerField(_("TMDB id"))
    rank = models.PositiveSmallIntegerField(_("rank"))
    score = models.FloatField(_("score (%)"))
    facts = models.JSONField(_("facts"), help_text=_("The film as TMDB described it when it was asked."))
    reasons = models.JSONField(_("reasons"), help_text=_("Signals, the weightiest first."))
    lift = models.TextField(_("what would lift it"), blank=True, default="")
    asked_at = models.DateTimeField(_("asked at"))

    class Meta:
        verbose_name = _("match candidate")
        verbose_name_plural = _("match candidates")
        ordering: ClassVar = ["film", "rank"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["film", "tmdb_id"], name="one_candidate_per_film_and_tmdb_id")
        ]

    def __str__(self) -> str:
        return f"{self.facts.get('title', self.tmdb_id)} ({self.score:.0f} %)"


class NowPlaying(models.Model):
    """A film in TMDB's now-playing list for Poland, as of the day the list was read."""

    tmdb_id = models.BigIntegerField(_("TMDB id"), unique=True)
    read_at = models.DateTimeField(_("read at"))

    class Meta:
        verbose_name = _("now playing in Poland")
        verbose_name_plural = _("now playing in Poland")

    def __str__(self) -> str:
        return str(self.tmdb_id)
