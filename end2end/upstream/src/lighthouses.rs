//! The stations of the long film: eight a chapter, told from tables of names, years and incidents. Plain arithmetic picks
//! the sentences, so that the text is the same in every run and no two stations read alike.

const NAMES: [&str; 96] = [
    "Sandy Hythe",
    "Gull Bank",
    "Low Ness",
    "Tern Spit",
    "Marl Sands",
    "Whelk Point",
    "Ketch Bar",
    "Old Groyne",
    "Drift End",
    "Samphire Flat",
    "Barrow Sand",
    "Long Reach",
    "Eel Bank",
    "Dune Head",
    "Cockle Gate",
    "Halfway Pile",
    "Hallwick South",
    "Hallwick North",
    "Customs Quay",
    "Timber Basin",
    "Salt Pier",
    "Pilot's Step",
    "Coal Mole",
    "Regatta Head",
    "Marram Point",
    "Bell Rock Minor",
    "Adder Ness",
    "Grey Maiden",
    "Fiddler's Shoal",
    "Cold Anchor",
    "Lantern Bay",
    "Widow's Bank",
    "Fresnel House",
    "Mirror Cape",
    "Crown Ridge",
    "Prism Hill",
    "Two Sisters",
    "Amber Head",
    "Needle Point",
    "Clockmaker's Light",
    "Potato Island",
    "School Rock",
    "Garden Head",
    "Hen Stack",
    "Orchard Ness",
    "Chapel Light",
    "Larder Point",
    "Cradle Skerry",
    "Far Holm",
    "Near Holm",
    "Seal Ledge",
    "Postman's Rock",
    "Storm Holm",
    "Wether Isle",
    "Black Hatch",
    "Kelp Island",
    "Cold Harbour",
    "Solvang Tower",
    "Spring Head",
    "Loom Point",
    "Marta's Light",
    "Heather Cape",
    "Ropewalk",
    "Quiet Sound",
    "Valve House",
    "Gas Ness",
    "Automat Rock",
    "Sunrise Beacon",
    "Rod and Mirror",
    "Clock Skerry",
    "Lonely Tom",
    "Number Nine",
    "Hanging Light",
    "Ledge House",
    "Rope Cape",
    "Harmonium Rock",
    "Puffin Stair",
    "Cloud Foot",
    "High Terrace",
    "Pig's Leap",
    "Bertha's Window",
    "Mortar Rock",
    "Breaker Head",
    "Dovetail",
    "Spray Cape",
    "Iron Stair",
    "Northwester",
    "Last Chance",
    "Hotel Light",
    "Painter's House",
    "Radio Hill",
    "The Guest",
    "Quarter Past",
    "Thumb Lamp",
    "World's Rim",
    "End of the Line",
];
const FOUND: [&str; 8] = [
    "The next one is {name}, number {n} on my list.",
    "You see {name} from far off, because nothing else stands upright here.",
    "{name} looks older than it is.",
    "I reached {name} in the rain, and I liked it at once.",
    "At {name} the path ends at a gate, and the gate is always open.",
    "Number {n} is {name}.",
    "Most people drive past {name}, and I can see why.",
    "Then comes {name}, which has two doors and no windows to the south.",
];
const BUILT: [&str; 7] = [
    "It was built in {year} and it is {height} metres high, with {steps} steps to the lamp.",
    "The tower dates from {year}, and you climb {steps} steps for a view from {height} metres.",
    "They needed {months} months to build it, and it was lit for the first time in {year}.",
    "In {year} it replaced a wooden beacon that had burned down {months} months before.",
    "The stone came by barge, {loads} loads of it, and in {year} the lamp stood at {height} metres.",
    "Since {year} it has stood {height} metres above the high water mark.",
    "An inspector in {year} called it the best {height} metres of brick in the province.",
];
const LIGHT: [&str; 7] = [
    "It flashes every {period} seconds, and on a clear night you see it for {range} miles.",
    "Its light is white to seaward and red over the shoals, and it carries {range} miles.",
    "The lamp shows {flashes} flashes and then stays dark for {period} seconds.",
    "It has a range of {range} miles, which is {flashes} more than the one before.",
    "Sailors know it by its {flashes} short flashes, which a song from here counts out loud.",
    "The lens turns once in {period} seconds, and you can hear it tick.",
    "Its light reaches {range} miles, but the lamp itself uses only {watts} watts.",
];
const KEEPERS: [&str; 12] = [
    "Anders Holt",
    "Miriam Vance",
    "Tobias Reke",
    "Old Pettersen",
    "the Lund brothers",
    "Clara Winship",
    "Captain Dunmore",
    "Jonas Ek",
    "Ruth Abara",
    "the widow Carrow",
    "Samuel Pike",
    "Elin Strand",
];
const INCIDENTS: [&str; 32] = [
    "{keeper} kept bees on the gallery and sold {loads} jars of honey a year to passing crews.",
    "{keeper} wrote down the weather here every day for {years} years and missed only {flashes} days.",
    "In a gale {keeper} rowed out and came back with {flashes} fishermen and their dog.",
    "The log says that {keeper} painted the tower green by mistake, and the office needed {months} months to notice.",
    "A clipper ran aground below the tower with a cargo of oranges, and for {months} weeks the whole parish smelled of them.",
    "{keeper} repaired the clockwork with a piece of a sewing machine, and it is still in there.",
    "During the war the light was switched off for {years} months, and {keeper} went on winding the clock so that it would not rust.",
    "A swan flew through the glass, and {keeper} noted that the swan was dead and the lamp was not.",
    "{keeper} played chess by signal lamp with the next station and lost {loads} games out of {steps}.",
    "The sea has taken {height} metres of the field in front of it since then.",
    "Schoolchildren saved it from being pulled down by collecting {steps} signatures.",
    "{keeper} raised {flashes} children in the round room, where no cupboard ever stood against the wall.",
    "The tower leans by {flashes} degrees, and engineers measure it every spring.",
    "A painter rented the kitchen for {years} summers and left a picture of the stove.",
    "The well ran dry, and {keeper} collected rain from the roof of the lantern for {months} months.",
    "A whale lay on the beach below for {months} days, and {keeper} drew it from every side.",
    "{keeper} invented a brush for the lens that the office ordered {loads} times and never paid for.",
    "Lightning struck it {flashes} times in one night, and the brass rail rang like a bell.",
    "The post came once in {months} days, and {keeper} read each newspaper on the right date, one year late.",
    "A smuggler hid {loads} barrels in the coal store, and {keeper} claimed to have thought that they were oil.",
    "The fog signal here could be heard for {range} miles, except in the village right behind it.",
    "{keeper} taught the inspector to swim after he had fallen off the landing stage.",
    "The stairs are made from the deck of a wrecked schooner, and step {years} still shows her name.",
    "Starlings came in such numbers that {keeper} counted {steps} of them on the rail alone.",
    "A couple was married on the gallery, with room for {flashes} guests.",
    "The telephone arrived in the same week as the order to close the station.",
    "{keeper} grew roses in a boat filled with soil, and one of them is {years} years old now.",
    "The crew of a trawler sent a ham every Christmas for {years} years.",
    "A student lives there today and pays with {flashes} readings of the tide gauge a day.",
    "When it was sold, {loads} people came to look and one made an offer.",
    "{keeper} is buried under the flagpole, facing the sea, as the will demanded.",
    "The door still carries the marks of the ice of that winter, {height} hand widths above the ground.",
];
const TODAY: [&str; 6] = [
    "Today a machine does it all, and a technician comes every {months} weeks.",
    "You can stay there for the night, but you have to bring your own water.",
    "The light was switched off {years} years ago and switched on again after {months} months of letters.",
    "It is a museum now, with {loads} visitors on a good day.",
    "Nobody lives there, and swallows have taken over the bedroom.",
    "It is still the first thing the boats look for on the way home.",
];

