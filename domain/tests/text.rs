//! From cues to an extract, as the server does it: properties that hold for any transcript, and a paragraph in each language.
#![expect(clippy::unwrap_used, reason = "tests")]

use domain::{
    chapters::Chapter,
    extract::{body, extract},
    language::Language,
    passages::{Passage, passages},
    sentences::{Sentence, sentences},
    tokens::word_count,
    transcript::{Cue, Source, Span, Transcript},
};
use proptest::prelude::*;

fn transcript(cues: Vec<(Option<Span>, String)>) -> Transcript {
    Transcript {
        cues: cues.into_iter().map(|(span, text)| Cue { span, text }).collect(),
        language: None,
        source: Source::Uploaded,
    }
}

/// Words, marks, notes, labels and scripts that the splitting looks at, and anything else.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zA-Z']{1,9}",
        2 => prop::sample::select(vec![". ", "? ", "! ", ", ", "... ", "\" ", "。", "؟ ", "। ", ": "]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["[Music]", "{gap}", "(Applause)", "♪", ">>", "Ann: ", "3.5", "Dr.", "e.g.", "50%"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["今天我们", "です", "안녕하세요", "مرحبا", "नमस्ते", "ไทย"]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec((piece, any::<bool>()), 1..40).prop_map(|pieces| {
        let joined: String = pieces
            .into_iter()
            .map(|(piece, space)| piece + if space { " " } else { "" })
            .collect();
        joined.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

/// Transcripts as the captions reader promises them: all cues timed, in order, or none.
fn any_transcript() -> impl Strategy<Value = Transcript> {
    let cue = (
        text().prop_filter("cues are not empty", |text| !text.is_empty()),
        0..9000_u64,
        0..9000_u64,
    );
    (prop::collection::vec(cue, 0..40), any::<bool>()).prop_map(|(cues, timed)| {
        let mut now = 0;
        let cues = cues.into_iter().map(|(text, wait, length)| {
            now += wait;
            let span = Span {
                start_ms: now,
                end_ms: now + length,
            };
            (timed.then_some(span), text)
        });
        transcript(cues.collect())
    })
}

fn all_sentences(passages: &[Passage]) -> Vec<Sentence> {
    passages.iter().flat_map(|passage| passage.sentences.clone()).collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn holds_for_any_transcript(transcript in any_transcript(), which in 0..14_usize, max_words in 0..200_usize) {
        let language = Language::ALL[which];
        let found = sentences(&transcript, language);
        let end = transcript.end_ms();
        for sentence in &found {
            prop_assert!(sentence.text.contains(char::is_alphanumeric));
            prop_assert_eq!(sentence.span.is_some(), transcript.is_timed());
            if let Some(span) = sentence.span {
                prop_assert!(span.start_ms <= span.end_ms && Some(span.end_ms) <= end);
            }
        }
        prop_assert!(found.is_sorted_by_key(|sentence| sentence.span.map(|span| span.start_ms)));

        let chapters: Vec<Chapter> = (0..3)
            .map(|n| Chapter { title: n.to_string(), span: Span { start_ms: n * 40_000, end_ms: (n + 1) * 40_000 } })
            .collect();
        let grouped = passages(&found, &chapters);
        prop_assert_eq!(&all_sentences(&grouped), &found);
        for (passage, ordinal) in grouped.iter().zip(1..) {
            prop_assert_eq!(passage.ordinal, ordinal);
            prop_assert!(!passage.sentences.is_empty());
            if let Some(span) = passage.span {
                prop_assert!(passage.sentences.len() == 1 || span.end_ms - span.start_ms <= 30_000);
            }
        }

        let picks = extract(&grouped, language, max_words);
        let picked: Vec<&Sentence> = picks.iter().map(|pick| &grouped[pick.passage].sentences[pick.sentence]).collect();
        prop_assert!(picked.iter().map(|sentence| word_count(&sentence.text)).sum::<usize>() <= max_words);
        prop_assert!(picked.iter().map(|sentence| sentence.text.split_whitespace().count()).sum::<usize>() <= max_words);
        prop_assert!(picks.is_sorted_by_key(|pick| (pick.passage, pick.sentence)));
        prop_assert!(!picks.is_empty() || !found.iter().any(|sentence| word_count(&sentence.text) <= max_words));
        prop_assert_eq!(&picks, &extract(&grouped, language, max_words));
        prop_assert_eq!(body(&grouped, &picks).lines().count(), picks.len());
    }

    #[test]
    fn sentences_are_verbatim(words in prop::collection::vec("[a-z]{1,8}[.,?!]?", 1..200), timed in any::<bool>()) {
        let cues: Vec<String> = words.chunks(7).map(|chunk| chunk.join(" ")).collect();
        let timed = |n: usize| timed.then(|| Span { start_ms: n as u64 * 2000, end_ms: n as u64 * 2000 + 1500 });
        let transcript = transcript(cues.into_iter().enumerate().map(|(n, text)| (timed(n), text)).collect());
        let found = sentences(&transcript, Language::English);
        let all: String = found.iter().map(|sentence| letters(&sentence.text)).collect();
        prop_assert_eq!(all, letters(&transcript.text()));
    }

    #[test]
    fn detects_without_panic(text in any::<String>()) {
        let text = text.repeat(50);
        prop_assert_eq!(Language::detect(&text), Language::detect(&text));
    }
}

/// A paragraph in each language and how many sentences it has.
const PARAGRAPHS: [(Language, &str, usize); 13] = [
    (
        Language::English,
        "Bees live in large colonies. Mr. Brown keeps 2.5 million of them in his garden near London. The queen lays all the eggs of the colony! Why do the workers die so early? They wear out their wings on long flights between the flowers. In winter the bees warm the queen.",
        6,
    ),
    (
        Language::German,
        "Bienen leben in großen Völkern. Herr Dr. Braun hält z. B. 2,5 Millionen davon in seinem Garten bei Berlin. Die Königin legt alle Eier des Volkes! Warum sterben die Arbeiterinnen so früh? Sie nutzen ihre Flügel auf langen Flügen zwischen den Blüten ab. Im Winter wärmen die Bienen die Königin.",
        6,
    ),
    (
        Language::French,
        "Les abeilles vivent en grandes colonies. M. Dupont en élève 2,5 millions dans son jardin près de Lyon. La reine pond tous les œufs de la colonie ! Pourquoi les ouvrières meurent-elles si tôt ? Elles usent leurs ailes pendant les longs vols entre les fleurs. En hiver, les abeilles réchauffent la reine.",
        6,
    ),
    (
        Language::Spanish,
        "Las abejas viven en grandes colonias. El Sr. García cría 2,5 millones en su jardín cerca de Madrid. ¡La reina pone todos los huevos de la colonia! ¿Por qué mueren tan pronto las obreras? Gastan sus alas en los largos vuelos entre las flores. En invierno las abejas calientan a la reina.",
        6,
    ),
    (
        Language::Portuguese,
        "As abelhas vivem em grandes colônias. O Sr. Silva cria 2,5 milhões delas no seu jardim perto de Lisboa. A rainha põe todos os ovos da colônia! Por que as operárias morrem tão cedo? Elas gastam as asas nos longos voos entre as flores. No inverno as abelhas aquecem a rainha.",
        6,
    ),
    (
        Language::Italian,
        "Le api vivono in grandi colonie. Il dott. Rossi ne alleva 2,5 milioni nel suo giardino vicino a Roma. La regina depone tutte le uova della colonia! Perché le operaie muoiono così presto? Consumano le ali nei lunghi voli tra i fiori. In inverno le api riscaldano la regina.",
        6,
    ),
    (
        Language::Dutch,
        "Bijen leven in grote kolonies. Dhr. Jansen houdt er 2,5 miljoen in zijn tuin bij Utrecht. De koningin legt alle eieren van de kolonie! Waarom sterven de werksters zo vroeg? Ze verslijten hun vleugels op de lange vluchten tussen de bloemen. In de winter verwarmen de bijen de koningin.",
        6,
    ),
    (
        Language::Russian,
        "Пчёлы живут большими семьями. Проф. Иванов держит 2,5 миллиона пчёл в саду под Москвой. Матка откладывает все яйца семьи! Почему рабочие пчёлы умирают так рано? Они изнашивают крылья в долгих полётах между цветами. Зимой пчёлы согревают матку.",
        6,
    ),
    (
        Language::Chinese,
        "蜜蜂生活在很大的蜂群里。布朗先生在伦敦附近的花园里养了250万只蜜蜂。蜂王产下蜂群所有的卵！为什么工蜂死得这么早？它们在花朵之间的长途飞行中磨损了翅膀。冬天蜜蜂给蜂王取暖。",
        6,
    ),
    (
        Language::Japanese,
        "ミツバチは大きな群れで暮らしています。田中さんは東京の近くの庭で250万匹を飼っています。女王蜂は群れの卵をすべて産みます！なぜ働き蜂は早く死ぬのでしょうか？花の間の長い飛行で羽をすり減らすからです。冬にはミツバチが女王蜂を温めます。",
        6,
    ),
    (
        Language::Korean,
        "꿀벌은 큰 무리를 지어 산다. 김 선생님은 서울 근처 정원에서 꿀벌 250만 마리를 기른다. 여왕벌은 무리의 모든 알을 낳는다! 왜 일벌은 그렇게 일찍 죽을까? 꽃 사이를 오래 날아다니며 날개가 닳기 때문이다. 겨울에는 꿀벌이 여왕벌을 따뜻하게 한다.",
        6,
    ),
    (
        Language::Arabic,
        "يعيش النحل في مستعمرات كبيرة. يربي السيد أحمد مليونين ونصف مليون نحلة في حديقته قرب القاهرة. تضع الملكة كل بيض المستعمرة! لماذا تموت العاملات مبكرا؟ تبلى أجنحتها في الرحلات الطويلة بين الأزهار. وفي الشتاء يدفئ النحل الملكة.",
        6,
    ),
    (
        Language::Hindi,
        "मधुमक्खियाँ बड़े झुंडों में रहती हैं। शर्मा जी दिल्ली के पास अपने बगीचे में 25 लाख मधुमक्खियाँ पालते हैं। रानी झुंड के सारे अंडे देती है! मज़दूर मधुमक्खियाँ इतनी जल्दी क्यों मर जाती हैं? फूलों के बीच लंबी उड़ानों में उनके पंख घिस जाते हैं। सर्दियों में मधुमक्खियाँ रानी को गर्म रखती हैं।",
        6,
    ),
];

#[test]
fn each_language_goes_through() {
    for (language, paragraph, count) in PARAGRAPHS {
        assert_eq!(Language::detect(paragraph), language);
        let whole = transcript(vec![(None, paragraph.to_owned())]);
        let found = sentences(&whole, language);
        assert_eq!(found.len(), count, "{language:?}: {found:#?}");
        let grouped = passages(&found, &[]);
        let picks = extract(&grouped, language, 40);
        assert!((1..=3).contains(&picks.len()), "{language:?}: {picks:?}");
        for pick in picks {
            let text = &grouped[pick.passage].sentences[pick.sentence].text;
            assert!(paragraph.contains(text.as_str()), "{text}");
        }
    }
}

/// The same words as automatic captions have them: no capitals, no marks, in cues of a few words.
#[test]
fn each_language_goes_through_without_punctuation() {
    for (language, paragraph, _) in PARAGRAPHS {
        let bare: String = paragraph
            .chars()
            .filter(|c| c.is_alphanumeric() || c.is_whitespace() || !c.is_ascii_punctuation())
            .collect();
        let bare = bare.to_lowercase().replace(['。', '！', '？', '؟', '।', '¡', '¿'], "");
        let words: Vec<String> = if language.has_spaces() {
            bare.split_whitespace().map(str::to_owned).collect()
        } else {
            bare.chars().map(String::from).collect()
        };
        let size = if language.has_spaces() { 6 } else { 12 };
        let glue = if language.has_spaces() { " " } else { "" };
        let cues = words
            .chunks(size)
            .cycle()
            .take(words.len().div_ceil(size) * 3)
            .enumerate();
        let cues = cues.map(|(n, chunk)| {
            let start_ms = n as u64 * 2000;
            (
                Some(Span {
                    start_ms,
                    end_ms: start_ms + 2000,
                }),
                chunk.join(glue),
            )
        });
        let whole = transcript(cues.collect());
        let found = sentences(&whole, language);
        assert!(
            found
                .iter()
                .all(|sentence| (1..=35).contains(&word_count(&sentence.text))),
            "{language:?}: {found:#?}"
        );
        assert!(found.len() * 40 > word_count(&whole.text()), "{language:?}");
        let grouped = passages(&found, &[]);
        let picks = extract(&grouped, language, 40);
        assert!(!picks.is_empty(), "{language:?}");
        assert!(
            grouped
                .iter()
                .all(|passage| passage.span.unwrap().end_ms <= whole.end_ms().unwrap())
        );
    }
}

/// Long runs of one thing must not take quadratic time; this test would not come back.
#[test]
fn hostile_lengths_go_through() {
    for piece in [
        "a.",
        "(",
        "{",
        "字",
        "word ",
        "a",
        ". ",
        "- ",
        "♪",
        "A: ",
        "\u{301}",
        "[12 \"a\"] ",
        "1,",
    ] {
        let text = piece.repeat(300_000 / piece.len());
        for span in [
            None,
            Some(Span {
                start_ms: 0,
                end_ms: u64::MAX,
            }),
        ] {
            let whole = transcript(vec![(span, text.trim().to_owned()); 2]);
            let language = Language::detect(&whole.text());
            let grouped = passages(&sentences(&whole, language), &[]);
            let picks = extract(&grouped, language, 100);
            assert_eq!(body(&grouped, &picks).lines().count(), picks.len());
        }
    }
}
