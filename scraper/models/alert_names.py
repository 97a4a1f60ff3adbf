"""What staff call kinds of alerts, which are codes in the database."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ALERTS = {
    "week_failed": _("week not read"),
    "day_failed": _("day not read"),
    "dates_missing": _("dates missing"),
    "day_suspicious": _("day suspicious"),
    "week_suspicious": _("week suspicious"),
    "day_short": _("day short"),
    "week_short": _("week short"),
    "cinema_gone": _("cinema gone"),
    "cinema_short": _("cinema short"),
    "field_gone": _("facts gone"),
    "cinema_field_gone": _("facts gone at a cinema"),
    "day_field_gone": _("facts gone on a day"),
    "films_unread": _("film pages not read"),
    "rows_unread": _("rows not understood"),
    "films_doubted": _("film pages suspicious"),
    "matches_contradicted": _("matches contradicted"),
    "films_missing": _("film pages missing"),
    "tmdb_rate": _("few films matched"),
    "tmdb_silent": _("TMDB silent"),
    "tmdb_refused": _("TMDB refuses the key"),
    "geocoder_silent": _("geocoder silent"),
    "geocoder_refused": _("geocoder refuses the key"),
    "host_closed": _("host closed"),
    "workers_gone": _("no workers"),
    "archive_overdue": _("archive not pruned"),
    "heartbeat_refused": _("heartbeat refused"),
    "monitor_broken": _("monitor broken"),
    "review_soon": _("decision due"),
    "no_run": _("no sync"),
    "jobs_stuck": _("jobs stand still"),
    "refused": _("requests refused"),
    "witness_missing": _("a witness has more"),
    "witness_cinema": _("only a witness has it"),
    "witness_silent": _("witness silent"),
}
