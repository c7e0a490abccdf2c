//! Makes requests of the document at random: right ones, and all sorts of wrong ones. The same seed makes the same.

use chat2desk_sandbox::TOKEN;
use serde_json::{Map, Value};
use std::fmt;

pub struct Request {
    pub method: String,
    /// The path and the query.
    pub target: String,
    pub headers: Vec<(&'static str, Vec<u8>)>,
    pub body: Vec<u8>,
}

/// The beginning of the body is enough to see what it is.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begin = &self.body[..self.body.len().min(2000)];
        let body = String::from_utf8_lossy(begin);
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| (name, String::from_utf8_lossy(value)));
        let headers: Vec<_> = headers.collect();
        write!(f, "{} {} {headers:?} {body}", self.method, self.target)
    }
}

/// Texts as they may stand in a path, in a query or in JSON.
const TEXTS: [&str; 44] = [
    "",
    " ",
    "0",
    "1",
    "-1",
    "5",
    "20",
    "200",
    "201",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551616",
    "1e400",
    "1.5",
    "NaN",
    "null",
    "true",
    "[]",
    "{}",
    "2026-05-04",
    "04-05-2026",
    "0000-00-00",
    "9999-12-31",
    "31-12-9999",
    "01-01-0001",
    "-001-01-01",
    "+262142-12",
    "2026-02-30",
    "1970-01-01T00:00:00Z",
    "from_client",
    "to_client",
    "comment",
    "desc",
    "whatsapp",
    "external",
    "open",
    "closed",
    "client",
    "request",
    "inbox",
    "@HSM@order|Ada",
    "na\u{ef}ve \u{1f4a1}\u{202e}",
    "\u{0}\u{1}\u{7f}",
];

/// Numbers as JSON spells them.
const NUMBERS: [&str; 20] = [
    "0",
    "-0",
    "1",
    "-1",
    "20",
    "200",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551615",
    "99999999999999999999999999",
    "1.5",
    "1e3",
    "1e308",
    "1E-400",
    "1777888999",
    "253402300800",
    "-62135596801",
    "8210266876799",
    "2147483648",
];

/// Ids of records that are there at the start.
const IDS: [&str; 12] = [
    "94000001",
    "94000004",
    "94000006",
    "5000000101",
    "5000000102",
    "18400001",
    "75000011",
    "310001",
    "58001",
    "1201",
    "901",
    "TICK-118",
];

const URLS: [&str; 4] = [
    "https://example.com/hook",
    "http://127.0.0.1:9/",
    "https://example.com/a.jpg",
    "javascript:alert(1)",
];

/// What the page asks for. Not what injects faults: those are errors that are asked for.
const PAGE: [(&str, &str); 7] = [
    ("GET", "/"),
    ("GET", "/sandbox/account"),
    ("GET", "/sandbox/conversations"),
    ("GET", "/sandbox/messages"),
    ("GET", "/sandbox/journal"),
    ("POST", "/sandbox/messages"),
    ("POST", "/sandbox/clock"),
];

pub struct Generator {
    state: u64,
    document: Value,
    operations: Vec<(String, String)>,
}

