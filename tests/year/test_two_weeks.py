"""Two weeks of a small town, in seconds: nothing lost, doubled or misdated, no trouble untold, nobody told in vain."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import override_settings

from tests.year.plan import year


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the simulation turns SQLite's clock")
@pytest.mark.django_db(transaction=True)
def test_two_weeks() -> None:
    with override_settings(SYNC_CRON="10 13 * * *"):
        found = year(0, 14, small=True)
    assert found["wrong"] == {}, found["examples"]
    assert found["false alerts"] == 0, found["examples"]
    assert found["syncs"] == 14
