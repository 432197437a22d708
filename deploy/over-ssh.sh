#!/usr/bin/env bash
# Runs deploy.sh on another machine: `over-ssh.sh USER@HOST IMAGE@sha256:…`. KEY and KNOWN_HOSTS hold the private key and the host's
# public ones; without KEY the machine's own ssh settings are used. The folder there is DEPLOY_FOLDER (youtube-summarizer).
set -euo pipefail
host=${1:?USER@HOST}
image=${2:?IMAGE@sha256:…}
folder=${DEPLOY_FOLDER:-youtube-summarizer}
case $image in
*[!A-Za-z0-9./:@_-]*)
    echo "over-ssh.sh: $image is no image" >&2
    exit 2
    ;;
esac
options=(-o BatchMode=yes -o StrictHostKeyChecking=yes)
if [ -n "${KEY:-}" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    (umask 077 && printf '%s\n' "$KEY" >"$work/key" && printf '%s\n' "${KNOWN_HOSTS:?}" >"$work/known_hosts")
    options+=(-i "$work/key" -o IdentitiesOnly=yes -o "UserKnownHostsFile=$work/known_hosts")
fi
exec 3< <(tar -cz -C "$(dirname "$0")" --exclude secrets .)
ssh "${options[@]}" "$host" "mkdir -p $folder && tar -xz -C $folder && cd $folder && ./deploy.sh $image" <&3
