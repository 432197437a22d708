#!/usr/bin/env bash
# Replaces the running version by another, and puts the old one back where the new one does not come up.
#
#   deploy/deploy.sh IMAGE@sha256:…        the app of compose.yaml
#   CANARY=1 deploy/deploy.sh IMAGE@…      a canary first, where nginx is in front (compose.security.yaml)
#
# Variables: COMPOSE (the command with its files), READY_URL, READY_SECONDS (120), CANARY_SECONDS (60), CANARY_URL, STATE
# (the file that remembers the digest that runs). Exit: 0 deployed, 1 the old version runs again, 2 wrong use.
set -euo pipefail

image=${1:-}
here=$(cd "$(dirname "$0")" && pwd)
compose=${COMPOSE:-docker compose -f $here/compose.yaml}
docker=${DOCKER:-docker}
ready_url=${READY_URL:-http://127.0.0.1:5001/readyz}
ready_seconds=${READY_SECONDS:-120}
canary=${CANARY:-}
canary_url=${CANARY_URL:-http://127.0.0.1:5002/readyz}
canary_seconds=${CANARY_SECONDS:-60}
state=${STATE:-$here/.deployed}

case $image in
*@sha256:????????????????????????????????????????????????????????????????) ;;
*)
    echo "deploy.sh: name the image by digest (IMAGE@sha256:…): a tag can mean something else tomorrow" >&2
    exit 2
    ;;
esac

say() { printf '%s %s\n' "$(date -u +%H:%M:%SZ)" "$*"; }

# Waits for an address to answer 200.
ready() {
    local url=$1 until=$((SECONDS + $2))
    while ((SECONDS < until)); do
        if curl --fail --silent --max-time 3 --output /dev/null "$url"; then return 0; fi
        sleep 1
    done
    return 1
}

# Starts an image as the app. Migrations only go forward and keep the version before working: the old one can come back.
up() { YTSUM_IMAGE=$1 $compose up --detach --no-build --wait-timeout "$ready_seconds" app; }

back() {
    say "$1"
    if [ -z "$previous" ]; then
        say "there is no version to go back to; look at: $compose logs app"
        exit 1
    fi
    say "back to $previous"
    up "$previous" || true
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
    # One replica of the new version beside the old ones; nginx sends it a tenth of the requests.
    say "canary: $canary_seconds s"
    YTSUM_IMAGE=$image $compose --profile canary up --detach --no-build --no-deps canary
    drop_canary() { $compose --profile canary rm --stop --force canary >/dev/null 2>&1 || true; }
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

up "$image" || back "the new version did not start"
ready "$ready_url" "$ready_seconds" || back "the new version did not answer within $ready_seconds s"
if [ -n "$canary" ]; then drop_canary; fi
printf '%s\n' "$image" >"$state"
say "$image answers"
