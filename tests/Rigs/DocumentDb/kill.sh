#!/usr/bin/env bash
# kill.sh CHROOT DATA: kills the database server on DATA and all that it started, at once.
set -euo pipefail
server=$(head -n 1 "$1/rig/$2/postmaster.pid")
# Stopped first, so that it starts nothing while its children go.
kill -STOP "$server"
pkill -KILL -P "$server" || true
kill -KILL "$server"
