"""The calls of c2d-api, and how to tell that each came out right."""

from account import get, last, write

# Records of the account that every sandbox starts with.
CLIENT, OTHER_CLIENT, OPERATOR, TAG, OTHER_TAG = 94000001, 94000003, 310001, 1201, 1305
GROUP, CHANNEL, TEMPLATE, MENU_ITEM = 701, 58001, 501, 42001


def calls():
    """What is called: a name that begins with the method's, its arguments, the operation it means, what is right.

    Each is made before the next is asked for.
    """
    yield "api_modes_get", {}, "list_api_modes", rows(having("name"))
    yield "channels_get", {}, "list_channels", rows(having("id", "transports"))
    yield "channels_get by id", {"channel_id": CHANNEL}, "get_channel", record(id=CHANNEL)
    phone = get(f"/v1/channels/{CHANNEL}")["data"]["phone"]
    yield "channels_get by phone", {"phone": phone}, "list_channels", rows(equal("id", CHANNEL))
    yield "channels_get a page", {"limit": 1, "offset": 1}, "list_channels", page(1, 1)

    known = get(f"/v1/clients/{CLIENT}")["data"]
    yield "clients_get", {}, "list_clients", rows(having("id", "phone"))
    yield "clients_get a page", {"limit": 7, "offset": 14}, "list_clients", page(7, 14)
    yield "clients_get last first", {"order": "desc"}, "list_clients", last_first
    yield "clients_get by phone", {"phone": known["phone"]}, "list_clients", rows(equal("id", CLIENT))
    yield "clients_get by tags", {"tags": TAG}, "list_clients", lambda response: (
        0 < response["meta"]["total"] < get("/v1/clients")["meta"]["total"]
    )
    # Of the years 2000, before anybody wrote, and 2100.
    yield "clients_get by an early time", {"created_after": 946684800}, "list_clients", rows(having("id"))
    yield "clients_get by time", {"created_after": 4102444800}, "list_clients", nothing
    yield "clients_get by id", {"client_id": CLIENT}, "get_client", record(id=CLIENT)
    one = {"client_id": CLIENT}
    yield "clients_get transport", one | {"transport": True}, "list_client_transports", rows(
        lambda record: "whatsapp" in record["transports"]
    )
    yield "clients_get last_question", one | {"last_question": True}, "get_client_last_question", (
        lambda response: having("id", "text")(response["data"])
    )
    yield "clients_get dialogs", one | {"dialogs": True}, "list_client_dialogs", rows(having("id", "state"))
    period = {"start_date": "01-01-2026", "finish_date": "01-01-2100"}
    yield "clients_get questions", one | {"questions": True} | period, "list_client_questions", rows(
        having("id", "text", "created")
    )
    new = {"phone": "15550109999", "transport": "whatsapp", "channel_id": CHANNEL, "nickname": "Zoe"}
    yield "clients_post", new, "create_client", lambda response: (
        get(f"/v1/clients/{response['data']['id']}")["data"]["assigned_name"] == "Zoe"
    )
    yield "clients_put nickname", one | {"nickname": "Ada L"}, "update_client", record(assigned_name="Ada L")
    service = {"external_id": "17", "external_service": "amo"}
    yield "clients_put external_id", one | service, "update_client", lambda response: (
        str(get(f"/v1/clients/{CLIENT}")["data"]["external_id"]) == "17"
    )
    yield "clients_put custom_fields", one | {"custom_fields": {"3": "blue"}}, "update_client", lambda response: (
        get(f"/v1/clients/{CLIENT}")["data"]["custom_fields"].get("3") == "blue"
    )

    yield "companies_api_info_get", {}, "get_api_info", lambda response: having("companyID")(response["data"])
    yield "companies_put", {"custom_fields": {"1": "since 2019"}}, "update_company", lambda response: (
        get("/v1/companies/api_info")["data"]["custom_info"]["1"] == "since 2019"
    )
    yield "companies_switch_mode_put", {"mode": "offline"}, "switch_company_mode", succeeded
    yield "countries_get", {}, "list_countries", rows(having("id", "name_en"))
    yield "countries_get a page", {"limit": 1, "offset": 1}, "list_countries", page(1, 1)
    yield "custom_client_fields_get", {}, "list_custom_client_fields", rows(having("id", "name"))
    yield "delete_outbox_get", {}, "delete_outbox", succeeded
    yield "dialog_states_get", {}, "list_dialog_states", lambda response: "open" in response["data"]

    message = write(OTHER_CLIENT, "Hello?")
    dialog, request = message["dialog_id"], message["request_id"]
    yield "dialogs_get", {}, "list_dialogs", rows(having("id", "state"))
    yield "dialogs_get by id", {"dialog_id": dialog}, "get_dialog", record(id=dialog, state="open")
    by = {"state": "closed", "operator_id": OPERATOR, "limit": 3}
    yield "dialogs_get by state and operator", by, "list_dialogs", rows(
        lambda record: (record["state"], record["operator_id"]) == ("closed", OPERATOR)
    )
    waiting = {"unanswered": True, "limit": 0}
    yield "dialogs_get unanswered", waiting, "list_unanswered_dialogs", lambda response: (
        dialog in response["data"]["ids"] and OTHER_CLIENT in response["data"]["client_ids"]
    )
    dialog_is = lambda **expected: lambda response: record(**expected)(get(f"/v1/dialogs/{dialog}"))
    one = {"dialog_id": dialog}
    yield "dialogs_put operator", one | {"operator_id": OPERATOR}, "update_dialog", dialog_is(operator_id=OPERATOR)
    yield "dialogs_put state", one | {"state": "closed"}, "update_dialog", dialog_is(state="closed")

    message = write(OTHER_CLIENT, "Still there?")
    dialog, request, one = message["dialog_id"], message["request_id"], {"message_id": message["id"]}
    yield "message_types_get", {}, "list_message_types", rows(having("id"))
    yield "messages_get", {}, "list_messages", rows(having("id", "type"))
    yield "messages_get by id", one, "get_message", record(id=message["id"], text="Still there?")
    by = {"client_id": OTHER_CLIENT, "type": "from_client", "transport": message["transport"], "read": False}
    yield "messages_get by client, type, transport and read", by, "list_messages", lambda response: (
        [record["text"] for record in response["data"]][-1:] == ["Still there?"]
        and rows(lambda record: (record["client_id"], record["type"]) == (OTHER_CLIENT, "from_client"))(response)
    )
    by = {"dialog_id": dialog, "channel_id": message["channel_id"], "limit": 2}
    yield "messages_get by dialog and channel", by, "list_messages", rows(equal("dialog_id", dialog))
    by = {"operator_id": OPERATOR, "order": "desc"}
    yield "messages_get by operator", by, "list_messages", lambda response: (
        response["meta"]["total"] < get("/v1/messages")["meta"]["total"] and last_first(response)
    )
    day = {"start_date": "04-05-2026", "finish_date": "05-05-2026"}
    yield "messages_get by days", day, "list_messages", rows(
        lambda record: record["created"].startswith("2026-05-04T")
    )
    yield "messages_get from an id", {"start_id": message["id"]}, "list_messages", rows(equal("id", message["id"]))
    yield "messages_id_transfer_get", one | {"operator_id": OPERATOR}, "transfer_message", dialog_is(
        operator_id=OPERATOR
    )
    is_read = lambda read: lambda response: bool(get(f"/v1/messages/{message['id']}")["data"]["read"]) == read
    yield "messages_read_get read", one, "mark_message_read", is_read(True)
    yield "messages_read_get unread", one | {"read": False}, "mark_message_unread", is_read(False)
    group = one | {"group_id": GROUP}
    yield "transfer_to_group_get", group, "transfer_message_to_group", lambda response: (
        get(f"/v1/dialogs/{dialog}")["data"]["operator_id"] in get("/v1/operators_groups")["data"][0]["operator_ids"]
    )
    sent = {"client_id": OTHER_CLIENT, "text": "On its way", "operator_id": OPERATOR, "external_id": "o-17"}
    yield "messages_post", sent, "send_message", lambda response: (
        record(text="On its way", type="to_client", dialog_id=dialog)({"data": last(OTHER_CLIENT)})
        and last(OTHER_CLIENT)["extra_data"]["external_id"] == "o-17"
    )
    sent = {"client_id": CLIENT, "text": "Here you are", "attachment": "https://example.com/a.pdf"}
    yield "messages_post with a file", sent, "send_message", lambda response: (
        last(CLIENT)["attachments"][0]["link"] == "https://example.com/a.pdf"
        and get(f"/v1/dialogs/{last(CLIENT)['dialog_id']}")["data"]["state"] == "open"
    )
    yield "messages_with_buttons_post", {}, "send_message", succeeded

    yield "operators_get", {}, "list_operators", rows(having("id", "email"))
    email = get(f"/v1/operators/{OPERATOR}")["data"]["email"]
    yield "operators_get by email", {"email": email}, "list_operators", rows(equal("id", OPERATOR))
    yield "operators_get by phone", {"phone": "15550100000"}, "list_operators", nothing
    yield "operators_get statuses", {"statuses": True}, "list_operator_statuses", lambda response: (
        all(map(having("id", "name"), response))
    )
    status = get("/v1/operators/statuses")[-1]["id"]
    yield "operators_put", {"operator_id": OPERATOR, "status_id": status}, "set_operator_status", lambda response: (
        get(f"/v1/operators/{OPERATOR}")["data"]["status_id"] == status
    )
    by = {"online": True, "status_id": status}
    yield "operators_get by online and status", by, "list_operators", rows(equal("status_id", status))
    yield "operators_groups_get", {}, "list_operator_groups", rows(having("id", "operator_ids"))
    yield "qr_decode_post", {"image_path": "https://example.com/code.png"}, "decode_qr_code", succeeded
    yield "regions_get", {}, "list_regions", rows(having("id", "region"))

    yield "requests_get", {"request_id": request}, "get_request", record(id=request, dialog_id=dialog)
    yield "requests_get messages", {"request_id": request, "messages": True}, "list_request_messages", (
        lambda response: message["id"] in [record["id"] for record in response]
    )
    tags_are = lambda path, *tags: lambda response: sorted(
        tag["id"] if isinstance(tag, dict) else tag for tag in get(path)["data"]["tags"]
    ) == [*tags]
    tags = {"tag_ids": [TAG, OTHER_TAG], "assignee_type": "request", "assignee_id": request}
    there = f"/v1/requests/{request}"
    yield "tags_assign_to_post request", tags, "assign_tags", tags_are(there, TAG, OTHER_TAG)
    one = {"tag_id": TAG, "request_id": request}
    yield "tags_delete request", one, "remove_tag", tags_are(there, OTHER_TAG)
    yield "requests_close_put by request", {"request_id": request}, "close_request", dialog_is(state="closed")
    write(OTHER_CLIENT, "One more thing")
    yield "requests_close_put by client", {"client_id": OTHER_CLIENT}, "close_request", dialog_is(state="closed")
    yield "roles_get", {}, "list_roles", lambda response: "operator" in response["data"]
    yield "scenarios_get", {}, "list_menu_items", rows(having("id", "text"))
    yield "scenarios_get by channel and level", {"channel_id": CHANNEL, "level": 1}, "list_menu_items", rows(
        equal("level", 1)
    )
    item = {"client_id": CLIENT, "menu_item_id": MENU_ITEM}
    yield "scenarios_post", item, "send_menu_item", lambda response: last(CLIENT)["type"] == "autoreply"

    group = {"tag_group_name": "Seasons"}
    yield "tag_groups_post", group, "create_tag_group", record(group_name="Seasons")
    yield "tags_get", {}, "list_tags", rows(having("id", "label"))
    yield "tags_get by id", {"tag_id": TAG}, "get_tag", record(id=TAG)
    tag = {"tag_group_id": 3, "tag_label": "Spring", "tag_description": "until May"}
    yield "tags_post", tag, "create_tag", lambda response: (
        record(label="Spring", description="until May")(get(f"/v1/tags/{response['data']['id']}"))
    )
    tags = {"tag_ids": [OTHER_TAG], "assignee_type": "client", "assignee_id": OTHER_CLIENT}
    there = f"/v1/clients/{OTHER_CLIENT}"
    yield "tags_assign_to_post client", tags, "assign_tags", tags_are(there, OTHER_TAG)
    yield "tags_delete client", {"tag_id": OTHER_TAG, "client_id": OTHER_CLIENT}, "remove_tag", tags_are(there)
    yield "templates_get", {}, "list_templates", rows(having("id", "text"))
    yield "templates_get by id", {"template_id": TEMPLATE}, "get_template", record(id=TEMPLATE)
    yield "transports_get", {}, "list_transports", lambda response: (
        rows(having("from_client", "to_client"))({"data": response["data"].values()})
    )
    yield "web_analytics_data_get", {"date_from": "2026-01-01", "date_to": "2026-12-31"}, "list_web_analytics_data", (
        rows(having("message_id", "click_time"))
    )

    hook = {"url": "https://example.com/hook", "name": "example", "events": ["inbox"]}
    yield "webhooks_post", hook, "create_webhook", record(**hook)
    hook = hook | {"url": "https://example.com/other", "events": ["inbox", "outbox"]}
    yield "webhooks_post two events", hook, "create_webhook", record(**hook)
    yield "webhooks_get", {}, "list_webhooks", rows(having("id", "events"))
    known = {hook["url"]: hook["id"] for hook in get("/v1/webhooks")["data"]}
    one = {"webhook_id": known.get(hook["url"])}
    yield "webhooks_get by id", one, "get_webhook", record(url=hook["url"])
    yield "webhooks_put", one | hook | {"status": "disable"}, "update_webhook", record(status="disable")
    yield "webhooks_delete", one, "delete_webhook", lambda response: (
        hook["url"] not in [hook["url"] for hook in get("/v1/webhooks")["data"]]
    )


def rows(right):
    """A list that holds something, and whose every record is right."""
    return lambda response: bool(response["data"]) and all(map(right, response["data"]))


def record(**expected):
    """A record with these values."""
    return lambda response: expected.items() <= response["data"].items()


def having(*names):
    return lambda record: all(name in record for name in names)


def equal(field, value):
    return lambda record: record[field] == value


def page(limit, offset):
    """A page of a list that is longer."""
    return lambda response: (
        len(response["data"]) == limit
        and (response["meta"]["limit"], response["meta"]["offset"]) == (limit, offset)
    )


def last_first(response):
    ids = [record["id"] for record in response["data"]]
    return bool(ids) and ids == sorted(ids, reverse=True)


def nothing(response):
    """A list of nothing."""
    return response["data"] == []


def succeeded(response):
    return response["status"] == "success"
