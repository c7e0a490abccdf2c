#!/usr/bin/env bash
# Builds the wheel, installs it into an environment that has nothing else, and reads records of a sandbox with it.
# With the first argument `release`, it builds what is published; otherwise what the tests have built already.
set -euo pipefail
cd "$(dirname "$0")/.."
profile="${1:-dev}"
place=../../target/wheel

[ -x "$place/build/bin/pip" ] || python3 -m venv "$place/build"
"$place/build/bin/pip" install --quiet 'maturin>=1.9,<2'
rm -rf "$place/dist" "$place/clean"
# The tag of this machine alone: the wheel is not published from here.
"$place/build/bin/maturin" build --quiet --profile "$profile" --compatibility linux --out "$place/dist"

python3 -m venv "$place/clean"
"$place/clean/bin/pip" install --quiet --no-index "$place"/dist/*.whl
export PATH="$PWD/$place/clean/bin:$PATH"
cd "$place"
unset CHAT2DESK_TOKEN CHAT2DESK_URL CHAT2DESK_PROFILE
chat2desk --version

mkfifo line 2>/dev/null || true
chat2desk sandbox --port 0 >line 2>/dev/null &
trap 'kill %1' EXIT
read -r variables <line
eval "$variables"

python - <<'PYTHON'
import os
import chat2desk

clients = list(chat2desk.records("clients"))
assert len(clients) == 321 and isinstance(clients[0]["id"], int), len(clients)
assert len(list(chat2desk.records("messages", max_items=30, hold_back="0s"))) == 30

# A reader that has seen enough ends the command.
some = chat2desk.records("messages")
next(some)
some.close()

os.environ["CHAT2DESK_TOKEN"] = "unknown"
try:
    list(chat2desk.records("clients"))
except chat2desk.Error as error:
    assert error.code == 4 and "rejected the token" in str(error), error
else:
    raise AssertionError("a token that is unknown was accepted")
print("the wheel reads", len(clients), "clients")
PYTHON
