from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    name = "review"
    verbose_name = _("Matching and review")

    def ready(self) -> None:
        from review import tasks  # noqa: F401  register what each kind of job does
