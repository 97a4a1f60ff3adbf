"""Pure: words of Polish film titles in English, for films whose Polish title TMDB does not know.

This is no translator. It finds words to search for ("Więzy krwi" → "blood"), and tells that a title found by them may
be the listed film's. Nothing is accepted for it alone.
"""

from __future__ import annotations

from events.titles.spelling import fold

SHORTEST = 3  # letters of a word that says anything
ALIKE = 4  # letters in which the beginnings of two words agree, if one may be the other in another language
LONGEST_ENDING = 4  # letters of a Polish word behind its stem, which is at least as long

_STOP = frozenset((
    "ale", "bez", "ciebie", "czy", "dla", "gdy", "ich", "jak", "jego", "jej", "jest", "kto", "ktora", "ktore", "ktory",
    "lub", "mnie", "moj", "moja", "moje", "nad", "nie", "ona", "oni", "pod", "przed", "przez", "sie", "sobie", "tak",
    "tej", "ten", "tylko", "tym", "twoj", "twoja", "twoje",
    "all", "are", "for", "from", "her", "his", "into", "its", "not", "our", "out", "she", "that", "this", "was", "who",
    "with", "you", "your",
))  # fmt: skip

#: The stem of a Polish word, and how English words for it begin, the likeliest first.
_TABLE = """
anielsk angel; aniol angel; basen pool; besti beast; bial white; bied poor; biskup bishop; bitw battle; blekit blue;
blyskawic lightning; bog god; bohater hero; borsuk badger; brac brother; brama gate; brat brother; broni weapon;
brud dirty; brzeg shore,coast; burz storm; buty shoe,boot; cen price; cesarsk imperial; cesarz emperor; chleb bread;
chlopa boy; chlopc boy; chmur cloud; cial body; cich quiet,silent; ciemn dark; cien shadow; cieni shadow; cisz silen;
cmentarz cemet,grave; cor daughter; cork daughter; cud miracle,wonder; cudown wonder,miracle; czarn black;
czarodziej wizard,magic; czarowni witch; czart devil; czas time; czek wait; czerwon red; czlowie man,human;
czter four; czul tender; czyst pure,clean; dalek far; dam lady; delfin dolphin; deszcz rain; detektyw detective;
diab devil; diament diamond; dlug long; dni day; dobr good; dolin valley; dom house,home; drog road,way;
drug second,other; drzew tree; drzwi door; duch ghost,spirit; dumn proud; dusz soul; dwa two; dwie two; dwoj two;
dwor manor,court; dziad grand; dzieci child,kid; dzieck child,baby; dziedzi heir,inherit; dzien day;
dziennik diary,journal; dziesie ten; dziewczyn girl; dziewic virgin; dziki wild; dzis today,tonight; dziur hole;
dziwn strange; dzungl jungle; egzorcy exorc; faceci guy,men; facet guy,man,men; fantasty fantastic; gliniarz cop;
glod hunger,hungry; glos voice; glow head; glup stupid,dumb; gniazd nest; gniew wrath,anger; godzin hour;
gor mountain; gorac hot; gorzk bitter; gosc guest; gra game,play; granic border; grob grave,tomb; grobow tomb;
groz terror,horror; gry game; grzech sin; grzesz sin; gwiazd star; gwiezd star; histori story,history; hrabi count;
hrabin countess; igrzysk game; jablk apple; jajk egg; jask cave; jasn bright; jeden one; jedn one; jelen deer;
jezdz rider; jezior lake; jutr tomorrow; kaczk duck; kaczor duck; kamien stone; kapelusz hat; kapitan captain;
kaplic chapel; katedr cathedral; klam lie,liar; klatw curse; klucz key; kobiet woman,women,lady; koch love;
kochan lover,love; kogut rooster; kolacj supper,dinner; kon horse; konc end; koni horse; koniec end; kosc bone;
kosciol church; kosm space,cosm; koszmar nightmare; kot cat; krab crab; krain land; kraj country,land; krew blood;
krol king; krolest kingdom; krolew royal; krolewn princess; krolewsk royal; krolik rabbit; krolow queen; krot short;
krow cow; krwaw blood; krwi blood; krzes chair; krzyz cross; ksiaz prince; ksiazk book; ksieci prince; ksieg book;
ksiegar book; ksiezn duchess,princess; ksieznicz princess; ksiezyc moon; kuch kitchen; kwiat flower;
labirynt labyrinth,maze; lapac catch; las forest,wood; lat summer,year; lec fly; lecia fly; lekarz doctor;
lekcj lesson; lew lion; lis fox; lisic fox; list letter; lod ice; los fate,dest; lot flight,fly; lowc hunter;
lozk bed; ludzi people,men,human; lustr mirror; lza tear; lzy tear; magicz magic; mal little,small; malp ape,monkey;
malzen marri; marsz march; martw dead; marzen dream; maska mask; maszyn machine; matk mother; maz husband;
mezczy man,men; mgla mist,fog; mgle mist,fog; miast city,town; miecz sword; miedzy between; milcze silen; milos love;
miod honey; misj mission; misz master; mlek milk; mleko milk; mlod young; mnich monk; moc power,force; modl pray;
morder murder,killer; morz sea; most bridge; motyl butterfly; mrocz dark; mrok dark; mrow ant; much fly,flies;
mum mummy; mysliw hunt; mysz mouse,mice; nadzi hope; narod nation; narodzin birth; narzecz fianc,bride; nastepn next;
nauczyc teacher; nawiedz haunt; nieb heaven,sky; niebezp danger; niebiansk heaven; niebiesk blue; niedziel sunday;
niedzwied bear; niesamowi amazing,incredible; niesmiertel immortal; niewidzial invisible; niewinn innocen;
niewolni slave; nieznajom stranger; nieznan unknown; niezwyk extraordinary,unusual; nigdy never; noc night; now new;
noz knife; obc alien,stranger; obcy alien,stranger; obiad dinner; obiet promise; obled madness; oblicz face;
obron defen; ocz eye; oczy eye; odchod leav; odejs leav; odwag courage,brave; ofiar victim,sacrifice; ogien fire;
ogni fire; ognist fire; ogrod garden; ojc father; ojciec father; okn window; oko eye; okret ship; okrut cruel;
opetan possess; opowies story,tale; orzel eagle; osiem eight; osiol donkey; osmiorni octopus; ostateczn final;
ostatni last,final; ostr sharp; ostroz careful; oszu cheat,con; otchlan abyss; owc sheep; pajak spider; pamiec memory;
pamiet remember; pamieta remember; pamietnik diary,notebook; panien bride,maid; panstw state; papier paper;
papiez pope; patrz look; pelni full; perfum perfume; perl pearl; piat fifth; piatek friday; piec five; piekiel hell;
piekieln hell; piekl hell; piekn beaut; pieni money; pierscien ring; pierwsz first; pies dog; piesn song; pila saw;
pilk ball; pior feather; piosen song; pistolet gun; placz cry; plaszcz coat; plaz beach; plec sex; pocalun kiss;
pociag train; poczat begin,start; podda surrender; podroz journey,travel,trip; podwodn underwater; podwoj double;
podziem under; pokoj room,peace; pole field; policj police; policyj police; polow hunt; polowani hunt;
porwan kidnap,taken; poscig chase,pursuit; poszuki search,wanted; potwor monster; powiet air; powroc return,back;
powrot return,back; pozegna farewell; praw law,right; prawd truth,true; prawdziw true,real; prezent gift,present;
prezyd president; prokur prosecut; przebacz forgiv; przebudz awake; przegran loser; przeklet curse,damn;
przeszlo past; przetrwa survi; przeznacz destin; przygod adventure; przyjaci friend; przysieg oath;
przysiegl jury,juror; przyszlos future; psy dog; pszczol bee; ptak bird; pulapk trap; pust empty,desert;
pustyn desert; raj paradise; randk date; raz once; razem together; rece hand; rek hand; rekin shark;
rewolwer gun,revolver; robak worm; rodzic parent; rodzin famil; rok year; rower bicycle,bike; rown equal; roz rose;
rozbit broken; rozow pink; rozwod divorce; ruch move; ryb fish; rycerz knight; rzecz thing; rzek river; rzymsk roman;
sadu court; samobo suicide; samoch car; samolot plane; samot lone,alone; samuraj samurai; sarn deer; sasiad neighbo;
schod stair; sciana wall; sedzi judge; sekret secret; sen dream; serc heart; siedem seven; siedm seven; sila force;
siln strong; siostr sister; skal rock; skarb treasure; skarbi treasure; sklep shop; skok heist,jump; skor skin;
skrzyd wing; slad trace; slep blind; slodk sweet; slon elephant; slonc sun; slub wedding,marri; sluch listen;
smak taste; smiech laugh; smier death,dead; smiertel deadly,mortal; smok dragon; smut sad; sniadan breakfast;
snieg snow; sny dream; sobot saturday; spotka meet; spraw case,affair; sprawiedl justice; srebr silver; stacj station;
stal steel; star old; statek ship; stol table; strach fear,scare; straz guard; stron side; strzal shot; strzel shoot;
stulec century; sukien dress; swiadek witness; swiat world; swiatl light; swieczk candle; swiet holy,saint;
swieta christmas; swini pig; swit dawn; swob free; syn son; szal mad,crazy; szalen mad,crazy; szalon mad,crazy;
szatan satan; szczek jaw; szczesc happ,luck; szczesliw happy,lucky; szczur rat; szef boss; szept whisper; szesc six;
szklan glass; szko school; szkol school; sznur rope; szpieg spy; szpital hospital; szybk fast; tajem secret,mystery;
tajemnicz mysterious; tajn secret; tanc dance; tancz danc; tani danc; taniec dance; tata dad; tlum crowd; trudn hard;
trup dead,corpse; trzec third; twarde hard; twardy hard; twarz face; tydzien week; tygrys tiger; tysiac thousand;
ubran cloth; uciec escape,run; ucieka run; ulic street; umar dead; umrz die; urodz born; urodzin birthday;
usmiech smile; uwierz believe; wakac vacation,holiday; walc waltz; walk fight,battle; wampir vampire; waz snake;
wczoraj yesterday; wdow widow; wesel wedding; wiar faith; wiat wind; wiatr wind; widm phantom; wiecz etern;
wieczn forever,etern; wieczor evening,night; wiedzm witch; wielk great,big; wieloryb whale; wies village;
wiewior squirrel; wiez tower; wiezien prison; wiezienn prison; wilk wolf; wilko wolf,were; wiosn spring;
wladc lord,ruler; wladz power; wniebo heaven; wod water; wodospad waterfall; wojn war; wojownik warrior; woln free;
wolna free,slow; wolnos freedom; wroc return; wrog enem; wrot gate; wschod east; wscieka furious;
wsciekl furious,angry; wspanial wonder,magnificent; wspomn memor,remember; wszech universe; wszyst all,every;
wulkan volcano; wybor choice; wybran chosen; wyscig race; wysp island; wzgorz hill; zaba frog; zabaw play,toy;
zabic kill; zabij kill; zaboj killer,murder; zaby frog; zachod west,sunset; zagad riddle,mystery; zagin missing,lost;
zaglad doom,destr; zaglow sail; zagubi lost; zakaz forbid; zakoch love; zakonni nun; zamek castle; zapach scent;
zapomn forg; zatok bay; zaw always; zawsze always; zbrodn crime; zdjec photo,picture; zdrad betray,unfaith;
zdrow health; zeb tooth,teeth; zegar clock; zelaz iron; zelazn iron; zemst revenge,veng; zepsut broken; zgub lost;
ziarn seed,grain; ziel green; zielon green; ziemi earth,land; zim winter; zimn cold; zlam broken; zlap catch;
zlo evil; zlodziej thief; zlot gold; zly bad,evil; zmart resurrect; zmierzch twilight,dusk; znak sign;
znikn vanish,disappear; zolnier soldier; zolt yellow; zolw turtle; zon wife; zosta stay; zostan stay;
zraniony wounded; zwierz animal,beast; zwyciez win,victor; zyc life,live; zycz wish; zyj live,alive; zyw living,alive
"""
_ENGLISH: dict[str, tuple[str, ...]] = {
    stem: tuple(beginnings.split(",")) for stem, beginnings in (entry.split() for entry in _TABLE.split(";"))
}


def telling(folded: str) -> tuple[str, ...]:
    """The words of a folded title that say something: neither "nie" nor "with"."""
    return tuple(word for word in folded.split() if len(word) >= SHORTEST and word not in _STOP)


def english(word: str) -> tuple[str, ...]:
    """How the English words for a folded Polish one begin, the likeliest first; none if it is not known.

    "zycia" → ("life", "live").
    """
    shortest = max(SHORTEST, len(word) - LONGEST_ENDING, -(-len(word) // 2))
    stems = (word[:length] for length in range(len(word), shortest - 1, -1))
    return next((_ENGLISH[stem] for stem in stems if stem in _ENGLISH), ())


def beginnings(title: str) -> tuple[str, ...]:
    """How words of a Polish title may begin in the film's other titles, the most telling first.

    "Opowieść o Benie Carsonie" → "cars", "beni", "story"; "Gremliny 2" → "grem". What is not in the table may be a
    name or a loanword: their endings are inflected, or written in another way.
    """
    words = sorted(telling(fold(title)), key=len, reverse=True)
    own = [word[:ALIKE] for word in words if not english(word) and not word.isdigit()]
    return tuple(dict.fromkeys((*own, *(english(word)[0] for word in words if english(word)))))
