//! Names, negations, quotes and quotations as people say them and summaries write them. Each line was read wrongly once.

use super::*;

#[test]
fn what_is_invented_before_the_true_sentence_of_a_mark_is_told() {
    let said = "The new remote has to be original, trendy and friendly to its users.";
    let mark = "[1 \"has to be original, trendy and friendly\"]";
    let verdict = |body: String| about(said, Language::English, &body).0;
    assert_eq!(
        verdict(format!("The remote must be original and trendy. {mark}")),
        Verdict::Matched
    );
    assert_eq!(
        verdict(format!(
            "Aliens attack the whole building at night. The remote must be original and trendy. {mark}"
        )),
        Verdict::Check
    );
}

#[test]
fn words_in_quotation_marks_must_have_been_said() {
    let said = "The new remote has to be original, trendy and friendly to its users.";
    let mark = "[1 \"has to be original, trendy and friendly\"]";
    let detail = |words: &str| {
        let body = format!("They call for a remote that is original and trendy: “{words}”. {mark}");
        about(said, Language::English, &body).1
    };
    assert_eq!(detail("has to be original, trendy"), "");
    assert_eq!(
        detail("we hate this project and want to go home"),
        "the words “we hate this project and want to go home” were not found in this passage"
    );
}

#[test]
fn a_short_quote_is_enough_in_the_passage_that_is_named() {
    let said = "The company carried slaves for years. It was cruel, and by its own books it was not profitable. / The tea was good.";
    let (verdict, detail) = about(
        said,
        Language::English,
        "By its own books the company was not profitable with slaves. [1 \"it was not profitable\"]",
    );
    assert_eq!(verdict, Verdict::Matched, "{detail}");
}

