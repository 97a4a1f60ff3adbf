"""The matcher's reasons in words, by signal and grade: `{ours}` is the listing's, `{theirs}` TMDB's."""

from __future__ import annotations

TEXTS = {
    "title": {
        "both": "both halves of “{ours}” are names of this film",
        "same": "the listed title is TMDB's “{theirs}”",
        "close": "the listed title “{ours}” is spelt almost like “{theirs}”",
        "half": "one half of “{ours}” is this film's name “{theirs}”",
        "part": "of “{ours}” and “{theirs}” one is a part of the other",
        "translated": "“{theirs}” may be “{ours}” in another language",
        "akin": "“{ours}” and “{theirs}” share a word, or its beginning",
        "hidden": "TMDB's search found it, perhaps by a name not yet seen",
        "other": "TMDB knows no such name as “{ours}” of this film",
    },
    "original_title": {
        "both": "both halves of the original title “{ours}” are names of this film",
        "same": "the original title is TMDB's “{theirs}”",
        "close": "the original title “{ours}” is spelt almost like “{theirs}”",
        "half": "one half of the original title “{ours}” is this film's name “{theirs}”",
        "part": "of the original title “{ours}” and “{theirs}” one is a part of the other",
        "hidden": "TMDB's search found it, perhaps by a name not yet seen",
        "other": "TMDB knows no such original title as “{ours}” of this film",
    },
    "year": {
        "same": "the year {ours} agrees",
        "premiere": "the listed year {ours} may be that of the Polish premiere of a film of {theirs}",
        "earlier": "the listed year {ours} is the one before TMDB's {theirs}",
        "revival": "the listed year {ours} may be that of a revival of a film of {theirs}",
        "other": "the year is {ours}, TMDB has {theirs}",
    },
    "director": {"same": "the director agrees: {theirs}", "other": "the director is {ours}, TMDB has {theirs}"},
    "runtime": {
        "same": "the runtime of {ours} min agrees",
        "close": "the runtime of {ours} min is near TMDB's {theirs} min",
        "near": "the runtime of {ours} min may be TMDB's {theirs} min",
        "far": "the runtime is {ours} min, TMDB has {theirs} min",
        "other": "the runtime is {ours} min, TMDB has {theirs} min",
    },
    "country": {"same": "the country agrees: {theirs}", "other": "the country is {ours}, TMDB has {theirs}"},
    "entry": {
        "famous": "{theirs} people voted on it at TMDB",
        "unseen": "nobody has voted on it at TMDB",
        "empty": "TMDB's entry is empty: no votes, no runtime, no director, no IMDb id",
    },
    "rival": {"rival": "“{theirs}” is as likely, or nearly"},
    "cap": {
        "no_title": "no title agrees: at most {points:.0f} %",
        "premiere_year": "one title and the year of a Polish premiere are not enough: at most {points:.0f} %",
        "title_alone": "nothing but the title agrees: at most {points:.0f} %",
        "revival_year": "an old film under this year's date, and neither director nor runtime to tell: "
        "at most {points:.0f} %",
        "other_director": "the director contradicts: at most {points:.0f} %",
        "other_runtime": "the runtime contradicts: at most {points:.0f} %",
        "empty_entry": "an empty entry may be another film: at most {points:.0f} %",
        "bare_entry": "one title, and TMDB knows neither director nor runtime: at most {points:.0f} %",
        "maybe_no_film": "the title speaks of more than a film, or of none: at most {points:.0f} %",
        "one_of_several": "the listing is of several films: at most {points:.0f} %",
    },
}
LIFTS = {
    "title": "TMDB knowing the listed title",
    "original_title": "an original title that agrees",
    "year": "the same year",
    "director": "the same director",
    "runtime": "the same runtime",
    "country": "a country in common",
}
