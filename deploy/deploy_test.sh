#!/usr/bin/env bash
# deploy.sh against a stub of docker, compose and the app: what is called, in which order, and what happens when it fails.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
good=registry/app@sha256:$(printf 'a%.0s' {1..64})
bad=registry/app@sha256:$(printf 'b%.0s' {1..64})

# The stub notes calls, and remembers which image is up.
cat >"$work/bin/docker" <<'STUB'
#!/usr/bin/env bash
echo "docker $*" >>"$WORK/calls"
case "$*" in
*"rm --stop"*) rm -f "$WORK/canary" ;;
*canary*) echo "$YTSUM_IMAGE" >"$WORK/canary" ;;
*" up "*) echo "$YTSUM_IMAGE" >"$WORK/up" ;;
esac
STUB
# An app that answers unless its image is the bad one.
cat >"$work/bin/curl" <<'STUB'
#!/usr/bin/env bash
case "${*: -1}" in *5002*) which=canary ;; *) which=up ;; esac
image=$(cat "$WORK/$which" 2>/dev/null) || exit 7
case "$image" in *bbbb*) exit 22 ;; esac
STUB
chmod +x "$work/bin/"*
export WORK=$work PATH=$work/bin:$PATH STATE=$work/state READY_SECONDS=2 CANARY_SECONDS=2 COMPOSE="docker compose -f x"

passed=0
check() { # WHAT ACTUAL EXPECTED
    if [ "$2" != "$3" ]; then
        printf 'FAILED %s\n  is        %s\n  should be %s\n' "$1" "$2" "$3"
        cat "$work/calls"
        printf '%s passed, 1 failed\n' "$passed"
        exit 1
    fi
    passed=$((passed + 1))
}
run() {
    : >"$work/calls"
    set +e
    "$here/deploy.sh" "$@" >"$work/output" 2>&1
    code=$?
    set -e
}

run registry/app:latest
check "a tag is refused" "$code" 2
check "and nothing is called" "$(cat "$work/calls")" ""

run "$bad"
check "a first version that does not answer fails" "$code" 1
check "and is not remembered" "$(cat "$work/state" 2>/dev/null || echo none)" none

run "$good"
check "a good version is deployed" "$code" 0
check "and remembered" "$(cat "$work/state")" "$good"
check "it is pulled before it is started" "$(head -1 "$work/calls")" "docker pull $good"

run "$bad"
check "a bad version fails" "$code" 1
check "the version before is up again" "$(cat "$work/up")" "$good"
check "and still remembered" "$(cat "$work/state")" "$good"

CANARY=1 run "$bad"
check "a bad canary fails" "$code" 1
check "it is taken away" "$(cat "$work/canary" 2>/dev/null || echo none)" none
check "nothing was replaced" "$(grep -c -- '--wait-timeout' "$work/calls" || true)" 0

CANARY=1 run "$good"
check "a good canary goes on" "$code" 0
check "and is taken away at the end" "$(cat "$work/canary" 2>/dev/null || echo none)" none

printf '%s passed, 0 failed\n' "$passed"
