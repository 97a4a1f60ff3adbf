"""Says in the reader's language why something failed. What is stored is English: programs and logs read it too.

A stored text is taken apart by the forms that this program writes, and put together again as they are translated.
What has none of these forms, another program's words, is shown to readers of English only; others are told that it is
unexpected, and the page of the job or record has the text itself.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from kinokrakow.staff import readable

LONGEST = 600  # letters that are taken apart
#: Parts of a form that are texts of such forms themselves, if they have one.
TAKEN_APART = frozenset(("place", "expected", "found", "why"))  # `why` is another program's, if it has none

#: What is tried first stands first.
FORMS = (
    # requests
    _("HTTP {status}"),
    _("robots.txt of this host forbids it"),
    _("robots.txt of this host wants {seconds} s between two requests, more than a sync has"),
    _("redirects to another host ({address}); only this site is followed"),
    _("redirects to no address ({address})"),
    _("more than {count} redirects"),
    _("more than {count} bytes"),
    _("an answer of an unknown form, {why}"),
    _("a body packed as {names}; only gzip was asked for"),
    _("a gzip body that ends before its end"),
    _("a damaged gzip body"),
    _("not asked, the {seconds} s for it were over"),
    _("{host} wants no request for another {seconds} s"),
    _("{service} is not asked for another {seconds} s: {why}"),
    _("paused by staff: {reason}"),
    _("paused by staff"),
    _("the site is paused until {until}: {reason}"),
    _("interrupted"),
    # jobs
    _("the worker {worker} was lost during attempt {attempt}"),
    _("no version of the program that works here knows jobs of kind {kind}"),
    _("the function of {kind} returned without finishing its job"),
    _("day {day} of run {run} is no longer {status}"),
    _("its job was cancelled"),
    # pages: ways, places
    _("by URL: {why}"),
    _("by session: {why}"),
    _("by the hour programme: {why}"),
    _("asked for {date}, and the page is of {city}"),
    _("asked for {date}, and every start is of another day: {dates}"),
    _("no start in the page of {date}: {text}"),
    _("none of {count} rows could be read, the first: {why}"),
    _("more than {count} starts in one answer"),
    _("it says: {text}"),
    _("it lists nothing at all"),
    _("its times lie {hours} hours beside ours"),
    _("{what}: no start in {text}"),
    _("{what}: no start"),
    _("{what}: no cinema"),
    _("{what}: of another house ({house})"),
    _("{place}: expected {expected}, found {found}"),
    _("expected {expected}, found {found}"),
    _("expected {expected}"),
    _("calendar"),
    _("date header"),
    _("date attribute"),
    _("day select"),
    _("programme"),
    _("csrf token"),
    _("heading"),
    _("page"),
    _("date"),
    _("title"),
    _("row {number}, film {film}, cinema {cinema}"),
    _("row {number}, film {film}"),
    _("row {number}"),
    _("film {film}, cinema {cinema}"),
    _("a cell for {date}"),
    _("days that link to {address}"),
    _("one of printable ASCII without spaces"),
    _("one h1 with a text"),
    _("one day"),
    _("a day that the page says it is of"),
    _("{date}, said by any place of the page"),
    _("a row that is understood"),
    _("showtimes or 'Brak repertuaru': the layout changed"),
    _("at most {count} rows"),
    _("at most {count} rows, and {parts} elements in them"),
    _("neither of them"),
    _("nothing"),
    _("more"),
    _("a list"),
    _("an object"),
    _("without a title"),
    # pages: why a row was not understood
    _("too long for an hour"),
    _("no time like 10:30"),
    _("said to be cancelled"),
    _("no certain time"),
    _("of another day: {day}"),
    _("several times, and words between them"),
    _("a day or a time"),
    _("not a time of day"),
    _("it is of several days: {days}"),
    _("it stands under another day: {day}"),
    _("days side by side"),
    _("nothing says of which night"),
    _("words beside a time"),
    _("struck out"),
    _("no hour above it"),
    _("its hour is not known: {why}"),
    _("another hour than the {hour} above it"),
    _("two hours in a row"),
    _("several hours"),
    _("links to several films"),
    _("another day"),
    _("it hides a part of itself"),
    _("no link to a film"),
    _("a date, or an hour that was lost"),
    _("a film without a name"),
    _("no film above it"),
    _("its film is not known: {why}"),
    _("no hours"),
    _("it hides a film"),
    _("a link to another film beside hours"),
    _("a date, or a film's name without a link"),
    _("no programme, or a film's name without a link"),
    _("a cinema without hours"),
    _("a time without a cinema"),
    _("neither a film nor a cinema"),
    _("no link to a cinema"),
    _("several cinemas"),
    _("a film, a cinema and an hour in one cell"),
    _("another name beside the cinema's"),
    _("a cinema without a name"),
    _("nested too deep"),
    _("too many cells"),
    _("too much in a cell"),
    _("something that was left open hides what stood here"),
    _("a tag that was left open hides what stood here"),
    _("rows that nobody sees"),
    # film pages
    _("its address leads to {path}, which is no film's"),
    _('it is headed "{said}", which is the title of another film'),
    _('it is headed "{said}", not "{title}"'),
    _('{path} is headed "{said}", not "{title}"'),
    _("it has none of the facts that it had"),
    # places, messages, TMDB
    _("no geocoder is set"),
    _("{address} names no place in {city}"),
    _("{who} knows no {place}"),
    _("{who} finds {place} outside {city}, at {latitude}, {longitude}"),
    _("Google refuses: {text}"),
    _("{channel} is no longer among ALERT_URLS"),
    _("not delivered"),
    _("TMDB could not be asked: {why}"),
    _("{count} results, none of them readable"),
    _("a film without a title"),
    _("TMDB: {code} {text}"),
)
#: Other programs' words, by what stands in them.
FOREIGN = (
    (r"timeout|timed out|not resolved in time|the time for the whole request is over", _("no answer in time")),
    (r"certificate|\bSSL", _("its certificate is not accepted")),
    (r"ConnectError|refused|Errno|gaierror|has no address|unreachable", _("no connection")),
    (r"RemoteProtocolError|LocalProtocolError|ReadError|WriteError|IncompleteRead", _("the answer broke off")),
    (r"\bSMTP\w*", _("the mail server did not take it")),
    (r"OperationalError|InterfaceError|database", _("the database could not be used")),
    (r"SystemExit|time limit", _("stopped at its time limit")),
)
_NAMED = re.compile(r"\s*(?!TMDB)[A-Z]\w*: ")  # the class of an exception
_WAYS = re.compile("; (?=by )")  # between the ways in which a page was asked for
_DATE = re.compile(r"(?<![\w=/:.-])\d{4}-\d\d-\d\d(?![\w-])")
_ASKED = re.compile(r"(?:(?:GET|POST) )?https?://\S*: ")  # for what


def said(error: str) -> str:
    """A stored error as a sentence has it, without the name of its class and the address that it is about."""
    bare = _bare(error)
    if not bare or (get_language() or "en").startswith("en"):
        return _dated(bare)
    parts = _WAYS.split(bare[:LONGEST])
    return _dated("; ".join(_told(part) or _foreign(error if len(parts) == 1 else part) for part in parts))


def first(error: str) -> str:
    """Of an error that tells of several ways to a page that of the first, in English as it is stored."""
    return _WAYS.split(error, maxsplit=1)[0]


def whole(error: str) -> SafeString | str:
    """The same for a page about one job or record: with the text as it is stored to be opened below it."""
    told = said(error)
    if told == error:
        return error
    return format_html(
        '{}<details><summary>{}</summary><code lang="en">{}</code></details>', told, gettext("in full"), error
    )


def _bare(error: str) -> str:
    named = _NAMED.match(error)
    return _ASKED.sub("", error[named.end() if named else 0 :]).strip()


def _dated(text: str) -> str:
    """With dates as all pages write them, but for those in addresses."""
    return _DATE.sub(lambda found: readable.date(found[0]), text)


def _told(text: str) -> str:
    """A text of one of the forms, translated; empty if it is of none."""
    for pattern, of in _patterns():
        if found := pattern.fullmatch(text):
            return gettext(of).format(**{name: _part(name, part) for name, part in found.groupdict().items()})
    return ""


def _part(name: str, text: str) -> str:
    if name not in TAKEN_APART:
        return text
    if name == "why":
        return _told(_bare(_bare(text))) or _foreign(text)
    return _told(text) or text


def _foreign(text: str) -> str:
    for pattern, of in FOREIGN:
        if re.search(pattern, text, re.IGNORECASE):
            return gettext(of)
    return gettext("an unexpected error")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(_pattern(of), re.DOTALL), of) for of in FORMS)


def _pattern(of: str) -> str:
    pieces = re.split(r"\{(\w+)\}", of)
    return "".join(f"(?P<{piece}>.+?)" if n % 2 else re.escape(piece) for n, piece in enumerate(pieces))
