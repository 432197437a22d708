#!/usr/bin/env bash
# Replaces the running version by another, and puts the old one back where the new one does not come up.
#
#   deploy/deploy.sh IMAGE@sha256:…                          the app of compose.yaml
#   ENVIRONMENT=production deploy/deploy.sh IMAGE@sha256:…   all that production.env names; or staging
#   CANARY=1 … deploy/deploy.sh IMAGE@sha256:…               a canary first, where nginx is in front (compose.security.yaml)
#
# Where nginx is in front, the app's containers are replaced one by one, each new one being there before an old one goes: Compose itself
# would replace all of them at once. Without nginx there is one container, whose port is closed for some seconds.
#
# Variables: COMPOSE (the command with its files, instead of ENVIRONMENT), READY_URL, READY_SECONDS (600: the first start of a new version may build indexes), CANARY_SECONDS (60), CANARY_URL,
# NOTICE_SECONDS (6: how long nginx takes to learn of a container), STATE (the file that remembers the digest that runs).
# Exit: 0 deployed, 1 the old version runs again, 2 wrong use.
set -euo pipefail

image=${1:-}
here=$(cd "$(dirname "$0")" && pwd)
docker=${DOCKER:-docker}
ready_seconds=${READY_SECONDS:-600}
canary=${CANARY:-}
canary_url=${CANARY_URL:-http://127.0.0.1:5002/readyz}
canary_seconds=${CANARY_SECONDS:-60}
notice_seconds=${NOTICE_SECONDS:-6}
state=${STATE:-$here/.deployed}

wrong() {
    echo "deploy.sh: $1" >&2
    exit 2
}
say() { printf '%s %s\n' "$(date -u +%H:%M:%SZ)" "$*"; }

case $image in
*@sha256:????????????????????????????????????????????????????????????????) ;;
*) wrong "name the image by digest (IMAGE@sha256:…): a tag can mean something else tomorrow" ;;
esac

