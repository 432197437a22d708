#!/usr/bin/env bash
# deploy.sh against a stub of docker, compose and the app: what is called, in which order, and what happens when it fails.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
good=registry/app@sha256:$(printf 'a%.0s' {1..64})
bad=registry/app@sha256:$(printf 'b%.0s' {1..64})

# The stub notes calls, and remembers which image is up. Where nginx is in front ($WORK/apps is there) the app's containers are files in it,
# and each call notes how many of them answer.
cat >"$work/bin/docker" <<'STUB'
#!/usr/bin/env bash
answering() { cat "$WORK"/apps/* 2>/dev/null | grep -vc bbbb; }
echo "docker $*" >>"$WORK/calls"
if [ -d "$WORK/apps" ]; then
    case "$*" in
    *"config --services") printf '%s\n' postgres app reverse-proxy ;;
    *"ps --quiet app") ls "$WORK/apps" ;;
    *"up --detach --no-build --no-deps --no-recreate --scale app="*" app")
        wanted=${*: -2:1}
        while (($(ls "$WORK/apps" | wc -l) < ${wanted#app=})); do
            number=$(($(cat "$WORK/number" 2>/dev/null || echo 0) + 1))
            echo "$number" >"$WORK/number"
            echo "$YTSUM_IMAGE" >"$WORK/apps/$(printf 'container%d' "$number")"
        done
        ;;
    *"up --detach"*" app" | *"up --detach --no-build") for one in "$WORK"/apps/*; do echo "$YTSUM_IMAGE" >"$one"; done ;;
    "exec "*)
        if [ -n "${HALF_WAY:-}" ] && (($(grep -l dddd "$WORK"/apps/* | wc -l) > 1)) && grep -q dddd "$WORK/apps/$2"; then exit 1; fi
        grep -vq bbbb "$WORK/apps/$2" || exit 1
        ;;
    "stop "*) rm "$WORK/apps/${*: -1}" ;;
    esac
    answering >>"$WORK/answering"
fi
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
export WORK=$work PATH=$work/bin:$PATH STATE=$work/state READY_SECONDS=2 CANARY_SECONDS=2 NOTICE_SECONDS=0 COMPOSE="docker compose -f x"

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
    : >"$work/answering"
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

# Three replicas behind nginx.
mkdir "$work/apps"
for name in old1 old2 old3; do echo "$good" >"$work/apps/$name"; done
better=registry/app@sha256:$(printf 'c%.0s' {1..64})
fewest() { sort -n "$work/answering" | head -n 1; }
images() { cat "$work"/apps/* | sort | uniq -c | awk '{print $1, $2}'; }
run "$better"
check "three replicas are replaced" "$code" 0
check "all of them" "$(images)" "3 $better"
check "while never fewer than three answer" "$(fewest)" 3
check "and never more than four" "$(sort -n "$work/answering" | tail -n 1)" 4
check "each stops when one more is there" "$(grep -cE '^docker (stop|exec) ' "$work/calls")" 6
check "an old one first" "$(grep '^docker stop ' "$work/calls" | head -n 1)" "docker stop --time 30 old1"

run "$bad"
check "a bad version fails at the first" "$code" 1
check "the version before stays" "$(images)" "3 $better"
check "with nobody missing" "$(fewest)" 3
check "and nothing else stops" "$(grep -c '^docker stop ' "$work/calls")" 1

# A version whose second container does not come up.
HALF_WAY=1 run "registry/app@sha256:$(printf 'd%.0s' {1..64})"
check "a version that fails half way fails" "$code" 1
check "what was replaced is put back" "$(images)" "3 $better"
check "with nobody missing then either" "$(fewest)" 3
rm -r "$work/apps"

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
mkdir "$work/apps"
for name in old1 old2 old3; do echo "$good" >"$work/apps/$name"; done
there production "$better"
check "behind nginx they are replaced one by one there, too" "$code $(images)" "0 3 $better"
check "and then the rest without them" "$(up_of)" \
    "docker compose --env-file $folder/production.env --env-file $folder/.env up --detach --no-build --no-deps postgres reverse-proxy"
rm -r "$work/apps"
there production "$good"
there production "$bad"
check "a bad version fails there" "$code" 1
check "and the version before is up again" "$(cat "$work/up")" "$good"
check "secrets over there stay" "$(cat "$folder/secrets/login_code")" theirs
check "and settings, too" "$(cat "$folder/.env")" PUBLIC_URL=https://videos.example
there 'staging;id' "$good"
check "nothing that a shell would take for a command goes there" "$code" 2

printf '%s passed, 0 failed\n' "$passed"
