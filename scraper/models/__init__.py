"""Runs, their days, every page they fetched, the alerts about what is missing, and what witnesses said."""

from scraper.models.alerts import Alert, AlertAnswer, Delivery, WatchState
from scraper.models.pages import Page
from scraper.models.runs import DayScrape, SyncRun
from scraper.models.witnesses import WitnessCinema, WitnessDifference, WitnessLook

__all__ = [
    "Alert",
    "AlertAnswer",
    "DayScrape",
    "Delivery",
    "Page",
    "SyncRun",
    "WatchState",
    "WitnessCinema",
    "WitnessDifference",
    "WitnessLook",
]
