//! The word lists of [`super::Language`]: plain data, a list a line, words separated by white space.
//!
//! All words are normalised as [`crate::tokens`] does it. The lists are small on purpose: a word stands here because
//! speech uses it often, not because a dictionary has it.

use std::{borrow::Cow, collections::HashMap};

use super::Language;

/// The lists of one language.
#[derive(Default)]
pub(super) struct Words {
    /// Stop words beside those of the `stop-words` crate.
    pub(super) stop: &'static str,
    /// Words the crate calls stop words and we do not.
    pub(super) kept: &'static str,
    /// What people say while they think.
    pub(super) fillers: &'static str,
    /// Articles and prepositions.
    pub(super) nominal: &'static str,
    /// Pronouns of the first and the second person.
    pub(super) personal: &'static str,
    /// Words that negate. Prefixes and suffixes are not looked at.
    pub(super) negations: &'static str,
    /// What a full stop follows without ending the sentence.
    pub(super) abbreviations: &'static str,
    /// What a new thought begins with.
    pub(super) openers: &'static str,
    /// `word=value`, for numbers that no rule of [`numbers`] makes.
    numbers: &'static str,
}

pub(super) fn of(language: Language) -> Words {
    match language {
        Language::English => ENGLISH,
        Language::German => GERMAN,
        Language::French => FRENCH,
        Language::Spanish => SPANISH,
        Language::Portuguese => PORTUGUESE,
        Language::Italian => ITALIAN,
        Language::Dutch => DUTCH,
        Language::Russian => RUSSIAN,
        Language::Chinese => CHINESE,
        Language::Japanese => JAPANESE,
        Language::Korean => KOREAN,
        Language::Arabic => ARABIC,
        Language::Hindi => HINDI,
        Language::Other => Words::default(),
    }
}

/// The spelled-out numbers of a language; those that German, Dutch and Italian write as one word are put together here.
pub(super) fn numbers(language: Language) -> HashMap<Cow<'static, str>, u64> {
    let mut numbers: HashMap<Cow<'static, str>, u64> = of(language)
        .numbers
        .split_whitespace()
        .filter_map(|entry| entry.split_once('='))
        .filter_map(|(word, value)| Some((Cow::Borrowed(word), value.parse().ok()?)))
        .collect();
    let units = match language {
        Language::German => "ein=1 zwei=2 drei=3 vier=4 fünf=5 sechs=6 sieben=7 acht=8 neun=9",
        Language::Dutch => "een=1 één=1 twee=2 drie=3 vier=4 vijf=5 zes=6 zeven=7 acht=8 negen=9",
        Language::Italian => "uno=1 due=2 tre=3 quattro=4 cinque=5 sei=6 sette=7 otto=8 nove=9",
        _ => return numbers,
    };
    let tens: Vec<(Cow<'static, str>, u64)> = numbers
        .iter()
        .filter(|(_, value)| (20..100).contains(*value) && **value % 10 == 0)
        .map(|(word, value)| (word.clone(), *value))
        .collect();
    for (unit, value) in units.split_whitespace().filter_map(|entry| entry.split_once('=')) {
        let value: u64 = value.parse().unwrap_or_default();
        for (ten, tens) in &tens {
            let word = match language {
                Language::German => format!("{unit}und{ten}"),
                Language::Dutch if unit.ends_with('e') => format!("{unit}ën{ten}"),
                Language::Dutch => format!("{unit}en{ten}"),
                _ if matches!(value, 1 | 8) => format!("{}{unit}", &ten[..ten.len() - 1]),
                _ => format!("{ten}{unit}"),
            };
            numbers.insert(Cow::Owned(word), tens + value);
        }
    }
    if language == Language::Italian {
        for (ten, tens) in tens {
            numbers.insert(Cow::Owned(format!("{ten}tré")), tens + 3);
            // "settantun anni".
            numbers.insert(Cow::Owned(format!("{}un", &ten[..ten.len() - 1])), tens + 1);
        }
    }
    numbers
}

