from django.apps import AppConfig
from django.conf import settings


class KinoKrakowConfig(AppConfig):
    name = "kinokrakow"
    verbose_name = settings.SITE_NAME

    def ready(self) -> None:
        from kinokrakow import checks  # noqa: F401  registers them
