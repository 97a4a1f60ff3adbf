"""What a visitor may choose by, and how an address says it: one reading for the page, the API and the calendars.

Within one choice any of its values will do (dubbing or voice-over); every choice made must hold (dubbing, and 3D).
What nobody says of a showing it isn't chosen by: a listing that names no language is in none of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Self, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Schema
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails

from events.public.showings import Film, Showing
from events.titles.spelling import fold
from events.titles.versions import Version

MOST = 60  # values of one choice
NIGHT_ENDS = dt.time(5)  # what starts earlier belongs to the evening before


class Language(StrEnum):
    DUBBING = "dubbing"
    SUBTITLES = "subtitles"
    VOICE_OVER = "voice-over"
    ORIGINAL = "original"
    UKRAINIAN = "ukrainian"
    ENGLISH_SUBTITLES = "english-subtitles"


class Format(StrEnum):
    TWO_D = "2d"
    THREE_D = "3d"
    IMAX = "imax"
    FOUR_DX = "4dx"
    SCREEN_X = "screenx"
    DOLBY = "dolby"
    FILM = "film"  # 35 or 70 mm


class Access(StrEnum):
    AUDIO_DESCRIPTION = "audio-description"
    SUBTITLES_FOR_THE_DEAF = "subtitles-for-the-deaf"
    SIGN_LANGUAGE = "sign-language"
    SENSORY = "sensory"


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class Only(StrEnum):
    NEW = "new"
    LAST = "last"


#: The hours of each part of the day, the last one not included; the night's are on two dates.
HOURS = {PartOfDay.MORNING: (5, 12), PartOfDay.AFTERNOON: (12, 17), PartOfDay.EVENING: (17, 22)}
_WRITTEN = {
    Format.TWO_D: ("2D",), Format.THREE_D: ("3D",), Format.IMAX: ("IMAX",), Format.FOUR_DX: ("4DX",),
    Format.SCREEN_X: ("SCREENX", "SCREEN X"), Format.DOLBY: ("DOLBY", "ATMOS"), Format.FILM: ("35 MM", "70 MM"),
}  # fmt: skip


def _given(values: Any) -> Any:
    """A choice's values without the empty ones, which a form sends for what was not chosen."""
    return [value for value in values if value != ""] if isinstance(values, list) else values


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValueError(gettext_noop("expected a name without control characters"))
    return value


Name = Annotated[str, Field(max_length=255), AfterValidator(_printable)]
Each = TypeVar("Each")
Several = Annotated[list[Each], BeforeValidator(_given), Field(max_length=MOST)]


class Choices(Schema):
    """What is wanted of all that is on."""

    cinema: Several[Name] = Field(default=[], description="cinemas' slugs")
    film: Name = Field(default="", description="a film's key")
    language: Several[Language] = Field(default=[], description="of the showing; what nobody says is none of them")
    format: Several[Format] = Field(default=[], description="of the picture or the sound")
    access: Several[Access] = Field(default=[], description="for whom it is made accessible")
    time: Several[PartOfDay] = Field(default=[], description="of the day: from 5, 12, 17 and 22 on")
    q: Annotated[str, Field(max_length=100), AfterValidator(_printable)] = Field(
        default="", description="words of a title, or of its original; each may be the beginning of one"
    )
    only: Annotated[Only | None, BeforeValidator(lambda value: value or None)] = Field(
        default=None,
        description="new: on since a week at most; last: no showing is listed after the day after tomorrow",
    )

    @property
    def looks_at_showings(self) -> bool:
        """Whether something is chosen that is known only of a showing as it is read, not of its row."""
        return bool(self.language or self.format or self.access or self.time or fold(self.q))

    @property
    def of_place_and_film(self) -> bool:
        """Whether nothing is chosen but cinemas and a film."""
        return not self.looks_at_showings and not self.only

    @property
    def narrow(self) -> bool:
        """Whether so little is left that a whole week of it is shown at once."""
        return bool(self.film or self.q or self.only or self.access)

    def fit(self, showing: Showing) -> bool:
        """Whether a showing is one of those wanted, as far as it says so itself."""
        return (
            (not self.language or any(_heard(showing.version, each) for each in self.language))
            and (not self.format or _shown(showing.version.format or "", self.format))
            and (not self.access or not set(showing.version.access).isdisjoint(self.access))
            and (not self.time or part_of_day(showing.starts_at) in self.time)
            and (not self.q or _called(showing.film, fold(self.q)))
        )

    def without(self, name: str, value: str = "") -> Self:
        """The same choices but one, or but one value of it."""
        default = type(self).model_fields[name].default
        left = [each for each in getattr(self, name) if each != value] if value else default
        return self.model_copy(update={name: left})

    def query(self, **more: str) -> str:
        """As an address says it; `more` goes first."""
        chosen = {name: getattr(self, name) or [] for name in Choices.model_fields}
        return urlencode({name: value for name, value in (more | chosen).items() if value}, doseq=True)