/// A number that is written as one word of several: "fünfzehntausend", "duecentocinquanta", "삼십".
pub(super) fn compound(word: &str, language: Language, simple: &dyn Fn(&str) -> Option<u64>) -> Option<u64> {
    /// The longest compound: deeper ones are no numbers.
    const LONGEST: usize = 120;
    if word.len() > LONGEST {
        return None;
    }
    let (one, hundred, thousand): (&str, &str, &[&str]) = match language {
        Language::German => ("ein", "hundert", &["tausend"]),
        Language::Dutch => ("een", "honderd", &["duizend"]),
        Language::Italian => ("un", "cento", &["mila", "mille"]),
        Language::Korean => return korean(word),
        _ => return None,
    };
    let below = |word: &str| -> Option<u64> {
        let word = word.strip_prefix("und").unwrap_or(word);
        let part = |word: &str| if word == one { Some(1) } else { simple(word) };
        match word.split_once(hundred) {
            Some((before, after)) => {
                let hundreds = if before.is_empty() { 1 } else { part(before)? };
                let after = after.strip_prefix("und").unwrap_or(after);
                let rest = if after.is_empty() { 0 } else { part(after)? };
                (hundreds < 100 && rest < 100).then_some(hundreds * 100 + rest)
            }
            None => part(word),
        }
    };
    for name in thousand {
        if let Some((before, after)) = word.split_once(name) {
            let thousands = if before.is_empty() { 1 } else { below(before)? };
            let rest = if after.is_empty() { 0 } else { below(after)? };
            return (thousands < 1000 && rest < 1000).then_some(thousands * 1000 + rest);
        }
    }
    // "centottanta": the hundred loses its last letter.
    if language == Language::Italian
        && let Some(rest) = word.strip_prefix("cent").filter(|rest| rest.starts_with("ott"))
    {
        return simple(rest).filter(|rest| *rest < 100).map(|rest| 100 + rest);
    }
    if word.contains(hundred) { below(word) } else { None }
}

/// Sino-Korean numbers, with the particle or counter that is written with them left out: at least two syllables, one of them
/// a multiplier, since "이" and "사" are words of their own.
fn korean(word: &str) -> Option<u64> {
    let digit = |c: char| {
        "일이삼사오육칠팔구"
            .chars()
            .position(|d| d == c)
            .map(|at| at as u64 + 1)
    };
    let (mut whole, mut below, mut open, mut count, mut scaled) = (0, 0, 0, 0, false);
    for c in word.chars() {
        match (digit(c), c) {
            (Some(value), _) => open = value,
            (None, '십' | '백' | '천') => {
                let scale = match c {
                    '십' => 10,
                    '백' => 100,
                    _ => 1000,
                };
                below += open.max(1) * scale;
                (open, scaled) = (0, true);
            }
            (None, '만') => {
                whole += (below + open).max(1) * 10_000;
                (below, open, scaled) = (0, 0, true);
            }
            _ => return None,
        }
        count += 1;
    }
    (scaled && count >= 2 && word != "만일").then_some(whole + below + open)
}

/// What captions note in brackets that nobody said, in the languages together.
pub(super) const NOISES: [&str; 50] = [
    "applause",
    "applauds",
    "clapping",
    "cheering",
    "cheers",
    "laughter",
    "laughs",
    "laughing",
    "chuckles",
    "music",
    "singing",
    "sighs",
    "coughs",
    "coughing",
    "inaudible",
    "unintelligible",
    "indistinct",
    "crosstalk",
    "silence",
    "noise",
    "beep",
    "foreign",
    "applaus",
    "beifall",
    "gelächter",
    "lachen",
    "lacht",
    "musik",
    "unverständlich",
    "applaudissements",
    "rires",
    "musique",
    "aplausos",
    "risas",
    "música",
    "risos",
    "applausi",
    "risate",
    "musica",
    "gelach",
    "muziek",
    "аплодисменты",
    "смех",
    "музыка",
    "掌声",
    "音乐",
    "笑声",
    "拍手",
    "音楽",
    "笑い",
];

