#!/bin/sh
# Restores a backup as the procedures do: ./scripts/restore_postgres.sh <backup_file>
# Shows what is there, asks for "yes", restores beside the live database, compares, swaps (docs/procedures.md).
set -eu
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/lib/holdfast.sh" procedure restore "$@"
