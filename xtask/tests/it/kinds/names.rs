//! Names: of operations and of types, which come from the resource.

use super::*;

#[test]
fn a_record_is_called_after_its_resource() {
    let user = json!({ "id": 1, "name": "Ann" });
    let conversion = of(json!([
        with_answer("GET", "/users/:id", 200, &user),
        with_answer(
            "POST",
            "/users",
            201,
            &json!({ "id": 1, "name": "Ann", "created": true })
        ),
        with_answer(
            "GET",
            "/users",
            200,
            &json!({ "items": [user], "total": 1 })
        ),
        with_answer(
            "GET",
            "/shops",
            200,
            &json!({ "results": [user], "total": 1 })
        ),
        with_answer(
            "GET",
            "/shelves/:id",
            200,
            &json!({ "shelf": { "row": 1 }, "ok": true })
        ),
        with_answer("POST", "/users/:id/block", 200, &json!({ "blocked": true })),
        with_answer("DELETE", "/rooms/:id", 200, &json!({ "deleted": true })),
        with_answer(
            "POST",
            "/createInstance/:token",
            200,
            &json!({ "instance": "x" })
        ),
    ]));
    for (method, path, name) in [
        ("get", "/users/{id}", "User"),
        ("post", "/users", "User"),
        ("get", "/users", "UserList"),
        ("get", "/shops", "ShopList"),
        ("get", "/shelves/{id}", "ShelfResponse"),
        ("post", "/users/{id}/block", "BlockUserResponse"),
        ("delete", "/rooms/{id}", "DeleteRoomResponse"),
        ("post", "/createInstance/{token}", "Instance"),
    ] {
        assert_eq!(answer(&conversion, method, path), name, "{method} {path}");
    }
    let items = |name: &str, key: &str| {
        schema(&conversion, name)["properties"][key]["items"]["$ref"].clone()
    };
    assert_eq!(items("UserList", "items"), "#/components/schemas/User");
    assert_eq!(items("ShopList", "results"), "#/components/schemas/Shop");
}

#[test]
fn no_type_is_called_after_another_operation() {
    let id = json!({ "id": 1 });
    let conversion = of(json!([
        with_answer("POST", "/bills", 201, &id),
        with_answer("POST", "/customers", 201, &id),
        with_answer(
            "GET",
            "/rooms/:id",
            200,
            &json!({ "owner": { "id": 1 }, "guest": { "id": 2 }, "n": 1 })
        ),
    ]));
    assert_eq!(answer(&conversion, "post", "/bills"), "Bill");
    assert_eq!(answer(&conversion, "post", "/customers"), "Customer");
    let owner = &schema(&conversion, "Room")["properties"]["owner"]["$ref"];
    // Equal ones that properties hold are one, and no bill.
    assert_eq!(*owner, "#/components/schemas/Guest");
}

#[test]
fn a_resource_called_errors_is_no_failure_and_an_empty_object_no_acknowledgement() {
    let conversion = of(json!([
        with_answer("GET", "/errors", 200, &json!([{ "id": 1, "text": "x" }])),
        with_answer("GET", "/orders/:id", 404, &json!({ "code": "x" })),
        with_answer(
            "POST",
            "/orders",
            200,
            &json!({ "status": "ok", "message": "done" })
        ),
        with_answer("PUT", "/orders/:id", 200, &json!({})),
        with_answer(
            "GET",
            "/messages/:id",
            200,
            &json!({ "message": { "id": 1 } })
        ),
        with_answer("GET", "/health", 200, &json!({ "status": { "db": "up" } })),
    ]));
    assert_eq!(answer(&conversion, "get", "/errors"), "Error");
    assert_eq!(
        schema(&conversion, "Error")["required"],
        json!(["id", "text"])
    );
    let failed = &operation(&conversion, "get", "/orders/{id}")["responses"]["404"]["content"]["application/json"]
        ["schema"];
    assert_eq!(failed["$ref"], "#/components/schemas/Failure");
    assert_eq!(answer(&conversion, "post", "/orders"), "Acknowledgement");
    assert_eq!(
        schema(&conversion, "Acknowledgement")["required"],
        json!(["status", "message"])
    );
    let empty = &operation(&conversion, "put", "/orders/{id}")["responses"]["200"]["content"]["application/json"]
        ["schema"];
    assert_eq!(
        *empty,
        json!({ "type": "object", "additionalProperties": {} })
    );
    assert_eq!(
        answer(&conversion, "get", "/messages/{id}"),
        "MessageResponse"
    );
    assert_eq!(answer(&conversion, "get", "/health"), "Health");
}