/// Each was refused once, or is what must still be.
#[test]
fn names_and_negations_are_told_from_what_looks_like_them() {
    let cases = [
        (
            "en",
            "At the break Femi Adeyinka came on. / Femi said put me at the back and it was his idea alone.",
            "It was Adeyinka's own idea to play at the back.",
            "put me at the back and it was his idea alone",
            true,
        ),
        (
            "en",
            "It was Henri who led the inquiry and told us that the valves were stuck.",
            "The inquiry into the stuck valves was led by Toll.",
            "the valves were stuck",
            false,
        ),
        (
            "en",
            "My boss was Gordon Pryce then, and a good one. / She rang Gordon in the spring and said look inside yours.",
            "In the spring she rang Pryce and said that he should look inside.",
            "She rang Gordon in the spring",
            true,
        ),
        (
            "de",
            "Mein Kollege Doktor Samir Haddad hat das Cortisol bei allen Probanden untersucht.",
            "Dr. Karim Nasser hat das Cortisol bei allen Probanden untersucht.",
            "das Cortisol bei allen Probanden untersucht",
            false,
        ),
        (
            "de",
            "Einmal im Quartal moderiert Herr Holtmann zwischen den Schwestern.",
            "Zwischen den Schwestern moderiert Herr Düwel einmal im Quartal.",
            "zwischen den Schwestern",
            false,
        ),
        (
            "en",
            "So Andreas explained how you calculate the expected duration of an HMM from its matrix, uh hmm.",
            "Andreas explained how an HMM's expected duration is calculated from its matrix.",
            "calculate the expected duration of an HMM",
            true,
        ),
        (
            "en",
            "It takes a model of twenty - five hertz since the filters are downsampling by two.",
            "The filters are downsampling by two, to 25 Hz.",
            "since the filters are downsampling by two",
            true,
        ),
        (
            "en",
            "Rachelle's team delivered protective shields to small shops in the city. / We thank Rachelle LeBlanc.",
            "Rachelle LeBlanc and her team delivered protective shields to small shops in the city.",
            "delivered protective shields to small shops",
            true,
        ),
        (
            "en",
            "Rachelle's team delivered protective shields to small shops in the city. / We thank Rachelle LeBlanc.",
            "Rachelle Tremblay and her team delivered protective shields to small shops in the city.",
            "delivered protective shields to small shops",
            false,
        ),
        (
            "de",
            "von den ersten Familien waren nach zehn Jahren noch siebzehn da die anderen sind gestorben",
            "Von den ersten Familien waren zehn Jahre später noch siebzehn vor Ort.",
            "nach zehn Jahren noch siebzehn da",
            true,
        ),
        (
            "de",
            "sie verkauft den käse nur noch an zwei wirtshäuser und an einen laden in wasserburg",
            "Sie verkauft den Käse noch an zwei Wirtshäuser und einen Laden in Rosenheim.",
            "an zwei wirtshäuser und an einen laden in wasserburg",
            false,
        ),
        (
            "ja",
            "内側の直径が95センチ 天井の高さが40センチです これより低いと煙が抜けないんです",
            "窯の内側の直径は95センチで、天井の高さは40センチです。",
            "内側の直径が95センチ 天井の高さが40センチ",
            true,
        ),
        (
            "ja",
            "パン窯は天井が低くないと駄目なんです 本にそう書いてあります",
            "本によるとパン窯は天井を低くすべきです。",
            "パン窯は天井が低くないと駄目",
            true,
        ),
        (
            "ja",
            "杉や松は使いません ヤニが多くて煙突に溜まるんです",
            "杉や松は使います。",
            "杉や松は使いません",
            false,
        ),
        (
            "ja",
            "ペンションをやってる百瀬さんっていう人なんですけど 結局壊して作り直したって聞きました",
            "ペンションをやってる百瀬さんは結局壊して作り直した。",
            "ペンションをやってる百瀬さん",
            true,
        ),
        (
            "ja",
            "妻の美緒がパン職人で 吉祥寺の店で11年働いてたんです",
            "パン職人の妻・美緒さんは吉祥寺の店で11年働いていた。",
            "吉祥寺の店で11年働いてた",
            true,
        ),
        (
            "ja",
            "妻の美緒がパン職人で 吉祥寺の店で11年働いてたんです",
            "パン職人の妻・千田さんは吉祥寺の店で11年働いていた。",
            "吉祥寺の店で11年働いてた",
            false,
        ),
        (
            "en",
            "Doctor Eileen Casement wrote about the mercury in the lamps, and she was ignored.",
            "When Dr. Eileen Casement wrote about the mercury in the lamps, she was ignored.",
            "Doctor Eileen Casement wrote about the mercury",
            true,
        ),
        (
            "en",
            "i put on new tires and since then in 3,900 miles i've had zero flats with them",
            "Since he put on new tires, he has not had flats in 3,900 miles.",
            "in 3,900 miles i've had zero flats",
            true,
        ),
        (
            "en",
            "Half of the funding doesn't come into the university in cash until May.",
            "Half of the funding comes into the university in May.",
            "half of the funding doesn't come into the university",
            true,
        ),
        (
            "en",
            "Half of the funding doesn't come into the university in cash.",
            "Half of the funding comes into the university in cash.",
            "half of the funding doesn't come into the university",
            false,
        ),
        (
            "de",
            "Die Muscheln bekommen frühestens mit fünfzehn Jahren Nachwuchs, sagt Frau Audorf.",
            "Die Muscheln bekommen nach Audorfs Worten frühestens mit fünfzehn Jahren Nachwuchs.",
            "bekommen frühestens mit fünfzehn Jahren Nachwuchs",
            true,
        ),
        (
            "ja",
            "鵜飼正則と申します 母の千代子が一人で始めた店です",
            "マスター鵜飼正則さんの母・千代子さんが一人で始めた店です。",
            "母の千代子が一人で始めた店です",
            true,
        ),
        (
            "ja",
            "豆は高山の焙煎店 松風珈琲から仕入れてます",
            "豆は焙煎店「白川珈琲」から仕入れている。",
            "焙煎店 松風珈琲から仕入れて",
            false,
        ),
        (
            "en",
            "When Michael Barber got up before Christmas and said no bail-outs, we had the banks on the phone within days.",
            "After Michael Barber ruled out bail-outs, the banks were on the phone within days.",
            "we had the banks on the phone within days",
            true,
        ),
        (
            "en",
            "The council voted on the new bridge before the flood came to town.",
            "The council voted on the new bridge after the flood came to town.",
            "voted on the new bridge before the flood",
            false,
        ),
        (
            "en",
            "They were generating nearly ten per cent of their income for the same year in English institutions.",
            "In England institutions generated nearly 10 % of their income in the same year.",
            "ten per cent of their income for the same year",
            true,
        ),
        (
            "en",
            "Losses of four billion dollars are expected in tourism until March2021 here.",
            "Losses of $4 billion are expected in tourism by March 2021.",
            "Losses of four billion dollars are expected",
            true,
        ),
        (
            "en",
            "We recorded meeting in the morning with NIST and with SRI on speech.",
            "They recorded on speech with SRI and MIT.",
            "with NIST and with SRI on speech",
            false,
        ),
        (
            "de",
            "Bis 1939 verkaufte die Firma von dem Wecker rund zwei Millionen Stück.",
            "Von dem Wecker verkaufte die Firma bis 1939 rund zwei Millionen Exemplare.",
            "verkaufte die Firma von dem Wecker rund zwei Millionen Stück",
            true,
        ),
        (
            "de",
            "Im Erdgeschoss röstet Yusuf Demir Kaffee für das ganze Viertel.",
            "Im Erdgeschoss röstet Yusuf Yilmaz Kaffee für das Viertel.",
            "Im Erdgeschoss röstet Yusuf Demir Kaffee",
            false,
        ),
        (
            "de",
            "Sie montierten am Ende Schaltuhren, vor allem für Miele in Gütersloh.",
            "Am Ende montierten sie Schaltuhren, vor allem für Bosch in Gütersloh.",
            "montierten am Ende Schaltuhren, vor allem für Miele",
            false,
        ),
        (
            "ja",
            "豆はグアテマラの浅煎りで 乾かした皮を少し加えています",
            "豆はブラジル産の浅煎りで、乾かした皮を少し加えている。",
            "乾かした皮を少し加えています",
            false,
        ),
        (
            "ja",
            "ホシノワの表面の窒化は三条にある会社に任せています",
            "ツキノワの表面の窒化は、三条にある会社に任されている。",
            "表面の窒化は三条にある会社に任せ",
            false,
        ),
        (
            "ja",
            "模倣品のことは弁理士の小林先生に相談しました",
            "模倣品については、弁理士の長谷川先生に相談した。",
            "弁理士の小林先生に相談しました",
            false,
        ),
        (
            "en",
            "I have to remind you that usefulness is much less important than fanciness here.",
            "Fanciness is much more important than usefulness here.",
            "usefulness is much less important than fanciness",
            true,
        ),
        (
            "en",
            "I didn't uh exactly uh calculate how much we have to sell of them.",
            "How many units must be sold has not been worked out exactly.",
            "exactly uh calculate how much we have to sell",
            true,
        ),
        (
            "en",
            "There is a Kawasaki-like syndrome about. / We have one possible case in Wales, and that isn't confirmed.",
            "One possible Welsh case of a Kawasaki-like syndrome is not confirmed.",
            "We have one possible case in Wales",
            true,
        ),
        (
            "en",
            "The Office for Students wants access to the data. / Institutions may lose it because of changes the OfS may be making.",
            "Changes by the Office for Students could cost institutions the data.",
            "because of changes the OfS may be making",
            true,
        ),
        (
            "en",
            "The chief of the pilots is Yesenia Tupa from the hills. / She sold phones at the market of Santa Elvira before that.",
            "Yesenia Tupa, chief of the pilots, sold phones at a market before.",
            "She sold phones at the market of Santa Elvira",
            true,
        ),
        (
            "en",
            "It has a production cost of mm twelve fifty Euros maximum for each.",
            "Production may not cost more than 12.50 euros for each.",
            "production cost of mm twelve fifty Euros maximum",
            true,
        ),
    ];
    for (code, said, claim, quote, holds) in cases {
        let (verdict, detail) = about(said, Language::from_code(code), &format!("{claim} [1 \"{quote}\"]"));
        assert_eq!(
            verdict == Verdict::Matched || verdict == Verdict::Verbatim,
            holds,
            "{claim} {verdict:?} {detail}"
        );
    }
}