const ENGLISH: Words = Words {
    stop: "a about above across after again against ain't all almost along already also although always am among an and \
        another any anybody anyone anything anyway are aren't around as ask asked at away back be became because been \
        before behind being below between both but by came can can't cannot come comes coming could couldn't 'd did \
        didn't do does doesn't doing don't done down during each either else enough even ever every everybody everyone \
        everything far few for from get gets getting give given gives go goes going gone gonna good got gotten gotta had \
        hadn't has hasn't have haven't having he he'd he'll he's hello her here here's hers herself hi him himself his how \
        how's however i i'd i'll i'm i've if in into is isn't it it'd it'll it's its itself just keep kept kind knew know \
        known knows last least less let let's 'll look looked looking looks lot lots made make makes making many may maybe \
        me mean means might more most much must mustn't my myself near need never no nobody none nor not nothing now of \
        off often on once one ones only onto or other others our ours ourselves out over own per perhaps please point put \
        quite rather 're really same said say saying says see seem seems seen several shall she she'd she'll she's should \
        shouldn't since so some somebody someone something sometimes somewhere soon sort still such sure 's take takes \
        than thank thanks that that'd that'll that's the their theirs them themselves then there there'd there'll there's \
        there're these they they'd they'll they're they've thing things think thinking this those though thought through \
        to today together too took toward towards tried try trying two under until up upon us use used very 've want \
        wanted wants was wasn't way we we'd we'll we're we've welcome well went were weren't what what's what're whatever \
        when where where's whether which while who who's whole whom whose why will with within without won't would \
        wouldn't yes yet you you'd you'll you're you've your yours yourself yourselves \
        dont doesnt didnt isnt wasnt arent werent im ive youre theyre thats whats lets cant wont couldnt wouldnt shouldnt \
        havent hasnt hadnt gonna wanna",
    kept: "",
    fillers: "yeah yep yup okay ok okey um uh uhm umm uhh hmm hm mm mmm mhm hmmm huh ah ahh oh ooh er erm eh right alright \
        well like basically actually literally anyway anyways gonna wanna gotta kinda sorta guys y'know cos 'cause cuz \
        wow hey bye nah yes bit stuff obviously",
    nominal: "the a an of in on at by for with from to and into about between through under over per which their its than as or",
    personal: "i you we me us my your our mine yours ours i'm i've i'll i'd you're you've you'll you'd we're we've we'll we'd let's it's that's don't he she him im ive youre",
    negations: "not no never none nobody nobody's nothing neither nor nowhere cannot without hardly dont doesnt didnt isnt wasnt \
        arent werent cant wont couldnt wouldnt shouldnt havent hasnt hadnt",
    abbreviations: "dr mr mrs ms prof st vs etc e.g i.e eg ie vol fig figs jr sr inc ltd co corp dept approx est gen sen rep \
        hon rev gov lt col sgt capt mt ave blvd u.s u.k a.m p.m cf ca ed eds al jan feb mar apr jun jul aug sep sept oct nov dec",
    openers: "so and but because now then okay ok well also however if when first firstly second secondly third finally \
        anyway basically although while since whereas which where another next let's today there here i'm it's that's",
    numbers: "zero=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13 \
        fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40 fifty=50 \
        sixty=60 seventy=70 eighty=80 ninety=90 hundred=100 thousand=1000 million=1000000 billion=1000000000 trillion=1000000000000",
};

