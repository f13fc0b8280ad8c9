#!/usr/bin/env bash
# Holds a running server against what it says of its API: no answer may be a 5xx, or have a status, a
# media type, headers or a body that the description does not tell of. The requests are made up from
# the description, from a fixed seed, so that a second run sends the same.
#
#     tests/schemathesis.sh [PRESSROOM]
#
# PRESSROOM is the program to test; without it, it is built. Ends with status 1 where something was
# found. Needs curl and Python 3.10 or newer; schemathesis is installed into a folder of its own
# where SCHEMATHESIS does not name one that is there (the command `st`). SEED takes another seed.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
version=4.32.5
seed="${SEED:-20261124}"

program="${1:-}"
if [ -z "$program" ]; then
    (cd "$here/.." && cargo build --package pressroom-server --bin pressroom)
    program="$(cd "$here/.." && realpath "${CARGO_TARGET_DIR:-target}")/debug/pressroom"
fi
program="$(realpath "$program")"

folder="$(mktemp -d)"
server=""
finish() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap finish EXIT

st="${SCHEMATHESIS:-}"
if [ -z "$st" ]; then
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet "schemathesis==$version"
    st="$folder/venv/bin/st"
fi

# Port 0 takes a free one, which the server tells. The bounds on how often one may call would only end
# the run early.
export PRESSROOM_ADMIN_PASSWORD="a password for the test"
export PRESSROOM_LIMITS__REQUESTS_PER_SECOND=0
export PRESSROOM_LIMITS__ADDRESS_REQUESTS_PER_SECOND=0
"$program" --listen 127.0.0.1:0 --data-dir "$folder/data" >"$folder/log" 2>&1 &
server=$!
url=""
for _ in $(seq 300); do
    url="$(grep -oE 'http://127\.0\.0\.1:[1-9][0-9]*' "$folder/log" | head -n 1 || true)"
    if [ -n "$url" ] && curl -fsS -o "$folder/ready" "$url/readyz" 2>/dev/null; then break; fi
    if ! kill -0 "$server" 2>/dev/null; then break; fi
    sleep 0.2
done
if [ ! -f "$folder/ready" ]; then
    echo "the server did not start:" >&2
    cat "$folder/log" >&2
    exit 1
fi

token="$(curl -fsS "$url/oauth/token" --data-urlencode grant_type=password \
    --data-urlencode username=admin --data-urlencode "password=$PRESSROOM_ADMIN_PASSWORD" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')"

# Not called: what ends the token that the run depends on.
#
# The server takes more than its description says (letter case, numbers as texts), on purpose: so
# "wrong data is refused" is not among the checks.
#
# One worker: two would race for what they change, and a seed would not say much. What the run keeps
# for the next one goes into the temporary folder.
cd "$folder"
found=0
"$st" --config-file "$here/schemathesis.toml" run "$url/api/openapi.json" \
    --header "Authorization: Bearer $token" \
    --exclude-operation-id postOauthRevoke \
    --exclude-operation-id putAccountPassword \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance \
    --phases examples,coverage,fuzzing \
    --max-examples 15 --seed "$seed" --continue-on-failure \
    --generation-database none --request-timeout 20 --workers 1 --no-color --warnings off || found=1

# A run whose token ended early has tested nothing but the refusal.
if ! curl -fsS -o "$folder/users" "$url/api/users" -H "Authorization: Bearer $token"; then
    echo "the token of the run no longer counts: leave out what ended it" >&2
    found=1
fi
if grep -qi 'panicked' "$folder/log"; then
    grep -i -A 3 'panicked' "$folder/log" >&2
    found=1
fi
exit "$found"
