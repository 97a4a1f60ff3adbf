"""What each number counts that staff see in several places, in a sentence: shown as its tooltip (docs/NUMBERS.md).

A number is marked with its name wherever it stands, so that a test can walk all pages and compare them.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DEFINITIONS = {
    "days_verified": _("Days of the seven whose page proved to be of that day and was read in time"),
    "listed": _("Rows that the last reading of each of the seven days counted, whether or not they were stored"),
    "stored": _("Stored for the seven days and not withdrawn; those of today that have begun are among them"),
    "published": _("Of the stored, those that belong to an event"),
    "on_tmdb": _("Of the stored, those whose film is matched"),
    "film_rate": _("Matched films of the seven days, of all but those marked as no film or as several films"),
    "showtime_rate": _("The same, each film counted as often as it is shown"),
    "review_open": _(
        "Films that wait for a decision or whose facts changed after one; deferred ones are not among them"
    ),
    "provisional": _("Films matched provisionally that wait for confirmation"),
    "unmatched": _("Films with showtimes to come for which TMDB had no match"),
    "deferred": _("Films put off until a day to come, or until their facts change"),
    "held": _("Showtimes to come, of any day, of the films in this tab that are not published"),
    "audited": _("Automatic matches drawn at random and looked at by a person"),
    "alerts_open": _("Alerts that are not resolved, silenced and acknowledged ones too"),
    "alerts_critical": _("Of the open alerts, the critical ones"),
    "jobs_waiting": _("Jobs that wait for their first attempt"),
    "jobs_retrying": _("Jobs that wait for another attempt"),
    "jobs_running": _("Jobs that a worker is doing"),
    "jobs_failed": _("Jobs that failed and were given up"),
}