const GERMAN: Words = Words {
    stop: "mal ja nein doch halt eben schon noch auch immer gibt geht gut ganz sagen sagt gesagt mach machen macht \
        gemacht haben hab hat ding dinge sache sachen sowas irgendwie irgendwas einfach glaube denke finde sozusagen \
        natürlich genau wirklich vielleicht eigentlich bisschen quasi",
    kept: "menschen schlecht vergangenen startseite",
    fillers: "äh ähm öh hm hmm mhm naja tja also halt eben okay ok ach oh ja genau quasi sozusagen irgendwie",
    nominal: "der die das des dem den ein eine einer eines einem einen von in im an am auf bei beim für mit aus zu zum zur und über zwischen durch unter pro nach vor deren dessen als oder",
    personal: "ich du wir ihr mich mir dich dir uns euch mein meine dein deine unser unsere euer eure sie ihnen man",
    negations: "nicht kein keine keinen keinem keiner keines nie niemals nichts niemand niemanden niemandem nirgends \
        nirgendwo weder ohne kaum",
    abbreviations: "z b z.b d h d.h u a u.a o ä o.ä bzw usw usf etc ca dr prof hr fr nr str vgl evtl ggf inkl bspw sog s u.s.w \
        jh mio mrd tel abs art abb bd jan feb mär apr jun jul aug sep okt nov dez",
    openers: "und aber denn weil also dann jetzt nun so doch wenn als erstens zweitens zuerst außerdem deshalb deswegen \
        trotzdem jedoch heute hier sondern während obwohl damit",
    numbers: "null=0 eins=1 zwei=2 zwo=2 drei=3 vier=4 fünf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11 zwölf=12 \
        dreizehn=13 vierzehn=14 fünfzehn=15 sechzehn=16 siebzehn=17 achtzehn=18 neunzehn=19 zwanzig=20 dreißig=30 \
        dreissig=30 vierzig=40 fünfzig=50 sechzig=60 siebzig=70 achtzig=80 neunzig=90 hundert=100 einhundert=100 \
        zweihundert=200 dreihundert=300 vierhundert=400 fünfhundert=500 tausend=1000 eintausend=1000 zweitausend=2000 \
        million=1000000 millionen=1000000 mio=1000000 milliarde=1000000000 milliarden=1000000000 mrd=1000000000 \
        billion=1000000000000 billionen=1000000000000",
};

const FRENCH: Words = Words {
    stop: "l' d' qu' j' c' n' s' m' t' jusqu' lorsqu' puisqu' aujourd'hui ça c'est fait faire va vais dit dire chose choses \
        oui non bien très plus moins aussi alors donc peu trop vraiment",
    kept: "nombreuses suivant parler",
    fillers: "euh heu hein ben bah bon voilà ouais ok okay oui ah oh hum genre quoi enfin bref",
    nominal: "le la les l' un une des du de d' à au aux en dans sur par pour avec et entre sous vers chez dont leur leurs que ou",
    personal: "je j' tu nous vous me m' te t' moi toi mon ma mes ton ta tes notre nos votre vos on c'est",
    negations: "ne n' pas jamais rien aucun aucune personne ni nul nulle sans guère non",
    abbreviations: "m mm mme mmes mlle mlles dr pr prof st ste etc p ex p.ex cf c.-à-d env vol fig art no av bd jr janv févr juil sept oct nov déc",
    openers: "et mais parce car donc alors puis ensuite enfin maintenant quand si d'abord premièrement deuxièmement aussi \
        cependant pourtant or voilà aujourd'hui ainsi lorsque comme",
    numbers: "zéro=0 deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 neuf=9 dix=10 onze=11 douze=12 treize=13 \
        quatorze=14 quinze=15 seize=16 vingt=20 vingts=20 trente=30 quarante=40 cinquante=50 soixante=60 septante=70 \
        huitante=80 octante=80 nonante=90 cent=100 cents=100 mille=1000 million=1000000 millions=1000000 \
        milliard=1000000000 milliards=1000000000",
};

