#!/usr/bin/env bash
# template.sh CHROOT: a data directory with the extension in it, which each start copies.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
install -d -o "$(awk -F: '/^postgres:/{print $3}' "$1/etc/passwd")" "$1/rig"
as_postgres() { chroot "$1" setpriv --reuid postgres --regid postgres --clear-groups env -i LC_ALL=C PATH=/usr/lib/postgresql/18/bin:/usr/bin:/bin "${@:2}"; }
as_postgres "$1" initdb -D /rig/template -U postgres -A trust --no-sync -E UTF8 --locale=C
cat "$here/postgresql.conf" >>"$1/rig/template/postgresql.conf"
# On a socket inside the chroot: no port is taken, and only for this step.
as_postgres "$1" pg_ctl -w -D /rig/template -o "-c listen_addresses='' -c unix_socket_directories=/rig" start
as_postgres "$1" psql -h /rig -U postgres -c 'CREATE EXTENSION documentdb CASCADE'
as_postgres "$1" pg_ctl -w -D /rig/template -m fast stop