impl Generator {
    pub fn new(seed: u64) -> Self {
        let document: Value = serde_json::from_str(chat2desk_openapi::DOCUMENT).unwrap();
        let mut operations = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods
                .as_object()
                .unwrap()
                .keys()
                .filter(|name| *name != "parameters")
            {
                operations.push((path.clone(), method.clone()));
            }
        }
        Self {
            state: seed,
            document,
            operations,
        }
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        let place = self.below(all.len() as u64);
        all[usize::try_from(place).unwrap()]
    }

    pub fn request(&mut self) -> Request {
        if self.one_in(20) {
            return self.of_page();
        }
        let place = usize::try_from(self.below(self.operations.len() as u64)).unwrap();
        let (path, mut method) = self.operations[place].clone();
        let operation = self.document["paths"][&path][&method].clone();
        if self.one_in(50) {
            method = self
                .of(&["get", "post", "put", "delete", "patch", "head", "options"])
                .to_owned();
        }
        let mut target = String::new();
        let mut before = "";
        for part in path.split('/').skip(1) {
            target.push('/');
            match part.starts_with('{') {
                true => target.push_str(&self.path_value(before)),
                false => target.push_str(part),
            }
            before = part;
        }
        let parameters = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let query = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "query");
        let mut names: Vec<String> = Vec::new();
        for parameter in query {
            if self.below(5) < 2 {
                names.push(parameter["name"].as_str().unwrap().to_owned());
            }
        }
        if self.one_in(10) {
            names.push("limit[]".to_owned());
        }
        target.push_str(&self.query(&names));
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let (content_type, body) = self.body(&schema.clone());
        let mut headers = vec![("content-type", content_type.as_bytes().to_vec())];
        match self.below(25) {
            0 => (),
            1 => headers.push(("authorization", Vec::new())),
            2 => headers.push(("authorization", vec![0xff, 0xfe, b' ', b'x'])),
            3 => headers.push(("authorization", vec![b'a'; 3000])),
            _ => headers.push(("authorization", TOKEN.into())),
        }
        Request {
            method: method.to_uppercase(),
            target,
            headers,
            body,
        }
    }

    fn of_page(&mut self) -> Request {
        let (method, path) = self.of(&PAGE);
        let names = [
            "company",
            "search",
            "limit",
            "client_id",
            "calls",
            "deliveries",
        ];
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let query = self.query(&names);
        let mut fields = Vec::new();
        for name in ["text", "client_id", "phone", "channel_id", "seconds"] {
            let value = self.value(&Value::Null, 0);
            fields.push(format!("\"{name}\":{value}"));
        }
        let body = format!("{{{}}}", fields.join(",")).into_bytes();
        let headers = vec![("content-type", b"application/json".to_vec())];
        Request {
            method: method.to_owned(),
            target: format!("{path}{query}"),
            headers,
            body,
        }
    }

    /// A value for the place behind a segment of a path.
    fn path_value(&mut self, before: &str) -> String {
        let text = match self.below(10) {
            0..5 => fitting(before).unwrap_or("94000001").to_owned(),
            5 => self.of(&IDS).to_owned(),
            6 => self
                .of(&["%ff", "%00", "%2e%2e", "a%2Fb", "%", "+"])
                .to_owned(),
            7 => "9".repeat(3000),
            _ => self.of(&TEXTS).to_owned(),
        };
        // An empty segment is another path.
        if text.is_empty() {
            "x".to_owned()
        } else {
            text
        }
    }

    fn query(&mut self, names: &[String]) -> String {
        let mut query = reqwest::Url::parse("http://x/").unwrap();
        for name in names {
            let value = match (self.below(8), fitting(name)) {
                (0..4, Some(value)) => value.trim_matches('"'),
                (0..2, _) => self.of(&IDS),
                (2..4, _) => self.of(&NUMBERS),
                _ => self.of(&TEXTS),
            };
            query.query_pairs_mut().append_pair(name, value);
        }
        query
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default()
    }

    fn body(&mut self, schema: &Value) -> (&'static str, Vec<u8>) {
        let json = "application/json";
        match self.below(60) {
            0 => (json, b"{".to_vec()),
            1 => (json, b"[1, 2".to_vec()),
            2 => (json, self.of(&NUMBERS).into()),
            3 => (json, "[".repeat(100_000).into()),
            4 => (json, format!("{}{}", "{\"a\":".repeat(500), "1").into()),
            5 => (json, vec![0xff; 64]),
            6 if self.one_in(20) => (json, vec![b' '; 1024 * 1024 + 1]),
            7 => ("application/x-www-form-urlencoded", self.of(&TEXTS).into()),
            8 => ("text/plain", self.value(schema, 0).into()),
            9 => ("", self.value(schema, 0).into()),
            _ if schema.is_null() => (json, Vec::new()),
            10 => ("application/x-www-form-urlencoded", self.form(schema)),
            _ => (json, self.value(schema, 0).into()),
        }
    }

    fn form(&mut self, schema: &Value) -> Vec<u8> {
        let names: Vec<String> = properties(&self.resolved(schema)).keys().cloned().collect();
        self.query(&names).trim_start_matches('?').into()
    }

    fn resolved(&self, schema: &Value) -> Value {
        let name = schema["$ref"]
            .as_str()
            .and_then(|name| name.rsplit('/').next());
        match (name, schema["allOf"].get(0)) {
            (Some(name), _) => self.resolved(&self.document["components"]["schemas"][name]),
            (None, Some(first)) => self.resolved(first),
            (None, None) => schema.clone(),
        }
    }

    /// JSON of a schema, wrong every now and then.
    fn value(&mut self, schema: &Value, depth: usize) -> String {
        if depth > 6 || self.one_in(8) {
            return self.anything();
        }
        let schema = self.resolved(schema);
        match schema["type"].as_str() {
            Some("object") => {
                let mut fields = Vec::new();
                for (name, field) in properties(&schema) {
                    if !self.one_in(4) {
                        let value = self.field(&name, &field, depth);
                        fields.push(format!("{}:{value}", Value::from(name)));
                    }
                }
                if self.one_in(6) {
                    fields.push(format!("\"custom\":{}", self.anything()));
                }
                format!("{{{}}}", fields.join(","))
            }
            Some("array") => {
                let items = (0..self.below(4)).map(|_| self.value(&schema["items"], depth + 1));
                format!("[{}]", items.collect::<Vec<_>>().join(","))
            }
            Some("integer" | "number") if self.one_in(2) => self.id(),
            Some("integer" | "number") => self.of(&NUMBERS).to_owned(),
            Some("boolean") => self.of(&["true", "false"]).to_owned(),
            Some("string") => match schema["enum"].as_array().cloned() {
                Some(words) if !self.one_in(4) => {
                    let place = usize::try_from(self.below(words.len() as u64)).unwrap();
                    words[place].to_string()
                }
                _ => self.text(),
            },
            _ => self.anything(),
        }
    }

    /// Of a field, what fits its name is likelier: only so do requests get beyond the checks.
    fn field(&mut self, name: &str, schema: &Value, depth: usize) -> String {
        let fitting = match name {
            "messages" => {
                Some("[{\"type\":\"from_client\",\"timestamp\":1700000000,\"text\":\"Old\"}]")
            }
            _ => fitting(name),
        };
        match (fitting, self.below(3)) {
            (None, _) | (_, 0) => self.value(schema, depth + 1),
            (Some(value), _) => value.to_owned(),
        }
    }

    fn id(&mut self) -> String {
        let id = self.of(&IDS);
        if id.starts_with('T') {
            Value::from(id).to_string()
        } else {
            id.to_owned()
        }
    }

    fn text(&mut self) -> String {
        let text = match self.below(12) {
            0 => "x".repeat(5_000),
            1 | 2 => self.of(&URLS).to_owned(),
            3 => self.of(&IDS).to_owned(),
            _ => self.of(&TEXTS).to_owned(),
        };
        Value::from(text).to_string()
    }

    fn anything(&mut self) -> String {
        match self.below(9) {
            0 => "null".to_owned(),
            1 => self.of(&["true", "false"]).to_owned(),
            2 | 3 => self.of(&NUMBERS).to_owned(),
            4 | 5 => self.text(),
            6 => self.id(),
            7 => {
                let deep = usize::try_from(self.below(140)).unwrap();
                format!("{}{}", "[".repeat(deep), "]".repeat(deep))
            }
            _ => format!("{{\"id\":{},\"\":{}}}", self.id(), self.of(&NUMBERS)),
        }
    }
}

