"""How much each piece of evidence weighs, and which evidence is not to be trusted alone. Tables only."""

from __future__ import annotations

from collections.abc import Mapping

# Bands of the score, in %.
MATCHED = 70
PROVISIONAL = 60  # matched if TMDB lists the film as now playing in Poland
REVIEW = 50

#: Of a film of which nothing is known but that a search by title brought it up, in decibans.
PRIOR = -10.0

#: Decibans by signal and grade. Agreement gives the most a signal can give, so whatever true fact is added to a
#: listing, no rival gains more by it than the right film. Set near the likelihood ratios measured on one half of 1,200
#: listings with known answers, on the careful side: a true TMDB holds more namesakes than a measured one.
WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "title": {
        "both": 18, "same": 10, "close": 8, "half": 8, "piece": 8, "first": 6, "numbered": -3, "part": 0, "hidden": -4,
        "other": -4, "other_part": -12,
    },
    "original_title": {
        "both": 10, "same": 10, "close": 8, "half": 6, "piece": 6, "first": 4, "numbered": -3, "part": 1, "hidden": -4,
        "other": -6, "other_part": -12,
    },
    "year": {"same": 10, "premiere": 4, "earlier": 4, "revival": 0, "seen": -7, "other": -14},
    "director": {"same": 16, "maybe": 0, "other": -20},
    "runtime": {"same": 9, "close": 4, "near": 0, "longer_cut": 0, "far": -6, "other": -16},
    "country": {"same": 3, "other": -10},
    "cast": {"same": 9},
    "premiere": {"same": 8, "close": 4, "new": 3},
    "entry": {"famous": 2, "unseen": -2, "short": -6, "empty": -13},
}  # fmt: skip

#: The highest score (%) that a candidate may have, by the reason not to trust its points.
CAPS: Mapping[str, float] = {
    "unread": 59,  # a film whose title fits better has not been looked at
    "unreadable": 59,  # TMDB sent facts that might rule it out, or other films, in a form that was not understood
    "no_title": 59,  # no title agrees
    "other_part": 49,  # another part of the series
    "which_part": 59,  # TMDB has several parts, and the listing does not say which
    "torn": 59,  # the title names another film, and only the original title this one
    "piece": 59,  # a piece of the title is this film's, and not all else agrees
    "title_alone": 55,  # nothing but one title agrees
    "titles_alone": 66,  # nothing but two titles agrees: a remake bears both
    "title_new": 69,  # the same of the only film of that title, which is new in Poland
    "premiere_year": 66,  # one title of an obscure film, and a year that may be the Polish premiere's
    "divided": 59,  # the year is this film's and the runtime another's of that title, or the other way round
    "alias": 59,  # nothing but a year agrees, and a title that is not the film's own but one name among others
    "revival_year": 64,  # an old film under this year's date, and neither director nor runtime to tell
    "namesake": 66,  # another film of that title and about that year, or a known one that may be shown again
    "other_director": 59,
    "other_runtime": 59,
    "short": 59,
    "empty_entry": 64,
    "bare_entry": 64,  # one title of a film whose director the listing knows and TMDB, like all else, does not
    "maybe_no_film": 59,  # what a title that speaks of a play or a concert shares with a film is not the whole of it
    "one_of_several": 49,  # one part of a double bill
}

#: How well a title fits, by its grade; those with a rank name the film.
RANKS: Mapping[str, int] = {"both": 3, "same": 3, "close": 2, "half": 1, "piece": 1, "first": 1}
WHOLE = frozenset({"both", "same", "close"})
