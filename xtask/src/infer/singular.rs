//! The singular of English words, as paths and properties have them.

/// Words that are one already, or the same for one and for many; sorted.
const SAME: [&str; 47] = [
    "access",
    "alias",
    "analytics",
    "atlas",
    "aws",
    "basis",
    "bias",
    "bonus",
    "bus",
    "canvas",
    "chaos",
    "chassis",
    "cms",
    "corps",
    "cors",
    "css",
    "dns",
    "ethos",
    "gas",
    "gps",
    "has",
    "headquarters",
    "https",
    "ios",
    "is",
    "kudos",
    "lens",
    "macos",
    "means",
    "mms",
    "news",
    "os",
    "plus",
    "pos",
    "rss",
    "sas",
    "series",
    "sms",
    "species",
    "ssl",
    "status",
    "this",
    "tls",
    "us",
    "was",
    "xss",
    "yes",
];

/// Words whose singular no ending tells; sorted.
const IRREGULAR: [(&str, &str); 80] = [
    ("abuses", "abuse"),
    ("aches", "ache"),
    ("aliases", "alias"),
    ("alumni", "alumnus"),
    ("analyses", "analysis"),
    ("apis", "api"),
    ("appendices", "appendix"),
    ("atlases", "atlas"),
    ("axes", "axis"),
    ("bacteria", "bacterium"),
    ("biases", "bias"),
    ("brownies", "brownie"),
    ("caches", "cache"),
    ("cacti", "cactus"),
    ("calories", "calorie"),
    ("calves", "calf"),
    ("canoes", "canoe"),
    ("canvases", "canvas"),
    ("children", "child"),
    ("cookies", "cookie"),
    ("cpus", "cpu"),
    ("crises", "crisis"),
    ("criteria", "criterion"),
    ("curricula", "curriculum"),
    ("diagnoses", "diagnosis"),
    ("emojis", "emoji"),
    ("excuses", "excuse"),
    ("feet", "foot"),
    ("fungi", "fungus"),
    ("fuses", "fuse"),
    ("gases", "gas"),
    ("geese", "goose"),
    ("gpus", "gpu"),
    ("halves", "half"),
    ("headaches", "headache"),
    ("hypotheses", "hypothesis"),
    ("indices", "index"),
    ("knives", "knife"),
    ("kpis", "kpi"),
    ("leaves", "leaf"),
    ("lenses", "lens"),
    ("lives", "life"),
    ("loaves", "loaf"),
    ("matrices", "matrix"),
    ("men", "man"),
    ("menus", "menu"),
    ("mice", "mouse"),
    ("movies", "movie"),
    ("muses", "muse"),
    ("niches", "niche"),
    ("nuclei", "nucleus"),
    ("oxen", "ox"),
    ("parentheses", "parenthesis"),
    ("people", "person"),
    ("phenomena", "phenomenon"),
    ("pois", "poi"),
    ("quizzes", "quiz"),
    ("radii", "radius"),
    ("rookies", "rookie"),
    ("selfies", "selfie"),
    ("selves", "self"),
    ("shelves", "shelf"),
    ("shoes", "shoe"),
    ("skus", "sku"),
    ("stimuli", "stimulus"),
    ("syllabi", "syllabus"),
    ("synopses", "synopsis"),
    ("taxis", "taxi"),
    ("teeth", "tooth"),
    ("theses", "thesis"),
    ("thieves", "thief"),
    ("toes", "toe"),
    ("uris", "uri"),
    ("uses", "use"),
    ("vertices", "vertex"),
    ("wikis", "wiki"),
    ("wives", "wife"),
    ("wolves", "wolf"),
    ("women", "woman"),
    ("zombies", "zombie"),
];

/// The singular of a word in snake case: of its last word.
pub fn singular(words: &str) -> String {
    let start = words.rfind('_').map_or(0, |end| end + 1);
    let (before, word) = words.split_at(start);
    format!("{before}{}", one(word))
}

fn one(word: &str) -> String {
    if let Ok(index) = IRREGULAR.binary_search_by_key(&word, |(many, _)| many) {
        return IRREGULAR[index].1.to_owned();
    }
    let is_one = !word.ends_with('s') || word.ends_with("ss") || word.ends_with("sis");
    if is_one || SAME.binary_search(&word).is_ok() {
        return word.to_owned();
    }
    let without = |ending: &str| word.strip_suffix(ending);
    if let Some(stem) = without("ies") {
        // `ties`
        return if stem.len() < 2 {
            format!("{stem}ie")
        } else {
            format!("{stem}y")
        };
    }
    let es = ["sses", "shes", "ches", "xes", "zzes", "oes"];
    let of_us = word.ends_with("uses") && !word.ends_with("ouses") && !word.ends_with("auses");
    if of_us || es.iter().any(|ending| word.ends_with(ending)) {
        return word[..word.len() - 2].to_owned();
    }
    match without("s") {
        Some(stem) if stem.len() > 1 && !stem.ends_with(['u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{IRREGULAR, SAME, singular};

    #[test]
    fn lists_are_sorted() {
        assert!(SAME.is_sorted() && IRREGULAR.is_sorted());
    }

    #[test]
    fn words() {
        for (many, one) in [
            ("statuses", "status"),
            ("status", "status"),
            ("countries", "country"),
            ("addresses", "address"),
            ("address", "address"),
            ("boxes", "box"),
            ("analysis", "analysis"),
            ("analyses", "analysis"),
            ("messages", "message"),
            ("sms", "sms"),
            ("gps", "gps"),
            ("news", "news"),
            ("series", "series"),
            ("ids", "id"),
            ("ads", "ad"),
            ("warehouses", "warehouse"),
            ("houses", "house"),
            ("clauses", "clause"),
            ("uses", "use"),
            ("viruses", "virus"),
            ("caches", "cache"),
            ("batches", "batch"),
            ("branches", "branch"),
            ("movies", "movie"),
            ("ties", "tie"),
            ("cookies", "cookie"),
            ("aliases", "alias"),
            ("databases", "database"),
            ("licenses", "license"),
            ("courses", "course"),
            ("responses", "response"),
            ("lenses", "lens"),
            ("heroes", "hero"),
            ("shoes", "shoe"),
            ("photos", "photo"),
            ("schemas", "schema"),
            ("quizzes", "quiz"),
            ("indices", "index"),
            ("indexes", "index"),
            ("children", "child"),
            ("people", "person"),
            ("data", "data"),
            ("media", "media"),
            ("apis", "api"),
            ("menus", "menu"),
            ("basis", "basis"),
            ("inline_buttons", "inline_button"),
            ("order_aliases", "order_alias"),
            ("s", "s"),
            ("", ""),
        ] {
            assert_eq!(singular(many), one);
        }
    }
}
