from django.apps import AppConfig


class KinoKrakowConfig(AppConfig):
    name = "kinokrakow"
    verbose_name = "KinoKraków"

    def ready(self) -> None:
        from kinokrakow import checks  # noqa: F401  registers them
