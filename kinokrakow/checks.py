"""What `manage.py check --deploy` says beyond Django's own checks."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security, deploy=True)
def site_url(**_: Any) -> list[CheckMessage]:
    if not settings.SITE_URL_IS_SET:
        hint = "Put SITE_URL=https://your.name into .env. The web server does not start without it."
        return [Error("SITE_URL is not set: links in messages lead to this machine.", hint=hint, id="kinokrakow.E001")]
    address = urlsplit(settings.SITE_URL)
    if address.scheme == "https" and not settings.TRUSTED_PROXIES:
        hint = "Set TRUSTED_PROXIES=1 if a reverse proxy stands in front of it, as in docs/deploy/."
        said = "SITE_URL is https, but no proxy is trusted: requests by http are not redirected to https."
        return [Warning(said, hint=hint, id="kinokrakow.W002")]
    if address.scheme == "http" and not is_this_machine(str(address.hostname)):
        hint = "Serve it by https (docs/deploy/) and put SITE_URL=https://… into .env."
        return [Warning("SITE_URL is http: logins cross the network in the clear.", hint=hint, id="kinokrakow.W003")]
    return []


def is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