const SPANISH: Words = Words {
    stop: "cosa cosas hacer hace va vamos ir decir dice digo ver entonces pues muy más menos también así bueno claro",
    kept: "trabajo trabajar trabaja trabajan trabajas trabajamos trabajais empleo emplear emplean empleas ampleamos empleais verdad verdadera verdadero",
    fillers: "eh em este pues bueno vale ok okay ah oh ay hum mmm digamos claro sí",
    nominal: "el la los las un una unos unas de del en a al por para con y entre sobre bajo desde hasta según cuyo cuya que o",
    personal: "yo tú vosotros nosotros usted ustedes me te nos os mi mis tu tus nuestro nuestra nuestros vuestro mí ti",
    negations: "no nunca jamás nada nadie ningún ninguno ninguna ni tampoco sin apenas",
    abbreviations: "sr sra srta sres dr dra d dña ud uds etc p ej p.ej pág págs núm vol art av avda ee.uu ee uu aprox fig prof gral ene feb abr jun jul ago sept oct nov dic",
    openers: "y pero porque entonces pues luego después ahora bueno así cuando si primero segundo finalmente además también \
        aunque hoy aquí mientras como",
    numbers: "cero=0 dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12 trece=13 catorce=14 \
        quince=15 dieciséis=16 diecisiete=17 dieciocho=18 diecinueve=19 veinte=20 veintiuno=21 veintiuna=21 veintiún=21 \
        veintidós=22 veintitrés=23 veinticuatro=24 veinticinco=25 veintiséis=26 veintisiete=27 veintiocho=28 \
        veintinueve=29 treinta=30 cuarenta=40 cincuenta=50 sesenta=60 setenta=70 ochenta=80 noventa=90 cien=100 \
        ciento=100 doscientos=200 doscientas=200 trescientos=300 trescientas=300 cuatrocientos=400 cuatrocientas=400 quinientos=500 quinientas=500 \
        seiscientos=600 seiscientas=600 setecientos=700 setecientas=700 ochocientos=800 ochocientas=800 \
        novecientos=900 novecientas=900 mil=1000 millón=1000000 millones=1000000",
};

const PORTUGUESE: Words = Words {
    stop: "coisa coisas fazer faz vai vamos ir dizer diz ver então muito mais menos também assim bom bem pra pro gente né",
    kept: "trabalho trabalhar tempo grupo ponto direita",
    fillers: "é eh hum ah oh né tá ok okay bom bem então tipo assim aí sim pois olha",
    nominal: "o a os as um uma de do da dos das em no na nos nas por pelo pela para com e entre sobre sob desde até cujo cuja ou ao à",
    personal: "eu tu você vocês nós me te nos meu minha teu tua seu nosso nossa gente mim",
    negations: "não nunca jamais nada ninguém nenhum nenhuma nem tampouco sem",
    abbreviations: "sr sra srs dr dra prof profa etc p ex p.ex pág págs núm vol art av aprox fig exmo jan fev mar abr mai jun jul ago set out nov dez",
    openers: "e mas porque então pois depois agora bom assim quando se primeiro segundo finalmente além também embora \
        porém hoje aqui enquanto como",
    numbers: "zero=0 dois=2 duas=2 três=3 quatro=4 cinco=5 seis=6 sete=7 oito=8 nove=9 dez=10 onze=11 doze=12 treze=13 \
        catorze=14 quatorze=14 quinze=15 dezesseis=16 dezasseis=16 dezessete=17 dezassete=17 dezoito=18 dezenove=19 \
        dezanove=19 vinte=20 trinta=30 quarenta=40 cinquenta=50 sessenta=60 setenta=70 oitenta=80 noventa=90 cem=100 \
        cento=100 duzentos=200 duzentas=200 trezentos=300 trezentas=300 quatrocentos=400 quatrocentas=400 quinhentos=500 quinhentas=500 seiscentos=600 seiscentas=600 \
        setecentos=700 setecentas=700 oitocentos=800 oitocentas=800 novecentos=900 novecentas=900 mil=1000 milhão=1000000 milhões=1000000 bilhão=1000000000 bilhões=1000000000",
};

