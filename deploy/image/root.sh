#!/bin/sh
# Lays out the root folder of the image: `root.sh PROGRAM FOLDER`. Runs in the build stage, where a shell is.
set -eu
program=$1
image=$2

# The libraries that the program is linked with, the loader among them; and two that resolve names, which are loaded by name and so unknown
# to ldd.
libraries() {
    ldd "$program" | grep -o '/[^ ]*'
    for name in libnss_dns.so.2 libnss_files.so.2 libresolv.so.2; do
        ldconfig -p | grep -m 1 -o "/[^ ]*/$name" || true
    done
}
# The Debian package of a file. Merging /bin and /lib into /usr moved files away from where packages say they are.
package() {
    for path in "$1" "${1#/usr}" "/usr$1"; do
        if dpkg -S "$path" 2>/dev/null; then return 0; fi
    done | sed -n '1s/:.*//p'
}

mkdir -p "$image/usr/bin" "$image/etc/ssl/certs" "$image/tmp" "$image/app/data" "$image/app/logs" "$image/backups"
install -m 0755 "$program" "$image/usr/bin/youtube-summarizer"
# Where the program looks for them; links are followed.
libraries | while read -r library; do
    install -D -m 0755 "$(readlink -f "$library")" "$image$library"
done
install -m 0644 /etc/ssl/certs/ca-certificates.crt "$image/etc/ssl/certs/"
printf 'root:x:0:0:root:/root:/sbin/nologin\napp:x:65532:65532:app:/app:/sbin/nologin\n' >"$image/etc/passwd"
printf 'root:x:0:\napp:x:65532:\n' >"$image/etc/group"
printf 'hosts: files dns\n' >"$image/etc/nsswitch.conf"

# Which packages of which Debian these are, where scanners for vulnerabilities look. Without it an image has none to find.
mkdir -p "$image/var/lib/dpkg/status.d"
install -m 0644 "$(readlink -f /etc/os-release)" "$image/etc/os-release"
{
    libraries | while read -r library; do package "$(readlink -f "$library")"; done
    echo ca-certificates
} | sort -u | while read -r package; do
    dpkg -s "$package" >"$image/var/lib/dpkg/status.d/$package"
done

chown -R 65532:65532 "$image/app" "$image/backups"
chmod 1777 "$image/tmp"
