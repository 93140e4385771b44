#!/usr/bin/env bash
# postgres.sh CHROOT DATA PORT [keep]: runs the server until it is told to stop or its parent is gone.
# DATA lives in the chroot's /rig; it is made where it is missing, and goes at the end unless it is to be kept.
set -euo pipefail
parent=$PPID
[[ -e $1/rig/$2 ]] || cp -a "$1/rig/template" "$1/rig/$2"
rm -f "$1/rig/$2/postmaster.pid"
chroot "$1" setpriv --reuid postgres --regid postgres --clear-groups env -i LC_ALL=C PATH=/usr/lib/postgresql/18/bin:/usr/bin:/bin \
    postgres -D "/rig/$2" -p "$3" -c cron.log_statement=off -c log_min_messages=fatal -c full_page_writes=on >&2 &
server=$!
# In order, and where a query does not let it, at once.
stop() {
    kill -INT $server 2>/dev/null || return 0
    timeout 10 tail --pid=$server -f /dev/null && return 0
    pkill -KILL -P $server || true
    kill -KILL $server 2>/dev/null || true
}
trap 'stop' TERM INT
# The front that started it may be killed: nothing of it stays behind.
(tail --pid="$parent" -f /dev/null; stop) &
watch=$!
wait $server || true
wait $server 2>/dev/null || true
kill $watch 2>/dev/null || true
[[ ${4:-} == keep ]] || rm -rf "$1/rig/$2"