const ITALIAN: Words = Words {
    stop: "l' d' un' c' dell' all' dall' nell' sull' quell' quest' cosa cose fare fa va andiamo dire dice vedere allora \
        molto più meno anche così bene sì",
    kept: "lavoro persone mondo paese governo ministro presidente città casa",
    fillers: "eh ehm mah beh boh ok okay ah oh cioè allora dai ecco insomma tipo sì vabbè",
    nominal: "il lo la i gli le l' un uno una un' di del dello della dei degli delle dell' in nel nella nei nelle a al alla ai alle da dal dalla su sul sulla per con e tra fra che o",
    personal: "io tu noi voi mi ti ci vi mio mia miei tuo tua nostro nostra vostro me te",
    negations: "non no mai niente nulla nessuno nessuna nessun né neanche nemmeno neppure senza",
    abbreviations: "sig sigg sig.ra dott dott.ssa dr prof prof.ssa ing avv ecc es p.es pag pagg vol art n ca fig gen feb mar apr mag giu lug ago set ott nov dic",
    openers: "e ma perché allora quindi poi dopo adesso ora quando se primo secondo infine inoltre anche però tuttavia \
        oggi qui mentre come dunque",
    numbers: "zero=0 due=2 tre=3 quattro=4 cinque=5 sei=6 sette=7 otto=8 nove=9 dieci=10 undici=11 dodici=12 tredici=13 \
        quattordici=14 quindici=15 sedici=16 diciassette=17 diciotto=18 diciannove=19 venti=20 trenta=30 quaranta=40 \
        vent'=20 trent'=30 quarant'=40 cinquant'=50 sessant'=60 settant'=70 ottant'=80 novant'=90 \
        cinquanta=50 sessanta=60 settanta=70 ottanta=80 novanta=90 cento=100 duecento=200 trecento=300 quattrocento=400 \
        cinquecento=500 mille=1000 duemila=2000 tremila=3000 mila=1000 milione=1000000 milioni=1000000 \
        miliardo=1000000000 miliardi=1000000000 mln=1000000 mld=1000000000",
};

const DUTCH: Words = Words {
    stop: "ja nee ook nog wel gewoon heel erg even toch maar dus gaan gaat doen doet zeggen zegt ding dingen iets beetje",
    kept: "onzeker",
    fillers: "eh euh uh uhm hm hmm nou ja oké ok okay zeg ah oh gewoon eigenlijk toch hè dus",
    nominal: "de het een van in op aan bij voor met uit naar tot en over tussen door onder per wiens als of",
    personal: "ik jij je we wij jullie u mij me jou ons mijn jouw uw onze",
    negations: "niet geen nooit niets niks niemand nergens noch zonder nauwelijks",
    abbreviations: "dhr mevr mw dr prof ir ing bijv bv enz etc ca nr blz o.a d.w.z m.b.t z.g zgn vgl jl st jan feb mrt apr jun jul aug sep okt nov dec",
    openers: "en maar want omdat dus dan nu toen als eerst ten daarna tenslotte ook echter hoewel vandaag hier terwijl daarom",
    numbers: "nul=0 één=1 twee=2 drie=3 vier=4 vijf=5 zes=6 zeven=7 acht=8 negen=9 tien=10 elf=11 twaalf=12 dertien=13 \
        veertien=14 vijftien=15 zestien=16 zeventien=17 achttien=18 negentien=19 twintig=20 dertig=30 veertig=40 \
        vijftig=50 zestig=60 zeventig=70 tachtig=80 negentig=90 honderd=100 tweehonderd=200 driehonderd=300 duizend=1000 \
        miljoen=1000000 miljard=1000000000",
};

