//! Numbers as people say them and summaries write them. Each line was read wrongly once.

use super::*;

#[test]
fn numbers_may_be_said_in_other_ways() {
    let cases = [
        (
            "en",
            "The reward is fifty thousand dollars and half of it goes to the orchestra.",
            "The orchestra gets $25,000 of the reward.",
            true,
        ),
        (
            "en",
            "The reward is fifty thousand dollars and half of it goes to the orchestra.",
            "The orchestra gets $20,000 of the reward.",
            false,
        ),
        (
            "en",
            "After that dive I quit the job about eight weeks later.",
            "She quit the job roughly two months after that dive.",
            true,
        ),
        (
            "en",
            "After that dive I quit the job about eight weeks later.",
            "She quit the job roughly three months after that dive.",
            false,
        ),
        (
            "de",
            "Die Gefriertruhe hat vierhundertzwanzig gebraucht, die neue braucht neunzig Kilowattstunden.",
            "Die alte Gefriertruhe hat 420 Kilowattstunden gebraucht.",
            true,
        ),
        (
            "en",
            "The probe read two oh two when I took the brisket off.",
            "The brisket came off when the probe read 202.",
            true,
        ),
        (
            "en",
            "A timer chip, the five five five, was dead on this board.",
            "The dead chip on the board was a 555 timer.",
            true,
        ),
        (
            "en",
            "Leave two and a quarter inches of fat on the brisket.",
            "The fat on the brisket should be 2¼ inches.",
            true,
        ),
        (
            "en",
            "In two hundred drawings he found sixty three without a number.",
            "In a third of the drawings he found no number.",
            true,
        ),
        (
            "en",
            "In two hundred drawings he found sixty three without a number.",
            "In a fifth of the drawings he found no number.",
            false,
        ),
        (
            "en",
            "The whole tagine comes to 26 euros and feeds six guests.",
            "The whole tagine costs 26 € for six guests.",
            true,
        ),
        (
            "fr",
            "Il vous faut un poulet fermier d'un kilo huit pour la famille.",
            "Il faut un poulet fermier de 1,8 kg pour la famille.",
            true,
        ),
        (
            "pt",
            "A tarifa do ônibus é de cinco reais e dez na cidade.",
            "A tarifa do ônibus na cidade custa R$ 5,10.",
            true,
        ),
        (
            "en",
            "The boards were fourteen dollars and eighty cents each at the store.",
            "The boards cost $14.80 each at the store.",
            true,
        ),
        (
            "en",
            "The boards were fourteen dollars and eighty cents each at the store.",
            "The boards cost $14.90 each at the store.",
            false,
        ),
        (
            "en",
            "The error of the notebook was only point four degrees.",
            "The error of the notebook was just 0.4 degrees.",
            true,
        ),
        (
            "en",
            "With the dirt the whole bed came to two twenty one dollars.",
            "With the dirt the whole bed came to $221.",
            true,
        ),
        (
            "en",
            "The flow slowed by about a third in less than a century.",
            "The flow slowed by 33 % within 100 years.",
            true,
        ),
        (
            "en",
            "The flow slowed by about a third in less than a century.",
            "The flow slowed by 50 % within 100 years.",
            false,
        ),
        (
            "en",
            "One account in five belongs to a woman from London.",
            "Women from London hold 20 % of the accounts.",
            true,
        ),
        (
            "en",
            "It left the river at two and a half hours on the clock.",
            "It left the river after 150 minutes on the clock.",
            true,
        ),
        (
            "en",
            "The posts are cut to twenty two inches no wait sorry twenty four inches.",
            "The posts are cut to 22 inches.",
            false,
        ),
        (
            "en",
            "The bank opened with half a million customers in four cities.",
            "The bank opened with 500,000 customers in four cities.",
            true,
        ),
        (
            "de",
            "Die Brücke ist seit anderthalb Jahren für Autos gesperrt.",
            "Die Brücke ist seit 18 Monaten für Autos gesperrt.",
            true,
        ),
        (
            "de",
            "Die Brücke ist seit anderthalb Jahren für Autos gesperrt.",
            "Die Brücke ist seit 16 Monaten für Autos gesperrt.",
            false,
        ),
        (
            "de",
            "Ein Dutzend der Länder stimmt gegen das neue Gesetz.",
            "12 der Länder stimmen gegen das neue Gesetz.",
            true,
        ),
        (
            "de",
            "In jedem fünften Fall hat sich das kleine Modell geirrt.",
            "In 20 Prozent der Fälle hat sich das kleine Modell geirrt.",
            true,
        ),
        (
            "de",
            "Das Beet wird zwei Meter lang und eins zwanzig breit.",
            "Das Beet wird zwei Meter lang und 1,20 Meter breit.",
            true,
        ),
        (
            "fr",
            "La farine coûte un euro quatre-vingt le kilo au moulin.",
            "La farine coûte 1,80 euro le kilo au moulin.",
            true,
        ),
        (
            "fr",
            "Le texte fut adopté par trente-huit voix contre trente et une.",
            "Le texte fut adopté par 38 voix contre 31.",
            true,
        ),
        (
            "fr",
            "Une quinzaine de milliers de soldats ont pris la ville.",
            "Environ 15 000 soldats ont pris la ville.",
            true,
        ),
        (
            "es",
            "Casi tres cuartas partes de la cuota eran intereses del banco.",
            "Cerca del 75 % de la cuota eran intereses del banco.",
            true,
        ),
        (
            "it",
            "Siamo saliti a piedi alla chiesa, un'ora e mezza di strada.",
            "Sono saliti a piedi alla chiesa in 90 minuti di strada.",
            true,
        ),
        (
            "it",
            "La torre appartiene a Lasha, che ha settantun anni.",
            "La torre appartiene a Lasha, che ha 71 anni.",
            true,
        ),
        (
            "ru",
            "Аппарат раздавило на высоте около двадцати восьми километров.",
            "Аппарат раздавило на высоте 28 километров.",
            true,
        ),
        (
            "nl",
            "Ik heb éénenveertig nachten gekampeerd in de bergen.",
            "Ze heeft 41 nachten gekampeerd in de bergen.",
            true,
        ),
        (
            "de",
            "Um achtzehnhundert waren es mal viereinhalbtausend Hektar Moor bei Grabstedt.",
            "Um 1800 hatte das Moor bei Grabstedt 4.500 Hektar.",
            true,
        ),
        (
            "de",
            "Wir verlieren beim Moor ungefähr eineinhalb Zentimeter im Jahr.",
            "Das Moor verliert 1,5 Zentimeter im Jahr.",
            true,
        ),
        (
            "de",
            "Bei der Bekassine hatten wir zweitausendachtzehn vier Brutpaare.",
            "Von der Bekassine gab es 2018 vier Brutpaare.",
            true,
        ),
        (
            "de",
            "Bei der Bekassine hatten wir zweitausendachtzehn vier Brutpaare.",
            "Von der Bekassine gab es 2022 vier Brutpaare.",
            false,
        ),
        (
            "pt",
            "O peso da bicicleta é dezenove quilos e trezentos na balança da farmácia.",
            "A bicicleta tem um peso de 19,3 kg na balança da farmácia.",
            true,
        ),
        (
            "pt",
            "A bicicleta anterior custava seis e novecentos na loja da marca.",
            "A bicicleta anterior custava R$ 6.900 na loja da marca.",
            true,
        ),
        (
            "pt",
            "A bicicleta anterior custava seis e novecentos na loja da marca.",
            "A bicicleta anterior custava R$ 7.900 na loja da marca.",
            false,
        ),
        (
            "ru",
            "Корепанова поехала туда летом пятьдесят четвёртого с двумя студентами.",
            "Летом 1954 года Корепанова поехала туда со студентами.",
            true,
        ),
        (
            "ru",
            "Корепанова поехала туда летом пятьдесят четвёртого с двумя студентами.",
            "Летом 1956 года Корепанова поехала туда со студентами.",
            false,
        ),
        (
            "ja",
            "窯全体で1トン半ぐらいになるんで基礎は大事です",
            "窯全体は1.5トンになるため基礎が大事だ。",
            true,
        ),
        (
            "ja",
            "窯全体で1トン半ぐらいになるんで基礎は大事です",
            "窯全体は2.5トンになるため基礎が大事だ。",
            false,
        ),
        (
            "en",
            "We are comparing a network with five hundred and one thousand units today.",
            "They compare a network of 500 with one of 1,000 units today.",
            true,
        ),
        (
            "en",
            "The fund gave two hundred and forty thousand pounds and the village raised another thirty eight thousand.",
            "The fund gave £240,000 and the village raised £38,000, which is £278,000 in all.",
            true,
        ),
        (
            "en",
            "The fund gave two hundred and forty thousand pounds and the village raised another thirty eight thousand.",
            "The fund gave £240,000 and the village raised £38,000, which is £298,000 in all.",
            false,
        ),
        (
            "es",
            "El sesenta por ciento lo puso el programa europeo y una cuarta parte la Junta.",
            "El programa europeo puso el 60 %, la Junta el 25 % y el resto, un 15 %, otros.",
            true,
        ),
        (
            "es",
            "La laguna llevaba medio siglo seca cuando el pueblo la llenó.",
            "La laguna llevaba 50 años seca cuando el pueblo la llenó.",
            true,
        ),
        (
            "it",
            "Per il tragitto di solito se ne fanno 15, oggi 50 minuti.",
            "Il tragitto, che di solito richiede un quarto d'ora, oggi dura 50 minuti.",
            true,
        ),
        (
            "de",
            "Das sind im Schnitt sechsunddreißig Kilometer pro Stunde für die Büchse.",
            "Die Büchse ist im Schnitt 36 Stundenkilometer schnell.",
            true,
        ),
        (
            "nl",
            "De deur is maar tachtig breed en de stenen zijn 8 centimeter dik.",
            "De deur is maar 80 centimeter breed.",
            true,
        ),
        (
            "nl",
            "De stenen kosten tweehonderdzestig euro en de hovenier had tweeduizend vierhonderd gevraagd.",
            "De hovenier had 2400 euro gevraagd.",
            true,
        ),
        (
            "en",
            "It grows slower, it needs fourteen months rather than six to be ready.",
            "It grows slower and needs 14 months instead of 6 to be ready.",
            true,
        ),
        (
            "de",
            "Bei sechs Metern Torf stehen Sie vor sechstausend Jahren Geschichte im Moor.",
            "Sechs Meter Torf im Moor stehen für sechs Jahrtausende Geschichte.",
            true,
        ),
        (
            "es",
            "El taller estuvo abierto desde mil novecientos cuarenta y seis hasta mil novecientos sesenta y uno.",
            "El taller estuvo abierto quince años, de 1946 a 1961.",
            true,
        ),
        (
            "es",
            "El taller estuvo abierto desde mil novecientos cuarenta y seis hasta mil novecientos sesenta y uno.",
            "El taller estuvo abierto dieciocho años, de 1946 a 1961.",
            false,
        ),
        (
            "es",
            "Una guitarra así vale entre nueve mil y doce mil euros en una subasta.",
            "En una subasta, la guitarra vale entre 9.000 y 12.000 euros.",
            true,
        ),
        (
            "en",
            "So we're going to use a seven point scale for all of this.",
            "They use a five-point scale for all of this.",
            false,
        ),
        (
            "en",
            "The first aspect is twice as important as the third aspect of the design.",
            "The first aspect is three times as important as another aspect of the design.",
            false,
        ),
        (
            "en",
            "So the average of the nine questions is two and one third in the end.",
            "The average of the nine questions is two and a third in the end.",
            true,
        ),
        (
            "en",
            "So the average of the nine questions is two and one third in the end.",
            "The average of the nine questions is three and a third in the end.",
            false,
        ),
        (
            "en",
            "If you give them a colour you have to pay point two Euros for it.",
            "Giving them a colour costs 0.5 euros to pay.",
            false,
        ),
        (
            "en",
            "The next meeting is in half an hour for all of us.",
            "The next meeting is in one hour for all.",
            false,
        ),
        (
            "en",
            "The next meeting is in sixty minutes for all of us.",
            "The next meeting is in one hour for all.",
            true,
        ),
        (
            "en",
            "We have talked about maybe half a dozen linguistics theses today.",
            "They talked about perhaps two dozen linguistics theses today.",
            false,
        ),
        (
            "en",
            "We have talked about maybe half a dozen linguistics theses today.",
            "They talked about perhaps half a dozen linguistics theses today.",
            true,
        ),
        (
            "en",
            "The visit of John will be tomorrow from nine to one, and three come.",
            "The visit of John tomorrow is from nine until three.",
            false,
        ),
        (
            "en",
            "The visit of John will be tomorrow from nine to one, and three come.",
            "The visit of John tomorrow is from nine until one.",
            true,
        ),
        (
            "en",
            "It pays $1,250 a month to students or $2,000 a month to parents.",
            "It pays students $1,250 a month, and parents $750 more.",
            true,
        ),
        (
            "en",
            "It pays $1,250 a month to students or $2,000 a month to parents.",
            "It pays students $1,250 a month, and parents $850 more.",
            false,
        ),
        (
            "en",
            "Then we have thirteen Euros. Half a Euro too much for the limit.",
            "It costs €13, still fifty cents above the limit.",
            true,
        ),
        (
            "pt",
            "no começo a gente era em seis para fundar a cooperativa",
            "Ela fundou a cooperativa no começo com outras cinco pessoas.",
            true,
        ),
        (
            "es",
            "Mi día empieza a las tres y media de la mañana en el horno.",
            "Su día empieza a las 3:30 de la mañana en el horno.",
            true,
        ),
        (
            "es",
            "Mi día empieza a las tres y media de la mañana en el horno.",
            "Su día empieza a las 4:30 de la mañana en el horno.",
            false,
        ),
        (
            "es",
            "La hogaza de un kilo cuesta cuatro euros con veinte en la tienda.",
            "La hogaza cuesta 4,20 euros en la tienda.",
            true,
        ),
        (
            "en",
            "The cost of the remote was twelve and a half Euro in total.",
            "The remote costs EUR 12.50 in total.",
            true,
        ),
        (
            "en",
            "Water had been sitting there for probably twenty five years.",
            "Water had been sitting there for about a quarter of a century.",
            true,
        ),
        (
            "en",
            "So two services at ninety pounds each and a new chain for the bike.",
            "The bike had two £90 services and a new chain.",
            true,
        ),
        (
            "en",
            "This is being recorded at forty - eight kilohertz in the room.",
            "The room is recorded at 48 kHz.",
            true,
        ),
        (
            "en",
            "It weighs thirty four kilos and the old one was thirty eight.",
            "It weighs 34 kilos, four kilos lighter than the old one.",
            true,
        ),
        (
            "fr",
            "L'eau de la baie a pris un degré trois en vingt-cinq ans.",
            "L'eau de la baie a pris 1,3 degré en un quart de siècle.",
            true,
        ),
        (
            "fr",
            "Il avait quatre hectares de parcs, j'en ai six et demi aujourd'hui.",
            "Ses parcs sont passés de quatre à six hectares et demi aujourd'hui.",
            true,
        ),
        (
            "ja",
            "今は売り上げの3割が海外の店です",
            "売り上げの30%は海外の店である。",
            true,
        ),
        (
            "it",
            "Il geologo gira la Sardegna da trent'anni per studiare il granito.",
            "Il geologo gira la Sardegna da 30 anni per il granito.",
            true,
        ),
    ];
    for (language, said, claim, is_true) in cases {
        let claims = check_in(
            said,
            Language::from_code(language),
            &format!("- {claim} [1 \"{said}\"]"),
        );
        let detail = claims[0].detail.as_deref().unwrap_or_default();
        assert_eq!(
            detail.contains("the summary says "),
            !is_true,
            "{said} / {claim}: {detail}"
        );
    }
}

