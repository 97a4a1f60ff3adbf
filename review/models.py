"""What the matcher proposed, and what people decided."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from events.models import ListedFilm


class MatchCandidateQuerySet(models.QuerySet["MatchCandidate"]):
    def offered(self) -> MatchCandidateQuerySet:
        """What a person may still be asked about: a rejected pair is never offered again."""
        return self.exclude(state=MatchCandidate.State.REJECTED)


class MatchCandidate(models.Model):
    """One of TMDB's films that may be the listed one, with the reasons for its score, best first by `rank`."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    film = models.ForeignKey(
        ListedFilm, on_delete=models.CASCADE, related_name="candidates", verbose_name=_("listed film")
    )
    tmdb_id = models.BigIntegerField(_("TMDB id"))
    rank = models.PositiveSmallIntegerField(_("rank"))
    score = models.FloatField(_("score (%)"))
    facts = models.JSONField(_("facts"), help_text=_("The film as TMDB described it when it was asked."))
    reasons = models.JSONField(_("reasons"), help_text=_("Reasons, most important first."))
    lift = models.TextField(_("what would raise the score"), blank=True, default="")
    asked_at = models.DateTimeField(_("asked at"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)

    objects = MatchCandidateQuerySet.as_manager()

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


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> DecisionQuerySet:
        return self.filter(undone_at__isnull=True)

    def verdicts(self) -> DecisionQuerySet:
        """Standing decisions that say whether what the program proposed was right."""
        return self.standing().exclude(verb=Decision.Verb.DEFER).filter(proposed__isnull=False)


class Decision(models.Model):
    """What a person said of a listed film, what was known then, and what it takes to undo it."""

    class Verb(models.TextChoices):
        ACCEPT = "accept", _("accepted")
        CONFIRM = "confirm", _("confirmed")
        NOT_ON_TMDB = "not_on_tmdb", _("marked: not on TMDB")
        NOT_A_FILM = "not_a_film", _("marked: not a film")
        SEVERAL_FILMS = "several_films", _("marked: several films")
        DEFER = "defer", _("deferred")

    class Origin(models.TextChoices):
        QUEUE = "queue", _("queue")
        AUDIT = "audit", _("audit")
        BULK = "bulk", _("list")

    film = models.ForeignKey(
        ListedFilm, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("listed film")
    )
    verb = models.CharField(_("decision"), max_length=16, choices=Verb.choices)
    origin = models.CharField(_("made in"), max_length=8, choices=Origin.choices, default=Origin.QUEUE)
    # An account that has decided can be deactivated, not deleted: who decided stays known.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("decided by")
    )
    at = models.DateTimeField(_("decided at"))
    revision = models.PositiveIntegerField(_("revision of the film that was decided on"), default=0)
    open_since = models.DateTimeField(_("open since"), null=True, blank=True)
    tmdb_ids = models.JSONField(_("TMDB ids"), default=list, help_text=_("TMDB ids of the matched films"))
    note = models.TextField(_("note"), blank=True, default="")
    proposed = models.BigIntegerField(_("proposed TMDB id"), null=True, blank=True)
    score = models.FloatField(_("its score (%)"), null=True, blank=True)
    status_before = models.CharField(_("matching before"), max_length=16, choices=ListedFilm.Match.choices)
    showtimes = models.PositiveIntegerField(_("showtimes moved"), default=0)
    facts = models.JSONField(_("facts then"), encoder=DjangoJSONEncoder)
    before = models.JSONField(_("state before"), help_text=_("What undo restores."))
    #: Shared by the decisions on all listings of a film that were made as one.
    group = models.UUIDField(_("made together"), null=True, blank=True, editable=False)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("undone by"),
    )  # fmt: skip

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["at"])]
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("decide", _("Can decide which film is listed")),
            ("undo", _("Can undo decisions")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="undone_by_somebody_at_some_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.film}: {self.get_verb_display()}"

    def together(self) -> DecisionQuerySet:
        """This one and those that were made with it, on other listings of the same film."""
        return Decision.objects.filter(Q(pk=self.pk) | Q(group__isnull=False, group=self.group))

    @property
    def right(self) -> bool:
        """Whether it is what the program had proposed, and nothing besides."""
        return bool(self.tmdb_ids == [self.proposed])

    @property
    def candidates(self) -> list[dict[str, Any]]:
        """What was proposed then, with scores and reasons, best first."""
        offered: list[dict[str, Any]] = self.before["candidates"]
        return sorted(offered, key=lambda row: row["rank"])


class Bulk(models.Model):
    """Candidates of many films that somebody chose at once, to be accepted in the background."""

    group = models.UUIDField(_("made together"), unique=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("asked for at"))
    #: Of each: the listed film, its revision as it was chosen, the TMDB id.
    chosen = models.JSONField(_("chosen"))
    #: Of each that was left as it was: the film and why.
    left = models.JSONField(_("left as they were"), default=list)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("bulk decision")
        verbose_name_plural = _("bulk decisions")
        default_permissions = ()  # who may see decisions sees these

    def __str__(self) -> str:
        return f"{self.by}, {date_format(timezone.localtime(self.at), 'j.m.Y H:i')}"

    def decisions(self) -> DecisionQuerySet:
        """What was accepted and stands."""
        return Decision.objects.standing().filter(group=self.group)