const RUSSIAN: Words = Words {
    stop: "это вот ну да нет так очень просто там тут ещё уже тоже вообще говорить сказать делать дело",
    kept: "год лет люди рука нога работа мир город жизнь вода дом",
    fillers: "э эм ну вот так значит типа короче блин ага угу ок окей да вообще просто",
    nominal: "в во на с со из к ко от до по для за под над при между через о об и или которого которые который которая",
    personal: "я ты мы вы меня мне тебя тебе нас нам вас вам мой моя мои твой наш наша ваш ваша мной",
    negations: "не ни нет нельзя никогда ничего ничто никто никого никому нигде никуда никакой никакая никакие без",
    abbreviations: "г гг т е д п т.е т.д т.п т.к и.о стр ул рис см им св проф акад руб коп млн млрд тыс др пр напр кг км м",
    openers: "и а но потому поэтому значит так тогда теперь сейчас потом затем когда если во-первых во-вторых наконец \
        также однако хотя сегодня здесь пока ведь",
    numbers: "ноль=0 нуль=0 один=1 одна=1 одно=1 два=2 две=2 три=3 четыре=4 пять=5 шесть=6 семь=7 восемь=8 девять=9 десять=10 \
        одиннадцать=11 двенадцать=12 тринадцать=13 четырнадцать=14 пятнадцать=15 шестнадцать=16 семнадцать=17 \
        восемнадцать=18 девятнадцать=19 двадцать=20 тридцать=30 сорок=40 пятьдесят=50 шестьдесят=60 семьдесят=70 \
        восемьдесят=80 девяносто=90 сто=100 двести=200 триста=300 четыреста=400 пятьсот=500 шестьсот=600 семьсот=700 \
        восемьсот=800 девятьсот=900 тысяча=1000 тысячи=1000 тысяч=1000 миллион=1000000 миллиона=1000000 \
        миллионов=1000000 миллиард=1000000000 миллиарда=1000000000 миллиардов=1000000000 \
        тыс=1000 млн=1000000 млрд=1000000000 тысячам=1000 тысячами=1000 тысячах=1000 миллионам=1000000 миллионами=1000000 \
        одного=1 одной=1 одну=1 одним=1 двух=2 двум=2 двумя=2 трёх=3 трех=3 трём=3 тремя=3 четырёх=4 четырех=4 четырём=4 \
        пяти=5 пятью=5 шести=6 шестью=6 семи=7 семью=7 восьми=8 девяти=9 десяти=10 десятью=10 одиннадцати=11 двенадцати=12 \
        тринадцати=13 четырнадцати=14 пятнадцати=15 шестнадцати=16 семнадцати=17 восемнадцати=18 девятнадцати=19 \
        двадцати=20 двадцатью=20 тридцати=30 тридцатью=30 сорока=40 пятидесяти=50 шестидесяти=60 семидесяти=70 \
        восьмидесяти=80 девяноста=90 ста=100 двухсот=200 трёхсот=300 трехсот=300 четырёхсот=400 пятисот=500 шестисот=600 \
        семисот=700 восьмисот=800 девятисот=900",
};

const CHINESE: Words = Words {
    stop: "的 了 是 在 我 你 您 他 她 它 们 們 这 這 那 哪 个 個 和 与 與 或 也 都 就 而 及 着 著 过 過 吗 嗎 吧 呢 啊 呀 嘛 么 麼 \
        不 没 沒 有 很 把 被 让 讓 给 給 对 對 从 從 到 以 为 為 之 其 所 于 於 要 会 會 能 可 说 說 来 來 去 上 下 里 裡 \
        一 些 什 怎 样 樣 还 還 又 再 才 只 最 更 太 好 但 因 如 果 然 后 後",
    kept: "七 三 九 二 五 八 六 四 光 儿 月 日 秒 论 望 人 大 多 小 年 时 本 冲 宁 阿",
    fillers: "嗯 呃 哦 喔 啊 哎 唉 诶 欸",
    nominal: "",
    personal: "我 你 您",
    negations: "不 没 沒 无 無 非 未 别 別 勿",
    openers: "",
    abbreviations: "",
    numbers: "零=0 〇=0 一=1 二=2 两=2 兩=2 三=3 四=4 五=5 六=6 七=7 八=8 九=9 十=10 百=100 千=1000 万=10000 萬=10000 亿=100000000 億=100000000",
};

const JAPANESE: Words = Words {
    stop: "私 僕 俺 彼 何 ー",
    kept: "",
    fillers: "",
    nominal: "",
    personal: "私 僕 俺",
    negations: "",
    openers: "",
    abbreviations: "",
    numbers: "零=0 〇=0 一=1 二=2 三=3 四=4 五=5 六=6 七=7 八=8 九=9 十=10 百=100 千=1000 万=10000 億=100000000",
};

