#!/bin/sh
# Has a backup taken every day at 2:00 AM: ./scripts/setup_backup_schedule.sh cron|systemd|manual [--print]
set -eu
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/lib/holdfast.sh" procedure schedule "$@"
