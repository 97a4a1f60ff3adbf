from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScraperConfig(AppConfig):
    name = "scraper"
    verbose_name = _("Scraping")

    def ready(self) -> None:
        # They register what each kind of job does.
        from scraper.coverage.witnesses import looking  # noqa: F401
        from scraper.sync import days, films, retention, runs  # noqa: F401
