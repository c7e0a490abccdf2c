//! The vendor's documentation lives through twelve versions; after each: exit code, report, what was written, and
//! that the crate and what is built on it compile.

use crate::documenter::{Documenter, Reply, export};
use crate::update_support::{
    Folder, assert_kept, edit_response, find, forget, own, reverse, texts_of_own,
};
use crate::workspace;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What the vendor's samples say of people.
const PERSONAL: [&str; 6] = [
    "Anna",
    "Petrova",
    "79161234567",
    "anna@firm.example.org",
    "71717171",
    "Lenina",
];

/// A version of the documentation: what is edited, and what the program says.
struct Version {
    name: &'static str,
    edit: fn(&mut Value),
    code: i32,
    /// Lines of the report, which hold these.
    says: &'static [&'static str],
    /// Whether the document is another one then.
    changes: bool,
}

const VERSIONS: [Version; 12] = [
    Version {
        name: "unchanged",
        edit: |_| {},
        code: 0,
        says: &["Nothing new"],
        changes: false,
    },
    Version {
        name: "an operation more",
        edit: |theirs| {
            let body = json!({
                "data": [
                    { "id": 71717171, "owner": "Anna Petrova", "phone": "79161234567", "begin": "2021-11-09T17:01:02 UTC" },
                    { "id": 71717172, "owner": "Lenina", "mail": "anna@firm.example.org", "note": null },
                ],
                "meta": { "total": 2, "limit": 20, "offset": 0 },
                "status": "success",
            });
            let item = json!({
                "name": "Breaks of Anna",
                "request": {
                    "method": "GET", "header": [], "url": "{{url}}/v1/operators/:id/breaks?limit=20",
                    "description": "<p>The breaks of Anna Petrova</p>",
                    "urlObject": {
                        "host": ["{{url}}"], "path": ["v1", "operators", ":id", "breaks"],
                        "query": [{ "key": "limit", "value": "20", "disabled": true, "description": "<p>At most</p>" }],
                        "variable": [{ "key": "id", "value": "71717171" }],
                    },
                },
                "response": [{ "name": "Anna", "code": 200, "header": [], "body": body.to_string() }],
            });
            let folder = json!({ "name": "Anna's", "item": [item] });
            theirs["item"].as_array_mut().unwrap().push(folder);
        },
        code: 10,
        says: &[
            "# The documentation changed: additive",
            "- `list_operator_breaks`: operation added (`GET /v1/operators/{id}/breaks`)",
            "- `GET /v1/operators/{}/breaks`: new operation; query: `limit`; response: `data`, `data[]`, `data[].begin`",
            "### Added",
        ],
        changes: true,
    },
    Version {
        name: "a parameter more",
        edit: |theirs| {
            let query = &mut find(theirs, "GET", "/v1/clients")["request"]["urlObject"]["query"];
            let new = json!({ "key": "vip_only", "value": "true", "disabled": true, "description": "<p>VIP</p>" });
            query.as_array_mut().unwrap().push(new);
        },
        code: 10,
        says: &[
            "- `list_clients`: parameter `vip_only` added",
            "- `GET /v1/clients`, query `vip_only`: new, boolean",
            "- `GET /v1/clients`, query `vip_only`: its description",
        ],
        changes: true,
    },
    Version {
        name: "fields more",
        edit: |theirs| {
            let item = find(theirs, "GET", "/v1/clients");
            edit_response(item, |body| {
                body["data"][0]["loyalty"] = json!({ "level": 3, "holder": "Petrova" });
            });
            let item = find(theirs, "POST", "/v1/messages");
            let text = item["request"]["description"].as_str().unwrap();
            let row = "<tr><td><code>schedule_at</code></td><td>string</td><td>no</td><td>When.</td></tr></tbody>";
            item["request"]["description"] = text.replacen("</tbody>", row, 1).into();
        },
        code: 10,
        says: &[
            "- `Client.loyalty`: field added",
            "- `SendMessageRequest.schedule_at`: field added",
            "- `GET /v1/clients`, response `data[].loyalty.level`: new, integer",
            "- `POST /v1/messages`, body `schedule_at`: new, string",
        ],
        changes: true,
    },
    Version {
        name: "an operation and a parameter renamed",
        edit: |theirs| {
            let item = find(theirs, "POST", "/v1/qr_decode");
            item["request"]["url"] = "{{url}}/v1/qr_read".into();
            item["request"]["urlObject"]["path"] = json!(["v1", "qr_read"]);
            for response in item["response"].as_array_mut().unwrap() {
                response["originalRequest"] = Value::Null;
            }
            let query = &mut find(theirs, "GET", "/v1/channels")["request"]["urlObject"]["query"];
            for pair in query.as_array_mut().unwrap().iter_mut() {
                if pair["key"] == "phone" {
                    pair["key"] = "number".into();
                }
            }
        },
        code: 10,
        says: &[
            "- `decode_qr_code`: deprecated",
            "- `POST /v1/qr_decode`: is gone: deprecated; perhaps it is `POST /v1/qr_read` now",
            "- `list_channels`: parameter `number` added",
            "- `list_channels`: parameter `phone` deprecated",
            "### Deprecated",
        ],
        changes: true,
    },
    Version {
        name: "an operation and a field gone",
        edit: |theirs| {
            for folder in theirs["item"].as_array_mut().unwrap() {
                let items = folder["item"].as_array_mut().unwrap();
                items.retain(|item| item["request"]["url"] != "{{url}}/v1/scenarios/menu_items");
            }
            for path in ["/v1/countries", "/v1/templates", "/v1/templates/:id"] {
                forget(theirs, path, "command");
            }
        },
        code: 10,
        says: &[
            "- `list_menu_items`: deprecated",
            "- `Template.command`: deprecated",
            "- `GET /v1/scenarios/menu_items`: is gone: deprecated",
        ],
        changes: true,
    },
    Version {
        name: "a type changed",
        edit: |theirs| {
            edit_response(find(theirs, "GET", "/v1/countries"), |body| {
                for country in body["data"].as_array_mut().unwrap() {
                    country["iso_code"] = json!(71717171);
                }
            });
        },
        code: 20,
        says: &[
            "# The documentation changed: breaking",
            "### Breaking",
            "- `Country.iso_code`: string is now integer",
            "- **Breaking.** `Country.iso_code`: string is now integer.",
        ],
        changes: true,
    },
    Version {
        name: "an enum value more",
        edit: |theirs| {
            let item = find(theirs, "GET", "/v1/messages");
            for pair in item["request"]["urlObject"]["query"]
                .as_array_mut()
                .unwrap()
            {
                if pair["key"] == "type" {
                    let kinds = "<p>Kind: <code>to_client</code>, <code>from_client</code>, <code>autoreply</code>, \
                                 <code>system</code> or <code>reaction</code>.</p>";
                    pair["description"] = kinds.into();
                }
            }
            edit_response(item, |body| {
                body["data"][0]["transport"] = "rcs_direct".into()
            });
        },
        code: 10,
        says: &[
            "- `MessageType`: value `reaction` added",
            "- `Messenger`: value `rcs_direct` added",
        ],
        changes: true,
    },
    Version {
        name: "folders shuffled",
        edit: |theirs| {
            reverse(theirs);
            let folders = theirs["item"].as_array_mut().unwrap();
            let moved = folders[0]["item"].as_array_mut().unwrap().pop().unwrap();
            folders[1]["item"].as_array_mut().unwrap().insert(0, moved);
        },
        code: 0,
        says: &["Nothing new"],
        changes: false,
    },
    Version {
        name: "texts only",
        edit: |theirs| {
            let item = find(theirs, "GET", "/v1/tags");
            item["request"]["description"] = "<p>Ask Anna Petrova, 79161234567.</p>".into();
            theirs["info"]["description"] = "<p>Lenina 7.</p>".into();
        },
        code: 0,
        says: &[
            "# The documentation changed: docs",
            "No changes.",
            "- the documentation",
            "- `GET /v1/tags`",
        ],
        changes: false,
    },
    Version {
        name: "an example with personal data",
        edit: |theirs| {
            let item = find(theirs, "GET", "/v1/clients/:id");
            edit_response(item, |body| {
                let data = &mut body["data"];
                data["name"] = "Anna Petrova".into();
                data["phone"] = "79161234567".into();
                data["custom_fields"] =
                    json!({ "Anna Petrova": "Lenina 7", "79161234567": 71717171 });
                data["birthday"] = json!({ "day": "1979-11-09", "wishes": ["anna@firm.example.org"], "71717171": "Anna" });
            });
        },
        code: 10,
        says: &["- `Client.birthday`: field added"],
        changes: true,
    },
    Version {
        name: "a broken download",
        edit: |theirs| *theirs = Value::Null,
        code: 1,
        says: &["error: ", "nothing was changed"],
        changes: false,
    },
];

