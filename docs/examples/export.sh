#!/usr/bin/env bash
# Exports a report to PDF with three calls of the HTTP API: start, ask, fetch.
#
#   export.sh BASE USER PASSWORD ID [OUT]
#   export.sh http://127.0.0.1:8080 admin secret 1 invoice.pdf
#
# Needs nothing but bash, curl and sed. Without OUT the file is called report-ID.pdf.
set -euo pipefail

if [ $# -lt 4 ] || [ $# -gt 5 ]; then
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
base=${1%/} user=$2 password=$3 id=$4 out=${5:-report-$4.pdf}

fail() { printf 'export.sh: %s\n' "$*" >&2; exit 1; }

# The text of a member of a flat JSON answer.
member() { sed -n 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p' | head -n 1; }

# call WHAT curl-arguments...: the answer's body, or the end with the server's own words.
call() {
    local what=$1 answer status body
    shift
    answer=$(curl --silent --show-error --max-time 60 --write-out '\n%{http_code}' "$@") ||
        fail "$what: no answer from $base"
    status=${answer##*$'\n'} body=${answer%$'\n'*}
    case $status in
        2??) printf '%s' "$body" ;;
        *)
            local words
            words=$(printf '%s' "$body" | member error_description)
            [ -n "$words" ] || words=$(printf '%s' "$body" | member detail)
            fail "$what: $status ${words:-$body}"
            ;;
    esac
}

token=$(call "signing in as $user" "$base/oauth/token" \
    --data-urlencode "grant_type=password" \
    --data-urlencode "username=$user" \
    --data-urlencode "password=$password" | member access_token)
[ -n "$token" ] || fail "signing in as $user: the answer holds no token"

# 1. Start. The keys of the body need no quotes.
export=$(call "starting the export of document $id" "$base/api/documents/export/report/$id" \
    --header "Content-Type: application/json" \
    --header "Authorization: Bearer $token" \
    --data '{exportOptions: {exportFormat: "pdf"}, documentParameters: []}' | member exportId)
[ -n "$export" ] || fail "starting the export: the answer holds no export id"

# 2. Ask until it is ready: often at first, then twice a second.
pause=0.05
while :; do
    answer=$(call "asking for export $export" "$base/api/documents/export/status/$export" \
        --header "Authorization: Bearer $token")
    case $(printf '%s' "$answer" | member taskStatus) in
        Complete) break ;;
        InProgress) ;;
        Fault) fail "the export failed: $(printf '%s' "$answer" | member message)" ;;
        *) fail "unexpected status: $answer" ;;
    esac
    sleep "$pause"
    case $pause in 0.05) pause=0.1 ;; 0.1) pause=0.2 ;; *) pause=0.5 ;; esac
done

# 3. Fetch, first beside the place, so that OUT is never half a file.
curl --silent --show-error --fail --output "$out.part" \
    --header "Authorization: Bearer $token" \
    "$base/api/documents/export/result/$export" || {
    rm -f "$out.part"
    fail "fetching export $export"
}
mv "$out.part" "$out"
printf '%s\n' "$out"
