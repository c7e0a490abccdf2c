"""Calls every method of the package c2d-api, and says of each call whether it came out right.

A call is right if the sandbox's journal has it as the operation that it means, and the response, or what the
account holds afterwards, shows that it was understood. Each call is a line of JSON on the standard output:
`call`, and `wrong`, which is null for a right one.

    python judge.py URL TOKEN
"""

import json

from account import TOKEN, URL, journal
from c2d_api.api import Chat2DeskApi
from calls import calls

api = Chat2DeskApi(TOKEN)
api.API_URL = URL


def shows(right, response):
    """Whether a response is right; one of another form is not."""
    try:
        return right(response)
    except (LookupError, TypeError, AttributeError):
        return False


def judge(method, arguments, operation, right):
    """What is wrong with a call, as text; None if nothing is."""
    _, start = journal(0)
    try:
        response = getattr(api, method)(**arguments)
    except ValueError as error:
        response = str(error)
    calls, _ = journal(start)
    if not calls:
        return "sends nothing"
    call = calls[0]
    reached, status = call["operation"], call["status"]
    if reached != operation:
        return f"{call['method']} {call['path']} reaches {reached or 'no operation'} instead of {operation}"
    if not 200 <= status < 300:
        return f"{operation} refuses it with {status}: {json.dumps(response)[:120]}"
    if not shows(right, response):
        return f"{operation} does something else: {json.dumps(response)[:120]}"
    return None


def main():
    methods = {name for name, value in vars(Chat2DeskApi).items() if callable(value) and name[0] != "_"}
    for name, arguments, operation, right in calls():
        method = name.split()[0]
        methods.discard(method)
        wrong = judge(method, arguments, operation, right)
        print(json.dumps({"call": name, "wrong": wrong}), flush=True)
    for method in sorted(methods):
        print(json.dumps({"call": method, "wrong": "no call of it is made"}))


main()