#[test]
fn a_bulk_route_does_not_take_the_name_of_the_single_one() {
    let conversion = of(json!([
        request("PATCH", "/items"),
        request("PATCH", "/items/:id"),
        request("DELETE", "/items"),
        request("DELETE", "/items/:id"),
        request("PUT", "/items"),
        request("PUT", "/items/:id"),
    ]));
    let found = ids(&conversion);
    let id = |call: &str| found.iter().find(|(known, _)| known == call).unwrap().1;
    assert_eq!(
        (id("patch /items"), id("patch /items/{id}")),
        ("update_items", "update_item")
    );
    assert_eq!(
        (id("delete /items"), id("delete /items/{id}")),
        ("delete_items", "delete_item")
    );
    assert_eq!(id("put /items/{id}"), "put_items_by_id");
}

#[test]
fn words_of_any_script_are_names() {
    let conversion = of(json!([
        request("GET", "/v1/\u{5217}\u{8868}"),
        request("GET", "/v1/\u{8be6}\u{60c5}"),
        request(
            "GET",
            "/v1/\u{437}\u{430}\u{43a}\u{430}\u{437}/:\u{438}\u{43c}\u{44f}"
        ),
        with_answer(
            "GET",
            "/a%20b",
            200,
            &json!({ "\u{434}\u{43e}\u{43c}": { "x": 1 }, "n": 1 })
        ),
    ]));
    let expected = ["get_lie_biao", "get_xiang_qing", "get_zakaz", "get_a_b"];
    assert_eq!(
        ids(&conversion)
            .iter()
            .map(|(_, id)| *id)
            .collect::<Vec<_>>(),
        expected
    );
    assert!(schema(&conversion, "Dom").is_object());
}

#[test]
fn keys_that_are_data_are_no_fields() {
    let values = |keys: [&str; 2]| {
        let entries = keys.map(|key| (key.to_owned(), json!({ "requests": 1 })));
        json!({ "shops": Value::Object(entries.into_iter().collect()), "n": 1 })
    };
    for (keys, is_map) in [
        (["5oYej0l0heMydtjaVpOq4z", "7aBcD0l0heMydtjaVpOq4z"], true),
        (
            ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "01BX5ZZKBKACTAV9WEVGEMMVRZ"],
            true,
        ),
        (["user_1", "user_2"], true),
        (["New York", "Los Angeles"], true),
        (
            [
                "\u{41c}\u{43e}\u{441}\u{43a}\u{432}\u{430}",
                "\u{41a}\u{430}\u{437}\u{430}\u{43d}\u{44c}",
            ],
            true,
        ),
        (["en_US", "de_DE"], true),
        (["en", "fr-FR"], true),
        (["id", "no"], false),
        (["USD", "SEK"], true),
        (["SKU", "VAT"], false),
        (["+15550100001", "+15550100002"], true),
        (["192.0.2.1", "192.0.2.2"], true),
        (["2026-05", "2026-06"], true),
        (["10:00", "11:30"], true),
        (["/a", "/a/b"], true),
        (["billing", "shipping"], false),
        (["firstQuarterNumbers", "secondQuarterNumbers"], false),
    ] {
        let conversion = of(json!([with_answer(
            "GET",
            "/stats/:id",
            200,
            &values(keys)
        )]));
        let shops = &schema(&conversion, "Stat")["properties"]["shops"];
        assert_eq!(
            shops["additionalProperties"].is_object(),
            is_map,
            "{keys:?} {shops}"
        );
    }
}