#[test]
fn a_count_of_the_writers_own_is_no_other_number() {
    let said = "The design has a functional phase, then a conceptual phase and a detailed one.";
    let mark = "[1 \"a functional phase, then a conceptual phase\"]";
    assert_eq!(
        about(said, Language::English, &format!("The design has three phases. {mark}")).1,
        ""
    );
    let told = "The design has five phases, from the functional phase to the detailed one.";
    let detail = about(
        told,
        Language::English,
        "The design has three phases. [1 \"The design has five phases\"]",
    )
    .1;
    assert_eq!(detail, "the summary says 3, the transcript 5");
}

#[test]
fn a_number_that_the_quote_contradicts_is_another_one() {
    let said = "In balanced mode the battery lasted ninety five minutes and at full power only thirty eight minutes.";
    let claim = |minutes: u32| {
        format!("At full power the battery lasts {minutes} minutes. [1 \"at full power only thirty eight minutes\"]")
    };
    assert_eq!(about(said, Language::English, &claim(38)).1, "");
    assert_eq!(
        about(said, Language::English, &claim(95)).1,
        "the summary says 95 minutes, the quoted words 38 minutes"
    );
}

/// Nothing that a model or a transcript writes may stop the check.
#[test]
fn hostile_numbers_and_initials_are_read() {
    let nines = "9".repeat(400);
    let said = format!(
        "The bill was {nines} billion dollars and 1,2,3 times more. / W{}",
        " of the".repeat(5_000)
    );
    for number in [nines.as_str(), "0", "123", "1,2,3"] {
        let body = format!("WHO says the bill was about {number} billion dollars. [1 \"The bill was\"]");
        assert_eq!(check_in(&said, Language::English, &body).len(), 1);
    }
}

#[test]
fn a_list_of_digits_is_no_number_of_thousands() {
    let said = "Press the keys 1,2,3 on the old remote control of the set.";
    let body = "The remote control has 123 keys on the old set. [1 \"on the old remote control\"]";
    assert!(
        about(said, Language::English, body)
            .1
            .starts_with("the summary says 123")
    );
    let glued = "In the old set 200,000cases of fraud were found by the bank.";
    let body = "The bank found 200,000 cases of fraud in the old set. [1 \"cases of fraud were found by the bank\"]";
    assert_eq!(about(glued, Language::English, body).1, "");
}
