"""The Polish catalogue is whole, and what is compiled is what is written. `make translations` mends most of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import polib  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import trans_real
from pytest_django import Settings

from review.queue import labels
from scraper.models import Alert
from scraper.monitoring.messages import day_name, sentence

CATALOGUE = settings.LOCALE_PATHS[0] / "pl" / "LC_MESSAGES" / "django.po"
SOURCES = ("kinokrakow", "events", "review", "scraper", "templates")
PLACEHOLDER = re.compile(r"%%|%(?:\(\w+\))?[sd]|\{\w*\}|</?\w+|https?://[^\s\"]+")


@pytest.fixture(scope="module")
def written() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def pairs(catalogue: polib.POFile | polib.MOFile) -> dict[tuple[str | None, str, str], list[str]]:
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural): texts(entry) for entry in catalogue}


def sources() -> Iterator[Path]:
    for room in SOURCES:
        yield from (settings.BASE_DIR / room).rglob("*.py")


def test_every_message_is_translated(written: polib.POFile) -> None:
    assert len(written) > 500
    forms = int(written.metadata["Plural-Forms"].removeprefix("nplurals=")[0])
    unfinished = [
        entry.msgid
        for entry in written
        if entry.fuzzy or entry.obsolete or not all(texts(entry)) or (entry.msgid_plural and len(texts(entry)) != forms)
    ]
    assert unfinished == []


def test_plurals_are_counted_as_django_counts_them(written: polib.POFile) -> None:
    """Django merges our catalogue into its own: with other forms than its own it could take the wrong one."""
    root = Path(trans_real.__file__).parents[2] / "conf" / "locale" / "pl" / "LC_MESSAGES" / "django.po"
    django = polib.pofile(str(root))
    assert _rule(written) == _rule(django)


def test_a_translation_has_the_placeholders_and_the_markup_of_its_message(written: polib.POFile) -> None:
    for entry in written:
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in texts(entry):
            assert set(PLACEHOLDER.findall(text)) == wanted, f"{entry.msgid!r}: {text!r}"


def test_a_translation_begins_and_ends_like_its_message(written: polib.POFile) -> None:
    """Spaces and the final full stop or colon: sentences are put together of them."""
    for entry in written:
        for text in texts(entry):
            for message, edge in ((entry.msgid[:1], text[:1]), (entry.msgid[-1:], text[-1:])):
                assert (message in " \n.:,") == (edge in " \n.:,"), f"{entry.msgid!r}: {text!r}"


def test_what_is_compiled_is_what_is_written(written: polib.POFile) -> None:
    assert pairs(polib.mofile(str(CATALOGUE.with_suffix(".mo")))) == pairs(written), "run `make translations`"


def test_no_marker_hides_from_makemessages() -> None:
    """It knows `gettext` by this name and by `_`; what is marked with another alias is never translated."""
    alias = re.compile(r"import n?p?gettext(?:_lazy)? as (?!_$)(\w+)", re.M)
    assert [path for path in sources() if alias.search(path.read_text())] == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="no xgettext: apt-get install gettext")
def test_nothing_is_marked_that_is_not_in_the_catalogue(
    written: polib.POFile, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is kept that is used no more."""
    for room in SOURCES:  # a copy: makemessages leaves files beside the templates while it reads them
        shutil.copytree(
            settings.BASE_DIR / room,
            tmp_path / room,
            ignore=shutil.ignore_patterns("locale", "migrations", "__pycache__"),
        )
    (tmp_path / "found").mkdir()
    settings.LOCALE_PATHS = [str(tmp_path / "found")]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["pl"], no_location=True, verbosity=0)
    found = polib.pofile(str(tmp_path / "found" / "pl" / "LC_MESSAGES" / "django.po"))
    assert {entry[:3] for entry in pairs(found)} == set(pairs(written)), "run `make translations`"


def test_polish_numbers_and_months_are_inflected() -> None:
    facts = {"listed": 1, "missing": 22}
    with translation.override("pl"):
        assert day_name("2026-11-27") == "Piątek 27 listopada"
        assert sentence(Alert(kind="day_short", subject="2026-11-27", facts=facts)) == (
            "Piątek 27 listopada: na stronie tylko 1 seans. Brakuje 22 seansów."
        )
        rate = {"rate": 71.4, "films": 42, "held": 3}
        assert "71,4 %" in sentence(Alert(kind="tmdb_rate", facts=rate))
        assert [
            translation.ngettext("%(n)s showtime", "%(n)s showtimes", n) % {"n": n} for n in (0, 1, 2, 5, 12, 22, 25)
        ] == ["0 seansów", "1 seans", "2 seanse", "5 seansów", "12 seansów", "22 seanse", "25 seansów"]


def test_the_matchers_reasons_are_translated() -> None:
    with translation.override("pl"):
        assert labels.lift("the same year would have made it 81 %") == "przy tym samym roku: 81\N{NO-BREAK SPACE}%"
        assert labels.chips([])[-1].text.startswith("nie wiadomo: tytuł +")


def _rule(catalogue: polib.POFile) -> str:
    return re.sub(r"\s", "", catalogue.metadata["Plural-Forms"])
