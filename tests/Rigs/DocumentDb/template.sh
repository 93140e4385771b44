#!/usr/bin/env bash
# template.sh CHROOT: a data directory with the extensions in it, which each start copies; made where there is none by these settings.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
made=$1/rig/template/made-by
[[ ! -e $made ]] || ! cmp -s "$made" <(cat "$here/template.sh" "$here/postgresql.conf") || exit 0
install -d -o "$(awk -F: '/^postgres:/{print $3}' "$1/etc/passwd")" "$1/rig"
rm -rf "$1"/rig/template{,.new}
as_postgres() { chroot "$1" setpriv --reuid postgres --regid postgres --clear-groups env -i LC_ALL=C PATH=/usr/lib/postgresql/18/bin:/usr/bin:/bin "${@:2}"; }
as_postgres "$1" initdb -D /rig/template.new -U postgres -A trust --no-sync -E UTF8 --locale=C
cat "$here/postgresql.conf" >>"$1/rig/template.new/postgresql.conf"
# On a socket inside the chroot: no port is taken, and only for this step.
as_postgres "$1" pg_ctl -w -D /rig/template.new -o "-c listen_addresses='' -c unix_socket_directories=/rig" start
as_postgres "$1" psql -v ON_ERROR_STOP=1 -h /rig -U postgres -c 'CREATE EXTENSION documentdb CASCADE' -c 'CREATE EXTENSION documentdb_extended_rum CASCADE'
as_postgres "$1" pg_ctl -w -D /rig/template.new -m fast stop
cat "$here/template.sh" "$here/postgresql.conf" >"$1/rig/template.new/made-by"
mv "$1/rig/template.new" "$1/rig/template"
