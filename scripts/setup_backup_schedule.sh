#!/bin/sh
# Has a backup taken every day at 2:00 AM: ./scripts/setup_backup_schedule.sh cron|systemd|manual [--print]
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec "$here/lib/holdfast.sh" procedure schedule "$@"