/// A speaker says "we" for whom a claim names; an abbreviation that the talk uses is taken for that.
#[test]
fn an_organisation_may_be_told_for_we() {
    let named = "HEFCW looks after the universities here.";
    let passage = "We ask hundreds of questions of all institutions twice a year.";
    let said = [named, named, named, named, named, passage, "Yes."].join(" / ");
    let body = |name: &str| {
        format!("{name} asks institutions hundreds of questions twice a year. [6 \"hundreds of questions\"]")
    };
    assert_eq!(about(&said, Language::English, &body("HEFCW")).1, "");
    assert_eq!(
        about(&said, Language::English, &body("UCAS")).1,
        "the name “UCAS” is not in this passage"
    );
}

/// A summary in another language than the transcript: a name that is told elsewhere in it is another one here; one that nobody tells may
/// be translated.
#[test]
fn names_are_held_against_a_transcript_in_another_language() {
    let said = "
        Die Brücke in München hat der Ingenieur Karl Brenner gebaut, sie war im Mai fertig.
        Alle Leute in der Stadt gehen heute gern über diese Brücke.
        Das Geld kam von der Bank, sie wollte es nie wieder sehen.
        Den Tunnel unter dem Fluss hat später Ida Falk geplant und gebaut.
        Der Fluss führt im Sommer wenig Wasser, im Winter mehr.";
    let verdict = |who: &str, place: &str| {
        let body = format!(
            "The bridge in {place} was built by the engineer {who}. [1 \"hat der Ingenieur Karl Brenner gebaut\"]"
        );
        let claim = check_in(said, Language::German, &body).remove(0);
        (claim.verdict, claim.detail.unwrap_or_default())
    };
    assert_eq!(verdict("Karl Brenner", "Munich"), (Verdict::QuoteFound, String::new()));
    assert_eq!(
        verdict("Ida Falk", "Munich"),
        (Verdict::Check, "the name “Ida” is not in this passage".to_owned())
    );
}