fn properties(schema: &Value) -> Map<String, Value> {
    schema["properties"]
        .as_object()
        .cloned()
        .unwrap_or_default()
}

/// What fits a name of a field, or the place behind a segment of a path.
fn fitting(name: &str) -> Option<&'static str> {
    Some(match name {
        "client_id" | "assignee_id" | "clients" => "94000001",
        "operator_id" | "operators" | "statuses" => "310001",
        "channel_id" | "channels" => "58001",
        "group_id" => "701",
        "status_id" => "1",
        "status" => "6",
        "tags" => "1201",
        "templates" => "501",
        "tickets" => "TICK-119",
        "requests" => "75000011",
        "dialogs" => "18400001",
        "location" => "\"55.75 37.62\"",
        "deadline" => "\"2026-06-01\"",
        "state" => "\"open\"",
        "priority" | "assignee" => "2",
        "webhooks" => "901",
        // It is of an external channel, and outgoing.
        "messages" => "5000000102",
        "transport" => "\"external\"",
        "type" => "\"to_client\"",
        "assignee_type" => "\"client\"",
        "report" => "\"request_stats\"",
        "date" => "\"2026-05-04\"",
        "phone" => "\"15550100123\"",
        "url" | "attachment" => "\"https://example.com/a\"",
        "events" => "[\"inbox\",\"outbox\",\"outbox_status\"]",
        "from_client" => "{\"id\":\"shop-118\",\"nickname\":\"Zora\"}",
        "tag_ids" => "[1201]",
        _ => return None,
    })
}