class Refused(BadRequest):
    """An address with a value that can't be: the answer (400) names it and says why."""


Read = TypeVar("Read", bound=BaseModel)


def read(query: QueryDict, kind: type[Read]) -> Read:
    """What an address chooses. A name that is unknown is somebody else's (a campaign's), a bad value is refused."""
    several = {name for name, field in kind.model_fields.items() if "list" in str(field.annotation)}
    names = [name for name in kind.model_fields if name in query]
    told = {name: query.getlist(name) if name in several else query[name] for name in names}
    try:
        return kind.model_validate({name: value for name, value in told.items() if value != ""})
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, each['loc'][:1]))}: {reason(each)}" for each in error.errors())
        raise Refused("; ".join(dict.fromkeys(faults))) from None


def reason(fault: ErrorDetails | Mapping[str, Any]) -> str:
    """Why a value is refused, in the reader's language."""
    context = fault.get("ctx", {})
    match fault["type"]:
        case "enum" | "literal_error":
            return _("expected one of %(values)s") % {
                "values": context["expected"].replace(" or ", ", ").removeprefix("'', ")
            }
        case "date_type" | "date_parsing" | "date_from_datetime_parsing" | "date_from_datetime_inexact":
            return _("expected a day such as 2026-11-30")
        case "string_too_long":
            return _("expected at most %(number)s characters") % {"number": context["max_length"]}
        case "too_long":
            return _("expected at most %(number)s values") % {"number": context["max_length"]}
        case "int_parsing" | "int_type" | "int_from_float":
            return _("expected a whole number")
        case "greater_than_equal":
            return _("expected at least %(number)s") % {"number": context["ge"]}
        case "less_than_equal":
            return _("expected at most %(number)s") % {"number": context["le"]}
        case "value_error":
            return _(str(context["error"]))
    return str(fault["msg"])


def part_of_day(start: dt.datetime) -> PartOfDay:
    return next((part for part, (first, end) in HOURS.items() if first <= start.hour < end), PartOfDay.NIGHT)


def programme_day(moment: dt.datetime) -> dt.date:
    """The day to whose evening a moment belongs: 0:15 is tonight's."""
    return (moment - dt.timedelta(hours=NIGHT_ENDS.hour)).date()


@lru_cache(maxsize=1024)
def _heard(version: Version, wanted: Language) -> bool:
    match wanted:
        case Language.DUBBING | Language.VOICE_OVER:
            return version.voice == wanted
        case Language.SUBTITLES:
            return version.subtitles is not None
        case Language.ORIGINAL:
            return version.as_made
        case Language.UKRAINIAN:
            return "uk" in (version.language, version.subtitles)
        case Language.ENGLISH_SUBTITLES:
            return version.subtitles == "en"


def _shown(format: str, wanted: list[Format]) -> bool:
    written = format.upper()
    return any(word in written for each in wanted for word in _WRITTEN[each])


@lru_cache(maxsize=8192)
def _called(film: Film, words: str) -> bool:
    """Whether each of the words begins one of the title's, or of the original title's."""
    titles = (f" {fold(title)}" for title in (film.title, film.original_title))
    return any(all(f" {word}" in title for word in words.split()) for title in titles)