/// What nobody says is another name where the quoted words have one that the claim does not have; one that begins alike may be its translation.
#[test]
fn a_name_that_nobody_says_is_held_against_a_quoted_one() {
    let said = "Then the treaty was signed in Cornwall by a man named Henry Pellow on the day after.";
    let differs = |claim: &str| {
        let body = format!("{claim} [1 \"signed in Cornwall by a man named Henry Pellow\"]");
        about(said, Language::English, &body).1
    };
    assert_eq!(
        differs("Henry Pellow firmó el tratado de pesca en Cornualles, contento y tranquilo."),
        ""
    );
    assert_eq!(
        differs("Henry Pellow firmó el tratado de pesca en Bretaña, contento y tranquilo."),
        "the name “Bretaña” is not in this passage"
    );
    let german = "Danach wurde der Vertrag am Tag darauf in Bayern unterschrieben, und zwar bei Regen.";
    let body =
        "The treaty was signed in Bavaria, in Germany. [1 \"der Vertrag am Tag darauf in Bayern unterschrieben\"]";
    assert_eq!(about(german, Language::German, body).1, "");
}

/// "Atlas 3" is a name, wherever it is told; "Atlas 4" is not.
#[test]
fn a_number_may_be_part_of_a_name() {
    let said = "
        Why the new bike and no other one, there are two reasons for that.
        It has a motor made by Kestrel instead of the cheap hub motor in the old Atlas 2.
        We rode it in the rain and in the snow for a whole year.
        So the Atlas 3 is the one to buy.";
    let verdict = |bike: &str| {
        let body = format!("The {bike} has a motor made by Kestrel. [2 \"It has a motor made by Kestrel\"]");
        check_in(said, Language::English, &body).remove(0).verdict
    };
    assert_eq!(verdict("Atlas 3"), Verdict::Matched);
    assert_eq!(verdict("Atlas 4"), Verdict::Check);
}

/// "Sold to Barings, no, excuse me, Glyns": what is taken back was not said.
#[test]
fn a_name_that_is_taken_back_is_not_said() {
    let differs = |said: &str, claim: &str, language: Language| about(said, language, claim).1;
    let said = "in the end the frost bank was sold to a london house barings no excuse me glyns after the war";
    let claim = |house: &str| {
        format!("After the war the Frost bank was sold to a house named {house}. [1 \"the frost bank was sold\"]")
    };
    assert_eq!(differs(said, &claim("Glyns"), Language::English), "");
    assert_eq!(
        differs(said, &claim("Barings"), Language::English),
        "the name “Barings” is not in this passage"
    );
    // "No" alone answers.
    let said =
        "did it go to a house like barings no never the frost bank was sold to a house named glyns after the war";
    assert_eq!(differs(said, &claim("Barings"), Language::English), "");
}
