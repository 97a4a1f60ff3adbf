"""The admin's lists of runs, alerts and witnesses, which jobs write and staff read; importing this registers them."""

from scraper.admin import alerts, runs, witnesses

__all__ = ["alerts", "runs", "witnesses"]