/// What the film says about the eight stations of chapter `chapter`, one paragraph each.
pub(crate) fn stations(chapter: usize) -> Vec<String> {
    (chapter * 8..chapter * 8 + 8)
        .filter(|n| *n < NAMES.len())
        .map(station)
        .collect()
}

fn station(n: usize) -> String {
    let first = INCIDENTS[(n * 5 + n / 32) % 32];
    let second = INCIDENTS[(n * 5 + n / 32 + 13) % 32];
    let sentences = [
        FOUND[(n * 3 + n / 8) % 8],
        BUILT[(n * 2 + n / 7) % 7],
        first,
        LIGHT[(n * 4 + 1) % 7],
        second,
        TODAY[(n * 5 + n / 6) % 6],
    ];
    let numbers = [
        ("{n}", n + 1),
        ("{year}", 1795 + (n * 37) % 128),
        ("{height}", 9 + (n * 11) % 47),
        ("{steps}", 60 + (n * 29) % 211),
        ("{months}", 3 + (n * 7) % 19),
        ("{loads}", 14 + (n * 13) % 83),
        ("{period}", 4 + (n * 3) % 27),
        ("{range}", 6 + (n * 5) % 19),
        ("{flashes}", 2 + n % 5),
        ("{watts}", 20 + (n * 17) % 80),
        ("{years}", 11 + (n * 9) % 40),
    ];
    let mut text = sentences.join(" ").replace("{name}", NAMES[n]);
    for (nth, slot) in text
        .match_indices("{keeper}")
        .map(|(at, _)| at)
        .collect::<Vec<_>>()
        .into_iter()
        .enumerate()
        .rev()
    {
        text.replace_range(
            slot..slot + "{keeper}".len(),
            KEEPERS[(n * 5 + nth * 7) % KEEPERS.len()],
        );
    }
    for (slot, number) in numbers {
        text = text.replace(slot, &number.to_string());
    }
    capitalised(&text)
}

/// Sentences may begin with a slot like "the Lund brothers".
fn capitalised(text: &str) -> String {
    let mut start = true;
    text.chars()
        .map(|c| {
            let c = if start { c.to_ascii_uppercase() } else { c };
            start = if c == ' ' { start } else { c == '.' };
            c
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::stations;

    #[test]
    fn every_station_is_told_once_and_whole() {
        let all: Vec<String> = (0..13).flat_map(stations).collect();
        assert_eq!(all.len(), 96);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 96);
        assert!(all.iter().all(|text| !text.contains('{') && text.ends_with('.')));
    }
}