#[test]
fn the_crate_lives_through_twelve_versions_of_the_documentation() {
    let folder = Folder::new();
    let theirs = Arc::new(Mutex::new(export::export(&own())));
    let served = Arc::clone(&theirs);
    let documenter = Documenter::start(move |path, _, _| {
        let theirs = served.lock().unwrap();
        match path {
            "/view/metadata/AbC123" => Reply::json(json!({ "collection": {}, "environments": [] })),
            _ if theirs.is_null() => Reply::json(export::export(&own())).broken(),
            _ => Reply::json(&*theirs),
        }
    });
    let arguments = ["42/AbC123", "--service", &documenter.url()].map(str::to_owned);
    let run = |more: &[&str]| {
        let arguments = arguments.iter().map(String::as_str);
        folder.run(&arguments.chain(more.iter().copied()).collect::<Vec<_>>())
    };
    assert_eq!(run(&["--adopt"]).0, 0);
    let mut documents = Vec::new();
    for Version {
        name,
        edit,
        code,
        says,
        changes,
    } in VERSIONS
    {
        let before = folder.texts();
        edit(&mut theirs.lock().unwrap());
        let (is, report) = run(&[]);
        assert_eq!(is, code, "{name}: {report}");
        for line in says {
            assert!(report.contains(line), "{name}: `{line}` is not in {report}");
        }
        let after = folder.texts();
        let is_changed = before["openapi.json"] != after["openapi.json"];
        assert_eq!(is_changed, changes, "{name}: {report}");
        if code == 1 {
            assert!(after == before, "files changed");
        } else {
            // Once more, and there is nothing left.
            let (is, again) = run(&[]);
            assert!(is == 0 && again.contains("Nothing new"), "{name}: {again}");
            assert!(folder.texts() == after, "files changed");
        }
        for (file, text) in &after {
            for personal in PERSONAL {
                assert!(!text.contains(personal), "{name}: {personal} in {file}");
                assert!(!report.contains(personal), "{name}: {personal} in {report}");
            }
        }
        if changes {
            documents.push((name, after["openapi.json"].clone()));
        }
    }
    // What was written by hand is all there.
    let after = folder.texts();
    let own = texts_of_own();
    assert_kept(&own, &after);
    // Last, for another test may have the workspace meanwhile.
    for (name, document) in documents {
        let said = workspace::check(&document);
        assert!(!said.starts_with("failed"), "{name}: {said}");
    }
}
