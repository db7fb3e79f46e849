#!/bin/bash
# Starts PostgreSQL the way the official image does, as far as anything outside the container can tell: the same
# variables, the same rights, the same order. For images built from a distribution's packages (see ../images.mjs).
set -euo pipefail

# `docker run image -c fsync=off` and `docker run image` both mean the server; anything else is run as it is.
if [ $# -eq 0 ] || [ "${1#-}" != "$1" ]; then set -- postgres "$@"; fi
if [ "$1" != postgres ]; then exec "$@"; fi

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chown -R postgres "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA"
  chmod 3777 /var/run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
fi

# NAME_FILE names a file that holds NAME, for secrets that must not show in `docker inspect`.
from_file() {
  local file_variable=$1_FILE
  if [ -n "${!file_variable:-}" ]; then
    export "$1=$(<"${!file_variable}")"
    unset "$file_variable"
  fi
}

initialise() {
  from_file POSTGRES_USER
  from_file POSTGRES_PASSWORD
  from_file POSTGRES_DB
  local user=${POSTGRES_USER:-postgres}
  local database=${POSTGRES_DB:-$user}
  if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
    echo 'Set POSTGRES_PASSWORD, or POSTGRES_HOST_AUTH_METHOD=trust to accept everybody.' >&2
    exit 1
  fi
  # Word splitting is what POSTGRES_INITDB_ARGS is for.
  # shellcheck disable=SC2206
  local init=(initdb --username="$user" --auth-local=trust --auth-host=trust ${POSTGRES_INITDB_ARGS:-})
  if [ -n "${POSTGRES_PASSWORD:-}" ]; then
    "${init[@]}" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") > /dev/null
  else
    "${init[@]}" > /dev/null
  fi
  # A server that stores md5 hashes cannot answer scram.
  local method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption)}
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"

  # Without a network address, so that nothing outside takes the half-made server for the finished one.
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start > /dev/null
  local run=(psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$user")
  if [ "$database" != postgres ]; then
    "${run[@]}" --dbname postgres --quiet --set name="$database" <<< 'CREATE DATABASE :"name";'
  fi
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) . "$file" ;;
      *.sql) "${run[@]}" --dbname "$database" --file "$file" ;;
      *.sql.gz) gunzip -c "$file" | "${run[@]}" --dbname "$database" ;;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w stop > /dev/null
  echo 'PostgreSQL init process complete; ready for start up.'
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then initialise; fi
exec "$@"