const KOREAN: Words = Words {
    stop: "이 그 저 것 수 등 좀 더 잘 안 못 네 예 아니 있는 있습니다 있어요 하는 합니다 해요 했습니다 그리고 그래서 하지만 \
        그런데 근데 우리 제가 저는 여러분 이제 지금 여기 거기 이렇게 그렇게 어떻게 정말 진짜 너무 아주 매우 오늘은 오늘",
    kept: "",
    fillers: "음 어 아 그 저 뭐 막 네 예 자 이제 그냥",
    nominal: "",
    personal: "나 저 우리 너 제가 저는 나는 내가 여러분",
    negations: "안 못 아니 아닙니다 아니요 없다 없는 없습니다 없어요 않다 않는 않습니다 않아요",
    openers: "그리고 그래서 하지만 그런데 근데 그러면 그럼 그러나 또 먼저 다음으로 마지막으로 이제 자",
    abbreviations: "",
    numbers: "영=0 하나=1 둘=2 셋=3 넷=4 다섯=5 여섯=6 일곱=7 여덟=8 아홉=9 열=10 스물=20 서른=30 마흔=40 쉰=50 예순=60 일흔=70 여든=80 아흔=90 백=100 천=1000 만=10000 억=100000000",
};

const ARABIC: Words = Words {
    stop: "هذا هذه ذلك التي الذي الذين نحن انا أنا هو هي هم كان كانت يكون إلى على من في عن مع ثم أو لا ما لم لن قد يعني طيب نعم",
    kept: "",
    fillers: "آه اه يعني طيب نعم اوكي أوكي إيه",
    nominal: "في من على إلى عن مع بين",
    personal: "أنا انا نحن أنت انت أنتم انتم",
    negations: "لا لم لن ليس ليست ليسوا ما غير بدون أبدا لست",
    openers: "ثم لكن لأن إذن إذا عندما أولا ثانيا أخيرا أيضا اليوم الآن حيث بينما طيب",
    abbreviations: "د أ م",
    numbers: "صفر=0 واحد=1 اثنان=2 ثلاثة=3 أربعة=4 خمسة=5 ستة=6 سبعة=7 ثمانية=8 تسعة=9 عشرة=10 عشرون=20 عشرين=20 \
        ثلاثون=30 ثلاثين=30 أربعون=40 أربعين=40 خمسون=50 خمسين=50 ستون=60 ستين=60 سبعون=70 سبعين=70 ثمانون=80 ثمانين=80 \
        تسعون=90 تسعين=90 مئة=100 مائة=100 مئتان=200 مئتين=200 ألف=1000 آلاف=1000 مليون=1000000 ملايين=1000000 مليار=1000000000",
};

const HINDI: Words = Words {
    stop: "है हैं था थे थी हो हूँ हूं का के की को में से पर और या भी ही तो यह ये वह वो हम आप मैं मुझे हमें कि जो क्या कर करते करता \
        करना किया गया रहा रहे रही एक बहुत कुछ अब जब तब यहाँ वहाँ हाँ जी मतलब",
    kept: "",
    fillers: "हाँ हां अच्छा ठीक मतलब तो जी ओके हम्म अरे",
    nominal: "का के की को में से पर और",
    personal: "मैं हम आप तुम मुझे हमें आपको मेरा मेरे मेरी हमारा हमारे हमारी आपका आपके आपकी",
    negations: "नहीं न ना मत कभी बिना",
    openers: "और लेकिन क्योंकि तो फिर अब जब अगर पहले दूसरा आखिर इसलिए मगर परंतु आज यहाँ",
    abbreviations: "डॉ श्री प्रो",
    numbers: "शून्य=0 एक=1 दो=2 तीन=3 चार=4 पाँच=5 पांच=5 छह=6 सात=7 आठ=8 नौ=9 दस=10 ग्यारह=11 बारह=12 तेरह=13 चौदह=14 \
        पंद्रह=15 पन्द्रह=15 सोलह=16 सत्रह=17 अठारह=18 उन्नीस=19 बीस=20 पच्चीस=25 तीस=30 पैंतीस=35 चालीस=40 पैंतालीस=45 पचास=50 \
        साठ=60 सत्तर=70 पचहत्तर=75 अस्सी=80 नब्बे=90 सौ=100 हज़ार=1000 हजार=1000 लाख=100000 करोड़=10000000",
};
