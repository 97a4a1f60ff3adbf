from django.apps import AppConfig


class KinoKrakowConfig(AppConfig):
    name = "kinokrakow"
    verbose_name = "KinoKraków"
