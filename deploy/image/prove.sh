#!/usr/bin/env bash
# Builds the Dockerfile without a Docker engine, and looks at what came out. As root on Debian:
#
#   apt-get install buildah curl debootstrap postgresql
#   deploy/image/prove.sh                  builds (a release build: minutes), then checks
#   deploy/image/prove.sh --check FOLDER   checks a root folder that is there already
#
# The builder is a Debian made by debootstrap with this machine's Rust in it, so that no registry of images is needed. The image is then
# checked as its user in a chroot whose files it can't change: size, no shell, no set-user-id, the version, a server that starts on a
# Postgres, is healthy, summarises a transcript, serves its page and what the page loads, and stops.
#
# Variables: WORK (a folder that is kept, 10 GB), DATABASE_URL (a Postgres to try it on), PORT (5291), MOST_MIB (60).
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
work=${WORK:-$(mktemp -d /var/tmp/ytsum-image-XXXXXX)}
most_bytes=$((${MOST_MIB:-60} * 1024 * 1024))
user=65532
cleanup=()
trap 'for step in "${cleanup[@]}"; do eval "$step" || true; done' EXIT

say() { printf '== %s\n' "$*"; }
passed=0
check() { # WHAT COMMAND…
    local what=$1
    shift
    if ! "$@"; then
        echo "FAILED $what" >&2
        exit 1
    fi
    passed=$((passed + 1))
    echo "ok $what"
}

# Its caches, too, are in the folder.
buildah() { TMPDIR=$work/tmp command buildah --storage-driver vfs --root "$work/storage" --runroot "$work/run" "$@"; }

builder() {
    say "a Debian with this machine's Rust"
    local release mirror rustup cargo
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Suite: stable|oldstable' 2>/dev/null | head -1)
    mirror=${mirror:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -1)}
    debootstrap --variant=minbase --include=ca-certificates,gcc,libc6-dev "$release" "$work/builder" "$mirror" >"$work/debootstrap.log"
    rustup=${RUSTUP_HOME:-$HOME/.rustup}
    cargo=${CARGO_HOME:-$HOME/.cargo}
    local toolchain
    toolchain=$(rustup show active-toolchain | cut -d' ' -f1)
    mkdir -p "$work/builder/usr/local/rustup/toolchains" "$work/builder/usr/local/cargo"
    cp -a "$rustup/toolchains/$toolchain" "$work/builder/usr/local/rustup/toolchains/"
    rm -rf "$work/builder/usr/local/rustup/toolchains/$toolchain/share/doc"
    cp -a "$rustup/settings.toml" "$work/builder/usr/local/rustup/"
    cp -aL "$cargo/bin" "$work/builder/usr/local/cargo/"
    # Where this machine gets its crates from.
    for file in config config.toml; do
        if [ -f "$cargo/$file" ]; then cp "$cargo/$file" "$work/builder/usr/local/cargo/"; fi
    done
    # The certificates that this machine trusts.
    cp -L /etc/ssl/certs/ca-certificates.crt "$work/builder/etc/ssl/certs/ca-certificates.crt"
    printf 'FROM scratch\nCOPY . /\nENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo RUSTUP_TOOLCHAIN=%s PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n' \
        "$toolchain" >"$work/Builder"
    buildah bud --isolation chroot --tag localhost/builder --file "$work/Builder" "$work/builder"
    rm -rf "$work/builder"
}

build() {
    say "the Dockerfile"
    commit=$(git -C "$here" rev-parse HEAD)
    local begun=$SECONDS
    # The other format, OCI's, knows no HEALTHCHECK.
    buildah bud --isolation chroot --format docker --build-arg RUST_IMAGE=localhost/builder \
        --build-arg YTSUM_COMMIT="$commit" --tag localhost/youtube-summarizer "$here"
    say "$(((SECONDS - begun) / 60)) minutes"
    local container
    container=$(buildah from --pull-never localhost/youtube-summarizer)
    buildah inspect --type image localhost/youtube-summarizer >"$work/image.json"
    check "it is run as user $user" grep -q "\"User\": \"$user:$user\"" "$work/image.json"
    check "it has a health check" grep -qi '"healthcheck"' "$work/image.json"
    # In nanoseconds: 30 s, 10 s, 60 s.
    for setting in '"Interval": 30000000000' '"Timeout": 10000000000' '"StartPeriod": 60000000000' '"Retries": 3'; do
        check "its health check has $setting" grep -q "$setting" "$work/image.json"
    done
    rm -rf "$work/image"
    cp -a "$(buildah mount "$container")" "$work/image"
    buildah rm "$container" >/dev/null
}

