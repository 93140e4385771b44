#!/usr/bin/env bash
# chroot.sh: makes the chroot in which DocumentDB runs, unless it is there, and prints where it is. Takes a minute or two the first time.
# Exit 3: it cannot be had here; the reason is on standard error.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/errorpipeline
place=$cache/documentdb-18
mkdir -p "$cache"
exec 9>"$cache/documentdb.lock"
flock 9
: >"$cache/documentdb.log"
cannot() { tail -n 5 "$cache/documentdb.log" >&2; rm -rf "$place.new"; exit 3; }
if [[ ! -e $place/ready ]]; then
    [[ $(id -u) == 0 ]] || { echo "a chroot needs root" >&2; exit 3; }
    command -v debootstrap >/dev/null || { echo "debootstrap is not installed (apt-get install debootstrap)" >&2; exit 3; }
    rm -rf "$place" "$place.new"
    debootstrap --variant=minbase --include=postgresql-18-documentdb sid "$place.new" >"$cache/documentdb.log" 2>&1 || cannot
    rm -rf "$place.new"/var/cache/apt/archives/*.deb "$place.new"/usr/share/{doc,man,locale}
    touch "$place.new/ready"
    mv "$place.new" "$place"
fi
"$here/template.sh" "$place" >>"$cache/documentdb.log" 2>&1 || cannot
# What tests left behind that were killed.
find "$place/rig" -mindepth 1 -maxdepth 1 -name 'data-*' -mmin +600 -exec rm -rf {} +
echo "$place"
