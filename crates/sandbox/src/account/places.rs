//! The countries and regions of customers. They are fewer than the service has.

use serde_json::{Value, json};

pub(crate) struct Country {
    id: i64,
    /// The prefix of its phone numbers.
    code: i64,
    iso: &'static str,
    english: &'static str,
    russian: &'static str,
}

const fn country(
    id: i64,
    code: i64,
    iso: &'static str,
    english: &'static str,
    russian: &'static str,
) -> Country {
    Country {
        id,
        code,
        iso,
        english,
        russian,
    }
}

pub(crate) const COUNTRIES: [Country; 36] = [
    country(1, 54, "ar", "Argentina", "Аргентина"),
    country(2, 374, "am", "Armenia", "Армения"),
    country(3, 61, "au", "Australia", "Австралия"),
    country(4, 43, "at", "Austria", "Австрия"),
    country(5, 32, "be", "Belgium", "Бельгия"),
    country(6, 55, "br", "Brazil", "Бразилия"),
    country(7, 359, "bg", "Bulgaria", "Болгария"),
    country(8, 1, "ca", "Canada", "Канада"),
    country(9, 56, "cl", "Chile", "Чили"),
    country(10, 57, "co", "Colombia", "Колумбия"),
    country(11, 420, "cz", "Czechia", "Чехия"),
    country(12, 45, "dk", "Denmark", "Дания"),
    country(13, 20, "eg", "Egypt", "Египет"),
    country(14, 372, "ee", "Estonia", "Эстония"),
    country(15, 358, "fi", "Finland", "Финляндия"),
    country(16, 33, "fr", "France", "Франция"),
    country(17, 995, "ge", "Georgia", "Грузия"),
    country(18, 49, "de", "Germany", "Германия"),
    country(19, 233, "gh", "Ghana", "Гана"),
    country(20, 30, "gr", "Greece", "Греция"),
    country(21, 91, "in", "India", "Индия"),
    country(22, 353, "ie", "Ireland", "Ирландия"),
    country(23, 39, "it", "Italy", "Италия"),
    country(24, 81, "jp", "Japan", "Япония"),
    country(25, 7, "kz", "Kazakhstan", "Казахстан"),
    country(26, 254, "ke", "Kenya", "Кения"),
    country(27, 52, "mx", "Mexico", "Мексика"),
    country(28, 31, "nl", "Netherlands", "Нидерланды"),
    country(29, 47, "no", "Norway", "Норвегия"),
    country(30, 51, "pe", "Peru", "Перу"),
    country(31, 48, "pl", "Poland", "Польша"),
    country(32, 351, "pt", "Portugal", "Португалия"),
    country(33, 34, "es", "Spain", "Испания"),
    country(34, 46, "se", "Sweden", "Швеция"),
    country(35, 90, "tr", "Turkey", "Турция"),
    country(36, 44, "gb", "United Kingdom", "Великобритания"),
];

impl Country {
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "code": self.code,
            "name_ru": self.russian,
            "name_en": self.english,
            "iso_code": self.iso,
            "currency_id": self.id,
            "timezone_id": self.id,
        })
    }
}

/// A part of a country.
pub(crate) struct Region {
    id: i64,
    country: &'static str,
    name: &'static str,
}

const PARTS: [&str; 6] = ["Capital", "North", "East", "South", "West", "Islands"];

/// Six regions of each country: more than fit on a page.
pub(crate) fn regions() -> Vec<Region> {
    let parts = |country: &'static Country| PARTS.map(|name| (country.english, name));
    let names = COUNTRIES.iter().flat_map(parts);
    let region = |(id, (country, name))| Region { id, country, name };
    (1..).zip(names).map(region).collect()
}

impl Region {
    pub(crate) fn json(&self) -> Value {
        json!({ "id": self.id, "country": self.country, "region": self.name })
    }
}
