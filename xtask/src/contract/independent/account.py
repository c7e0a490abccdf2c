"""The account in the sandbox, read and written without the client that is judged."""

import sys

import requests

URL, TOKEN = sys.argv[1:]


def get(path, **query):
    """What the API says of a record, read without the client."""
    headers = {"authorization": TOKEN}
    return requests.get(URL + path, params=query, headers=headers).json()


def journal(since):
    """The calls that came, from a number on, and the number of the next."""
    query = {"calls": since, "deliveries": 0}
    page = requests.get(URL + "/sandbox/journal", params=query).json()
    return page["calls"], page["next"]["calls"]


def write(client, text):
    """The message that the customer writes now; its request is open."""
    message = {"client_id": client, "text": text}
    requests.post(URL + "/sandbox/messages", json=message).raise_for_status()
    return last(client)


def last(client):
    return get("/v1/messages", client_id=client, order="desc", limit=1)["data"][0]