# The program as the image runs it: its user, its root folder, nothing of this machine's settings. SITE_ROOT is for a program that does not
# hold its site.
set_inside() {
    inside=(env -i PATH=/usr/bin DATA_DIR=/app/data BIND_ADDRESS=127.0.0.1 "PORT=$port" "DATABASE_URL=${database:-}" LOG_FORMAT=json
        ${SITE_ROOT:+"LEPTOS_SITE_ROOT=$SITE_ROOT"}
        "$(command -v chroot)" "--userspec=$user:$user" "$root" /usr/bin/youtube-summarizer)
}
fails() { ! "$@" 2>/dev/null; }
says() { # WHAT COMMAND…: the output has it
    local what=$1
    shift
    grep -qF -- "$what" <<<"$("$@")"
}
get() { curl --fail --silent --show-error --max-time 20 "http://127.0.0.1:$port$1" "${@:2}"; }

# A transcript becomes a summary, sentences of it, whose page and what that loads are there.
check_summary() {
    local answer id run
    answer=$(curl --fail --silent --show-error -F model=extractive -F "files=@$here/public/sample/tides.vtt" "http://127.0.0.1:$port/api/v1/runs")
    id=$(grep -o '"id":"[^"]*"' <<<"$answer" | head -1 | cut -d'"' -f4)
    for _ in $(seq 1 100); do
        run=$(get "/api/v1/runs/$id")
        case $run in *'"state":"done"'*) break ;; esac
        sleep 0.2
    done
    check "a transcript is summarised" grep -q '"state":"done"' <<<"$run"
    check "the summary has claims about the tides" says tide get "/api/v1/summaries/$id"
    get "/summaries/$id" >"$work/page.html"
    check "its page is rendered" grep -q '</html>' "$work/page.html"
    local file headers
    for kind in css js wasm; do
        file=$(grep -o "/pkg/youtube-summarizer\.[0-9a-f]*\.$kind" "$work/page.html" | head -1)
        headers=$(get "$file" --header 'Accept-Encoding: br' --output "$work/loaded.$kind" --dump-header -)
        check "it loads $file, $(stat -c %s "$work/loaded.$kind") bytes in brotli" grep -qi '^content-encoding: br' <<<"$headers"
    done
}

check_root() {
    root=$(cd "$1" && pwd)
    port=${PORT:-5291}
    local bytes shells writable
    bytes=$(du -sb "$root" | cut -f1)
    say "$root: $((bytes / 1024 / 1024)) MiB"
    check "it has at most 60 MiB" test "$bytes" -le "$most_bytes"
    shells=$(find "$root" -type f \( -name sh -o -name '*sh' -path '*bin*' -o -name busybox -o -name apt -o -name dpkg -o -name perl -o -name 'python*' \))
    check "there is no shell and no package manager in it" test -z "$shells"
    check "nothing in it changes its user" test -z "$(find "$root" -type f -perm /6000)"
    writable=$(find "$root" \( -uid "$user" -o -perm -o+w ! -type l \) ! -path "$root/app*" ! -path "$root/backups*" ! -path "$root/tmp*")
    check "its user can write nothing but its data" test -z "$writable"

    # A read-only look: the program and libraries can't be changed even by root; data and /tmp are folders of their own.
    local view
    view=$(mktemp -d "$work/view-XXXXXX")
    mount --bind "$root" "$view"
    cleanup=("umount '$view'" "${cleanup[@]}")
    mount -o remount,bind,ro "$view"
    for folder in app/data backups tmp; do
        mount -t tmpfs -o "uid=$user,gid=$user,mode=0700" tmpfs "$view/$folder"
        cleanup=("umount '$view/$folder'" "${cleanup[@]}")
    done
    root=$view
    set_inside
    local version
    version=$("${inside[@]}" --version)
    say "$version"
    check "the program runs as user $user and knows its version" grep -qE '^youtube-summarizer [0-9]+\.[0-9]+\.[0-9]+' <<<"$version"
    if [ -n "${commit:-}" ]; then check "and its commit" grep -qF "($commit)" <<<"$version"; fi
    check "without a server the health check says no" fails "${inside[@]}" healthcheck

    database=${DATABASE_URL:?a Postgres to try it on: DATABASE_URL}
    local log=$work/serve.log name=ytsum_image_$$
    psql -q "$DATABASE_URL" -c "create database $name"
    cleanup=("psql -q '$DATABASE_URL' -c 'drop database $name with (force)'" "${cleanup[@]}")
    database=${DATABASE_URL%/*}/$name
    set_inside
    "${inside[@]}" serve 2>"$log" &
    local server=$!
    cleanup=("kill $server 2>/dev/null" "${cleanup[@]}")
    for _ in $(seq 1 100); do
        if "${inside[@]}" healthcheck 2>/dev/null; then break; fi
        sleep 0.2
    done
    check "the server is healthy, as the image's HEALTHCHECK asks" "${inside[@]}" healthcheck
    check_summary
    kill -TERM "$server"
    check "it stops at SIGTERM with success" wait "$server"
    printf '%s passed, 0 failed\n' "$passed"
}

mkdir -p "$work/tmp"
if [ "${1:-}" = --check ]; then
    check_root "${2:?FOLDER}"
else
    # In a folder that is kept it may be there from the last time.
    buildah inspect localhost/builder >/dev/null 2>&1 || builder
    build
    check_root "$work/image"
fi
