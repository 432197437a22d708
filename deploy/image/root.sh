#!/bin/sh
# Lays out the root folder of the image: `root.sh PROGRAM FOLDER`. Runs in the build stage, where a shell is.
set -eu
program=$1
image=$2

mkdir -p "$image/usr/bin" "$image/etc/ssl/certs" "$image/tmp" "$image/app/data" "$image/backups"
install -m 0755 "$program" "$image/usr/bin/youtube-summarizer"
# The loader and the libraries, where the program looks for them; links are followed.
ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
    install -D -m 0755 "$(readlink -f "$library")" "$image$library"
done
# Names are resolved by these two, which are loaded by name and so unknown to ldd.
for name in libnss_dns.so.2 libnss_files.so.2 libresolv.so.2; do
    library=$(ldconfig -p | grep -m 1 -o "/[^ ]*/$name" || true)
    if [ -n "$library" ]; then install -D -m 0755 "$(readlink -f "$library")" "$image$library"; fi
done
install -m 0644 /etc/ssl/certs/ca-certificates.crt "$image/etc/ssl/certs/"
printf 'root:x:0:0:root:/root:/sbin/nologin\napp:x:65532:65532:app:/app:/sbin/nologin\n' >"$image/etc/passwd"
printf 'root:x:0:\napp:x:65532:\n' >"$image/etc/group"
printf 'hosts: files dns\n' >"$image/etc/nsswitch.conf"
chown -R 65532:65532 "$image/app" "$image/backups"
chmod 1777 "$image/tmp"
