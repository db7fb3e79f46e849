#!/bin/sh
# Takes a backup as the procedures do: ./scripts/backup_postgres.sh [directory]
# The work is done by `holdfast` (docs/procedures.md). Variables: those of config/backup_config.sh.
set -eu
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/lib/holdfast.sh" procedure backup "$@"
