//! The generated types: they are read from JSON as serde's derive would read them, and built by setters.

use chat2desk::types::{
    Client, SendMessageRequest, SetLegacyWebHookRequest, UpdateClientRequest, builder,
};
use serde_json::{Value, from_str, from_value, json, to_value};

#[test]
fn keys_have_any_order_and_form() {
    for text in [
        r#"{"id": 94000001, "name": "a", "tags": [{"id": 5}]}"#,
        r#"{"tags": [{"id": 5}], "unknown": {"id": [1]}, "name": "a", "": null, "id": 94000001}"#,
        r#"{"\u0069d": 94000001, "n\u0061me": "a", "tags": [{"id": 5}]}"#,
    ] {
        let client: Client = from_str(text).unwrap();
        let expected = json!({ "id": 94000001, "name": "a", "tags": [{ "id": 5 }] });
        assert_eq!(to_value(&client).unwrap(), expected, "{text}");
        let value: Value = from_str(text).unwrap();
        assert_eq!(from_value::<Client>(value).unwrap(), client, "{text}");
    }
}

#[test]
fn what_is_no_record_is_refused() {
    for (text, error) in [
        ("{}", "missing field `id`"),
        (r#"{"name": "a", "iD": 5}"#, "missing field `id`"),
        (r#"{"id": 5, "id": 5}"#, "duplicate field `id`"),
        (
            r#"{"id": 5, "name": "a", "name": null}"#,
            "duplicate field `name`",
        ),
        (r#"{"id": null}"#, "invalid type: null, expected i64"),
        (
            r#"{"id": 5, "name": 6}"#,
            "invalid type: integer `6`, expected a string",
        ),
        ("[5]", "invalid type: sequence, expected struct Client"),
        ("5", "invalid type: integer `5`, expected struct Client"),
        (r#"{"id": 5"#, "EOF while parsing an object"),
    ] {
        let refused = from_str::<Client>(text).unwrap_err().to_string();
        assert!(refused.starts_with(error), "{text}: {refused}");
    }
}

/// `null` removes the webhook, and a request without a URL is none.
#[test]
fn a_required_value_may_be_null() {
    let request: SetLegacyWebHookRequest = from_str(r#"{"url": null}"#).unwrap();
    assert_eq!(
        (
            request.url,
            from_str::<SetLegacyWebHookRequest>("{}").is_err()
        ),
        (None, true)
    );
    let built = SetLegacyWebHookRequest::builder();
    let error = SetLegacyWebHookRequest::try_from(built.clone()).unwrap_err();
    assert_eq!(error.to_string(), "no value supplied for url");
    let request = SetLegacyWebHookRequest::try_from(built.url(None::<String>)).unwrap();
    assert_eq!(to_value(request).unwrap(), json!({ "url": null }));
}

#[test]
fn the_last_value_of_each_setter_counts() {
    let build = |request: builder::SendMessageRequest| {
        let built = SendMessageRequest::try_from(request);
        built.map_err(|error| error.to_string())
    };
    let number = "invalid value for client_id: out of range integral type conversion attempted";
    let request = || SendMessageRequest::builder().text("Hello");
    assert_eq!(build(request().client_id(u64::MAX)).unwrap_err(), number);
    let corrected = build(request().client_id(u64::MAX).client_id(94000001)).unwrap();
    assert_eq!(corrected.client_id, 94000001);
    // A value that is refused does not leave the one before.
    let request = request().client_id(94000001).client_id(u64::MAX);
    assert_eq!(build(request.clone()).unwrap_err(), number);
    assert_eq!(build(request.operator_id(u64::MAX)).unwrap_err(), number);
}

#[test]
fn a_finished_value_can_be_changed() {
    let request = UpdateClientRequest::builder().nickname("a").comment("b");
    let finished = UpdateClientRequest::try_from(request).unwrap();
    let changed = builder::UpdateClientRequest::from(finished.clone()).comment("c");
    let changed = UpdateClientRequest::try_from(changed).unwrap();
    assert_eq!(
        (changed.nickname, changed.comment),
        (finished.nickname, Some("c".into()))
    );
}