# What is replaced (all of an environment's services, else the app), and the files that say how.
services=(app)
settings=()
compose=${COMPOSE:-docker compose -f $here/compose.yaml}
if [ -n "${ENVIRONMENT:-}" ]; then
    if [ -n "${COMPOSE:-}" ]; then wrong "COMPOSE and ENVIRONMENT exclude each other"; fi
    settings=("$here/$ENVIRONMENT.env")
    case $ENVIRONMENT in */* | .*) wrong "ENVIRONMENT is a name" ;; esac
    if [ ! -f "${settings[0]}" ]; then wrong "there is no ${settings[0]}: ENVIRONMENT is staging or production"; fi
    if [ -f "$here/.env" ]; then settings+=("$here/.env"); fi
    # COMPOSE_FILE names files of this folder.
    cd "$here"
    compose="docker compose$(printf ' --env-file %s' "${settings[@]}")"
    services=()
fi
setting() { cat /dev/null "${settings[@]}" | sed -n "s/^$1=//p" | tail -n 1; }

# Where nginx is in front, nothing else listens: we go its way, by the name that its certificate is for.
reach=()
ready_url=${READY_URL:-}
if [ -z "$ready_url" ]; then
    case $(setting COMPOSE_FILE) in
    *compose.security.yaml*)
        public=$(setting PUBLIC_URL)
        if [ -z "$public" ]; then wrong "PUBLIC_URL has to stand in $here/.env"; fi
        ready_url=${public%/}/readyz
        reach=(--connect-to "::127.0.0.1:")
        ;;
    *) ready_url=http://127.0.0.1:5001/readyz ;;
    esac
fi

# Waits for an address to answer 200.
ready() {
    local url=$1 until=$((SECONDS + $2))
    while ((SECONDS < until)); do
        if curl --fail --silent --max-time 3 --output /dev/null "${reach[@]}" "$url"; then return 0; fi
        sleep 1
    done
    return 1
}

# Starts an image as the app. Migrations only go forward and keep the version before working: old and new ones can run side by side, and
# the old one can come back.
up() {
    local running
    running=$(replaceable)
    if [ -z "$running" ]; then
        YTSUM_IMAGE=$1 $compose up --detach --no-build "${services[@]}"
        return
    fi
    roll "$1" "$running" || return 1
    # What else belongs to an environment, last.
    if [ "${#services[@]}" -eq 0 ]; then
        mapfile -t others < <($compose config --services | grep --invert-match --line-regexp app)
        YTSUM_IMAGE=$1 $compose up --detach --no-build --no-deps "${others[@]}"
    fi
}

# The app's containers that run, where nginx is in front of them: two of them could not have one port of this machine.
replaceable() {
    if $compose config --services | grep --quiet --line-regexp reverse-proxy; then $compose ps --quiet app | sort; fi
}

# For each of these containers: one more with the image, and when it answers and nginx knows of it, this one less.
roll() {
    local image=$1 one there new
    for one in $2; do
        there=$(replaceable)
        YTSUM_IMAGE=$image $compose up --detach --no-build --no-deps --no-recreate --scale "app=$(($(wc -l <<<"$there") + 1))" app || true
        new=$(since "$there")
        if [ -z "$new" ] || ! well "$new"; then
            remove "$new"
            return 1
        fi
        sleep "$notice_seconds"
        remove "$one"
        say "$(cut -c -12 <<<"$one") is replaced by $(cut -c -12 <<<"$new")"
    done
}

# The containers that were not there then.
since() { comm -13 <(printf '%s\n' "$1") <(replaceable); }

# Waits for a container's app to answer.
well() {
    local until=$((SECONDS + ready_seconds))
    until $docker exec "$1" /usr/bin/youtube-summarizer healthcheck >/dev/null 2>&1; do
        if ((SECONDS >= until)); then return 1; fi
        sleep 1
    done
}

# It says goodbye first, which takes SHUTDOWN_DELAY, and what is open its time.
remove() {
    if [ -n "$1" ]; then
        $docker stop --time 30 "$1" >/dev/null || true
        $docker rm --force "$1" >/dev/null || true
    fi
}

back() {
    local changed
    say "$1"
    if [ -n "$before" ]; then
        changed=$(since "$before")
        if [ -z "$changed" ]; then
            say "nothing was replaced"
            exit 1
        fi
    fi
    if [ -z "$previous" ]; then
        say "there is no version to go back to; look at: $compose logs app"
        exit 1
    fi
    say "back to $previous"
    if [ -n "$before" ]; then roll "$previous" "$changed" || true; else up "$previous" || true; fi
    if ready "$ready_url" "$ready_seconds"; then
        say "$previous answers again"
    else
        say "$previous does not answer either; look at: $compose logs app"
    fi
    exit 1
}

previous=$(cat "$state" 2>/dev/null || true)
say "deploying $image${previous:+ over $previous}"
$docker pull "$image"

if [ -n "$canary" ]; then
    # One replica of the new version beside the old ones; nginx sends it its share of the requests.
    say "canary: $canary_seconds s"
    YTSUM_IMAGE=$image $compose --profile canary up --detach --no-build --no-deps canary
    drop_canary() { YTSUM_IMAGE=$image $compose --profile canary rm --stop --force canary >/dev/null 2>&1 || true; }
    if ! ready "$canary_url" "$ready_seconds"; then
        drop_canary
        say "the canary did not come up; nothing was replaced"
        exit 1
    fi
    until=$((SECONDS + canary_seconds))
    while ((SECONDS < until)); do
        sleep 1
        if ! ready "$canary_url" 5; then
            drop_canary
            say "the canary stopped answering; nothing was replaced"
            exit 1
        fi
    done
fi

before=$(replaceable)
up "$image" || back "the new version did not start"
ready "$ready_url" "$ready_seconds" || back "the new version did not answer within $ready_seconds s"
if [ -n "$canary" ]; then drop_canary; fi
printf '%s\n' "$image" >"$state"
# Its configuration may have come along with this version; it takes a new one without losing a request.
case $(setting COMPOSE_FILE) in *compose.security.yaml*) $compose kill --signal HUP reverse-proxy ;; esac
say "$image answers"
