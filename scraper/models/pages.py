"""The archive: each request to the site or a witness, and its answer."""

from __future__ import annotations

import gzip
import hashlib
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Page(models.Model):
    """One request to the site and its answer, compressed; failed ones too."""

    run = models.ForeignKey(
        "scraper.SyncRun",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="pages",
        verbose_name=_("run"),
    )
    purpose = models.CharField(
        _("purpose"), max_length=300, db_index=True, help_text=_("calendar, day:DATE:WAY or film:SLUG")
    )
    method = models.CharField(_("method"), max_length=8)
    url = models.TextField(_("address"))
    sent_at = models.DateTimeField(_("sent at"), db_index=True)
    seconds = models.FloatField(_("seconds"))
    status = models.PositiveIntegerField(_("HTTP status"), null=True, blank=True)
    headers = models.JSONField(_("headers"), default=dict)
    error = models.TextField(_("error"), blank=True, default="")
    body_gzip = models.BinaryField(_("body, gzip"), default=b"")
    sha256 = models.CharField(_("SHA-256 of the body"), max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("fetched page")
        verbose_name_plural = _("fetched pages")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.method} {self.url}"

    @property
    def body(self) -> bytes:
        return gzip.decompress(self.body_gzip) if self.body_gzip else b""

    @staticmethod
    def packed(body: bytes) -> tuple[bytes, str]:
        """The body as it is stored, and its hash."""
        return gzip.compress(body, 6, mtime=0), hashlib.sha256(body).hexdigest()
