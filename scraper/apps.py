from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScraperConfig(AppConfig):
    name = "scraper"
    verbose_name = _("Scraping")

    def ready(self) -> None:
        from scraper.sync import days, films, retention, runs  # noqa: F401  register what each kind of job does
