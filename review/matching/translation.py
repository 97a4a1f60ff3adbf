"""Pure: a Polish title → English words to search for, where TMDB may know a film under no Polish title.

A small dictionary of what titles are made of. A title with a word that it lacks is not translated: half a title finds
too much. What is found so is only shown to people, as no title of it agrees with the listed one.
"""

from __future__ import annotations

from events.titles.spelling import words

ENDING = 3  # letters behind a stem, at most
_SMALL = frozenset(("a", "i", "o", "u", "w", "z", "ze", "we", "na", "po", "do", "od", "za", "sie", "ten", "ta", "to"))
#: Stems without Polish letters, and what they mean.
_DICTIONARY = """
aniol:angel babci:grandma bial:white bog:god brat:brother burz:storm chlop:boy cich:quiet ciemn:dark cien:shadow
cisz:silence cork:daughter czarn:black czarown:witch czas:time czerwon:red czlowiek:man cztery:four dam:lady
detektyw:detective diab:devil dni:days dobr:good dom:house drog:road drzwi:door duch:ghost dusz:soul dwa:two dwie:two
dziadk:grandfather dzieci:children dzien:day dziewczyn:girl glos:voice glow:head gniew:anger gor:mountain gra:game
gwiazd:star histori:story imi:name jezior:lake kobiet:woman kon:horse koniec:end kot:cat krew:blood krol:king
krolow:queen krwi:blood ksiezniczk:princess ksiezyc:moon las:forest lat:years legend:legend lew:lion list:letter
lod:ice lowc:hunter ludzi:men mal:little martw:dead marzen:dreams matk:mother mez:husband mezczyzn:man miast:city
milosc:love minut:minutes morderc:killer morderstw:murder morz:sea most:bridge nadziej:hope nauczyciel:teacher
nieb:sky niebiesk:blue niedzwied:bear nieznajom:stranger noc:night now:new obc:stranger odwag:courage ogi:fire
ogn:fire ojc:father ojciec:father ok:eye okn:window opowies:story ostatn:last pamie:memory pani:lady piekl:hell
piekn:beautiful pierwsz:first pies:dog piosenk:song pociag:train poczat:beginning podroz:journey pokoj:room
polowani:hunt potwor:monster powrot:return prawd:truth przyjaci:friend ps:dog ptak:bird raj:paradise rodzin:family
rycerz:knight rzek:river samotn:lonely sekret:secret sen:dream serc:heart siedem:seven siostr:sister skarb:treasure
slonc:sun slub:wedding smierc:death smok:dragon snieg:snow sny:dreams star:old strach:fear stron:side swiat:world
swiatl:light swit:dawn syn:son szalon:crazy szesc:six szkol:school tajemnic:secret tamt:other tan:dance taniec:dance
trzy:three twarz:face ulic:street umarl:dead wampir:vampire waz:snake wesel:wedding wez:snake wiatr:wind wiecz:evening
wiedzm:witch wielk:great wilk:wolf wod:water wojn:war woln:free wolnosc:freedom wrog:enemy wysp:island zabojc:killer
zbrodni:crime zemst:revenge zielon:green ziemi:earth zim:winter zlodziej:thief zlot:golden zolnierz:soldier zon:wife
zyci:life zyw:living
"""
_STEMS = dict(pair.split(":") for pair in _DICTIONARY.split())


def translated(title: str) -> str | None:
    """The title in English, without its small words, or nothing where a word of it is not known."""
    told = [_word(word) for word in words(title) if word not in _SMALL]
    known = [word for word in told if word]
    return " ".join(known) if len(known) == len(told) and len(known) > 1 else None


def _word(word: str) -> str | None:
    stems = (word[:size] for size in range(len(word), max(len(word) - ENDING, 2) - 1, -1))
    return next((_STEMS[stem] for stem in stems if stem in _STEMS), None)
