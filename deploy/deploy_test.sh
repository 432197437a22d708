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
*kill*) ;;
*"rm --stop"*) rm -f "$WORK/canary" ;;
*canary*) echo "$YTSUM_IMAGE" >"$WORK/canary" ;;
*" up "*) echo "$YTSUM_IMAGE" >"$WORK/up" ;;
esac
STUB
# An app that answers unless its image is the bad one.
cat >"$work/bin/curl" <<'STUB'
#!/usr/bin/env bash
echo "curl $*" >>"$WORK/asked"
case "${*: -1}" in *5002*) which=canary ;; *) which=up ;; esac
image=$(cat "$WORK/$which" 2>/dev/null) || exit 7
case "$image" in *bbbb*) exit 22 ;; esac
STUB
# The other machine is a folder of this one.
cat >"$work/bin/ssh" <<'STUB'
#!/usr/bin/env bash
cd "$WORK/there" && exec bash -c "${*: -1}"
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
check "nothing was replaced" "$(grep -c ' up .* app$' "$work/calls" || true)" 0

CANARY=1 run "$good"
check "a good canary goes on" "$code" 0
check "and is taken away at the end" "$(cat "$work/canary" 2>/dev/null || echo none)" none

ENVIRONMENT=staging run "$good"
check "COMPOSE and ENVIRONMENT together are refused" "$code" 2

# On another machine, which has its own secrets and settings.
unset COMPOSE STATE
mkdir -p "$work/there/app/secrets"
echo theirs >"$work/there/app/secrets/login_code"
there() { # ENVIRONMENT IMAGE
    : >"$work/calls"
    : >"$work/asked"
    set +e
    ENVIRONMENT=$1 DEPLOY_FOLDER=app "$here/over-ssh.sh" user@host "$2" >"$work/output" 2>&1
    code=$?
    set -e
}
up_of() { grep ' up ' "$work/calls" | tail -n 1; }

there nowhere "$good"
check "an environment without a file is refused" "$code" 2
there production "$good"
check "production without an address of its own is refused" "$code" 2
check "and nothing is called" "$(cat "$work/calls")" ""

echo PUBLIC_URL=https://videos.example >"$work/there/app/.env"
there production "$good"
check "production is deployed" "$code" 0
folder=$work/there/app
check "with its settings and the machine's own, all its services" "$(up_of)" \
    "docker compose --env-file $folder/production.env --env-file $folder/.env up --detach --no-build"
check "it is asked the way that visitors come" "$(grep -c -- '--connect-to ::127.0.0.1: https://videos.example/readyz$' "$work/asked")" 1
check "nginx reads its configuration anew" "$(tail -n 1 "$work/calls")" \
    "docker compose --env-file $folder/production.env --env-file $folder/.env kill --signal HUP reverse-proxy"
there production "$bad"
check "a bad version fails there" "$code" 1
check "and the version before is up again" "$(cat "$work/up")" "$good"
check "secrets over there stay" "$(cat "$folder/secrets/login_code")" theirs
check "and settings, too" "$(cat "$folder/.env")" PUBLIC_URL=https://videos.example
there 'staging;id' "$good"
check "nothing that a shell would take for a command goes there" "$code" 2

printf '%s passed, 0 failed\n' "$passed"
