"""What witnesses said: their cinemas, each look, and the differences that are followed from look to look."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from kinokrakow.staff import names

NAME = 32


def _moment(at: dt.datetime) -> str:
    return date_format(localtime(at), "j.m.Y H:i")


class WitnessCinema(models.Model):
    """A cinema as a witness names it, and which of ours it is: found once by name or programme, or set by hand."""

    witness = models.CharField(_("witness"), max_length=NAME)
    name = models.CharField(_("name there"), max_length=300)
    cinema = models.ForeignKey(
        "events.Cinema", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("cinema")
    )
    outside = models.BooleanField(
        _("none of ours"), default=False, help_text=_("Not to be compared, and nobody is told that we lack it.")
    )
    first_seen_at = models.DateTimeField(_("first seen at"))
    last_seen_at = models.DateTimeField(_("last seen at"))
    looks = models.PositiveIntegerField(_("looks that saw it"), default=0)
    starts = models.PositiveIntegerField(_("starts to come, at the last look"), default=0)

    class Meta:
        verbose_name = _("witness's cinema")
        verbose_name_plural = _("witnesses' cinemas")
        ordering: ClassVar = ["witness", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["witness", "name"], name="one_witness_cinema_a_name"),
            models.CheckConstraint(condition=Q(outside=False) | Q(cinema__isnull=True), name="outside_or_one_of_ours"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({names.of_witness(self.witness)})"


class WitnessLook(models.Model):
    """One look at a witness. Its counts are of what could be compared; `cells`: the verdict of each cinema and day."""

    class Status(models.TextChoices):
        OK = "ok", _("read")
        FAILED = "failed", _("could not be read")

    class Failure(models.TextChoices):
        UNREACHABLE = "unreachable", _("unreachable")
        REFUSED = "refused", _("refused")
        MOVED = "moved", _("moved")
        CHANGED = "changed", _("changed")
        EMPTY = "empty", _("empty")

    witness = models.CharField(_("witness"), max_length=NAME)
    whole = models.BooleanField(
        _("whole"), default=True, help_text=_("No: it only asked once more for what is about to begin.")
    )
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"))
    status = models.CharField(_("status"), max_length=8, choices=Status.choices)
    failure = models.CharField(_("why not"), max_length=16, choices=Failure.choices, blank=True, default="")
    error = models.TextField(_("error"), blank=True, default="")
    problems = models.JSONField(
        _("what could not be read"), default=list, help_text=_("Dates, kind of failure and text of each request.")
    )
    requests = models.PositiveIntegerField(_("requests"), default=0)
    unread = models.PositiveIntegerField(_("rows not understood"), default=0)
    unread_rows = models.JSONField(_("the first of these"), default=list)
    cells = models.JSONField(_("verdicts"), default=list)
    theirs = models.PositiveIntegerField(_("starts there"), default=0)
    ours = models.PositiveIntegerField(_("starts here"), default=0)
    same = models.PositiveIntegerField(_("of these the same"), default=0)

    class Meta:
        verbose_name = _("look at a witness")
        verbose_name_plural = _("looks at witnesses")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["witness", "began_at"], name="witness_look_by_time")]

    def __str__(self) -> str:
        return f"{names.of_witness(self.witness)} {_moment(self.began_at)} ({self.get_status_display()})"

    @property
    def share(self) -> float | None:
        """The part of the starts of either side that both have, in percent."""
        both = self.theirs + self.ours - self.same
        return 100 * self.same / both if both else None


class WitnessDifferenceQuerySet(models.QuerySet["WitnessDifference"]):
    def open(self) -> WitnessDifferenceQuerySet:
        return self.filter(over_at__isnull=True)


class WitnessDifference(models.Model):
    """One start about which a witness and we differ, from the look that found it first until one doesn't any more.

    What staff said of it stays, also when it comes back.
    """

    class Kind(models.TextChoices):
        MISSING = "missing", _("we lack it")
        EXTRA = "extra", _("only we have it")
        FILM = "film", _("another film")

    class Answer(models.TextChoices):
        THEIRS = "theirs", _("the witness is mistaken")
        OURS = "ours", _("our mistake")

    witness = models.CharField(_("witness"), max_length=NAME)
    cinema = models.ForeignKey("events.Cinema", on_delete=models.CASCADE, related_name="+", verbose_name=_("cinema"))
    date = models.DateField(_("date"))
    starts_at = models.DateTimeField(_("starts at"))
    kind = models.CharField(_("difference"), max_length=8, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(_("number"), default=0, help_text=_("Of several that are alike."))
    their_title = models.TextField(_("title there"), blank=True, default="")
    their_url = models.URLField(_("link there"), max_length=2000, blank=True, default="")
    our_title = models.TextField(_("title here"), blank=True, default="")
    showtime = models.ForeignKey(
        "events.Showtime", on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("showtime"),
    )  # fmt: skip
    looks = models.PositiveIntegerField(_("looks that found it"), default=1)
    whole_looks = models.PositiveIntegerField(_("whole looks that found it"), default=1)
    found_at = models.DateTimeField(_("found at"))
    seen_at = models.DateTimeField(_("last found at"))
    over_at = models.DateTimeField(_("over at"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=8, choices=Answer.choices, blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("answered by"),
    )  # fmt: skip
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = WitnessDifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference from a witness")
        verbose_name_plural = _("differences from witnesses")
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["witness", "cinema", "starts_at", "kind", "number"], name="one_difference_a_start"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["over_at", "date"], name="witness_difference_open")]

    def __str__(self) -> str:
        return f"{names.of_witness(self.witness)}: {self.get_kind_display()}, {_moment(self.starts_at)}"
