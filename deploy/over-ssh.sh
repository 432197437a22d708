#!/usr/bin/env bash
# Runs deploy.sh on another machine: `over-ssh.sh USER@HOST IMAGE@sha256:…`. KEY and KNOWN_HOSTS hold the private key and the host's
# public ones; without KEY the machine's own ssh settings are used. The folder there is DEPLOY_FOLDER (youtube-summarizer); its secrets and
# its .env stay as they are. ENVIRONMENT (staging, production) is handed on.
set -euo pipefail
host=${1:?USER@HOST}
image=${2:?IMAGE@sha256:…}
folder=${DEPLOY_FOLDER:-youtube-summarizer}
environment=${ENVIRONMENT:-}
# They become words of a shell over there.
for word in "$image" "$folder" "$environment"; do
    case $word in
    *[!A-Za-z0-9./:@_-]*)
        echo "over-ssh.sh: a character of $word is not allowed here" >&2
        exit 2
        ;;
    esac
done
options=(-o BatchMode=yes -o StrictHostKeyChecking=yes)
if [ -n "${KEY:-}" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    (umask 077 && printf '%s\n' "$KEY" >"$work/key" && printf '%s\n' "${KNOWN_HOSTS:?}" >"$work/known_hosts")
    options+=(-i "$work/key" -o IdentitiesOnly=yes -o "UserKnownHostsFile=$work/known_hosts")
fi
exec 3< <(tar -cz -C "$(dirname "$0")" --exclude ./secrets --exclude ./.env --exclude ./.deployed --exclude ./tests .)
ssh "${options[@]}" "$host" "mkdir -p $folder && tar -xz -C $folder && cd $folder && ENVIRONMENT=$environment ./deploy.sh $image" <&3
