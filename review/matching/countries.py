"""Pure: countries as Polish and English pages write them → ISO 3166-1 codes, those of today's successor."""

from __future__ import annotations

from events.titles.spelling import plain

_NAMES = {
    "AE": "zjednoczone emiraty arabskie, united arab emirates", "AL": "albania", "AM": "armenia",
    "AR": "argentyna, argentina", "AT": "austria", "AU": "australia", "AZ": "azerbejdzan, azerbaijan",
    "BA": "bosnia i hercegowina, bosnia and herzegovina, bosnia", "BD": "bangladesz, bangladesh",
    "BE": "belgia, belgium", "BG": "bulgaria", "BO": "boliwia, bolivia", "BR": "brazylia, brazil",
    "BY": "bialorus, belarus", "CA": "kanada, canada", "CH": "szwajcaria, switzerland", "CL": "chile",
    "CN": "chiny, china", "CO": "kolumbia, colombia", "CR": "kostaryka, costa rica", "CU": "kuba, cuba",
    "CY": "cypr, cyprus", "CZ": "czechy, czech republic, czechia, czechoslowacja, czechoslovakia, xc",
    "DE": "niemcy, germany, rfn, nrd, west germany, east germany, niemcy zachodnie, xg", "DK": "dania, denmark",
    "DO": "dominikana, dominican republic", "DZ": "algieria, algeria", "EC": "ekwador, ecuador", "EE": "estonia",
    "EG": "egipt, egypt", "ES": "hiszpania, spain", "ET": "etiopia, ethiopia", "FI": "finlandia, finland",
    "FR": "francja, france", "GB": "wielka brytania, uk, united kingdom, great britain, anglia, gb",
    "GE": "gruzja, georgia", "GR": "grecja, greece", "HK": "hongkong, hong kong", "HR": "chorwacja, croatia",
    "HU": "wegry, hungary", "ID": "indonezja, indonesia", "IE": "irlandia, ireland", "IL": "izrael, israel",
    "IN": "indie, india", "IQ": "irak, iraq", "IR": "iran", "IS": "islandia, iceland", "IT": "wlochy, italy",
    "JO": "jordania, jordan", "JP": "japonia, japan", "KE": "kenia, kenya",
    "KR": "korea poludniowa, south korea, korea", "KZ": "kazachstan, kazakhstan", "LB": "liban, lebanon",
    "LT": "litwa, lithuania", "LU": "luksemburg, luxembourg", "LV": "lotwa, latvia", "MA": "maroko, morocco",
    "ME": "czarnogora, montenegro", "MK": "macedonia, macedonia polnocna, north macedonia", "MN": "mongolia",
    "MT": "malta", "MX": "meksyk, mexico", "NG": "nigeria", "NL": "holandia, niderlandy, netherlands",
    "NO": "norwegia, norway", "NZ": "nowa zelandia, new zealand", "PE": "peru", "PH": "filipiny, philippines",
    "PK": "pakistan", "PL": "polska, poland", "PS": "palestyna, palestine", "PT": "portugalia, portugal",
    "QA": "katar, qatar", "RO": "rumunia, romania",
    "RS": "serbia, jugoslawia, yugoslavia, yu, serbia i czarnogora, cs",
    "RU": "rosja, russia, zsrr, ussr, soviet union, su", "SA": "arabia saudyjska, saudi arabia",
    "SE": "szwecja, sweden", "SG": "singapur, singapore", "SI": "slowenia, slovenia", "SK": "slowacja, slovakia",
    "SN": "senegal",
    "TH": "tajlandia, thailand", "TN": "tunezja, tunisia", "TR": "turcja, turkey", "TW": "tajwan, taiwan",
    "UA": "ukraina, ukraine", "US": "usa, stany zjednoczone, united states, united states of america, us",
    "UY": "urugwaj, uruguay", "VE": "wenezuela, venezuela", "VN": "wietnam, vietnam", "ZA": "rpa, south africa",
}  # fmt: skip
_CODES = {name: iso for iso, names in _NAMES.items() for name in names.split(", ")}


def code(country: str) -> str | None:
    """ "Wielka Brytania", "UK" or "GB" → "GB"; None when the name is not known.

    States that are no more, by name or by the code that TMDB keeps for them (SU, XC, XG, YU, CS), count as their
    largest successor's: whoever says one of the two means no other film.
    """
    name = plain(country).strip()
    return name.upper() if name.upper() in _NAMES else _CODES.get(name)
