/**
 * Shell text that runs inside containers. All of it is constant: names and options come in as arguments or environment.
 * It keeps to what dash and busybox sh know.
 */

/**
 * Clears every libpq setting that was not set on purpose (PostgreSQL manual, "Environment Variables"), so that a container
 * whose environment points at another server cannot send a dump there; then becomes the command it was given.
 * PGSERVICE has to be absent, not empty: libpq looks an empty name up.
 */
export const launcher = `
unset PGHOSTADDR PGSERVICE PGSERVICEFILE PGSYSCONFDIR PGPASSFILE PGPASSWORD PGOPTIONS PGTARGETSESSIONATTRS PGLOADBALANCEHOSTS
unset PGSSLMODE PGREQUIRESSL PGSSLNEGOTIATION PGSSLCERT PGSSLKEY PGSSLROOTCERT PGSSLCRL PGGSSENCMODE PGREQUIREPEER PGREQUIREAUTH
unset PGCHANNELBINDING PGDATESTYLE PGTZ PGGEQO PSQLRC PSQL_HISTORY PSQL_PAGER
if [ "$HOLDFAST_PASSWORD" = container ]; then
  if [ -n "$POSTGRES_PASSWORD_FILE" ]; then PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE"); else PGPASSWORD=$POSTGRES_PASSWORD; fi
  export PGPASSWORD
fi
# What a caller sets on purpose for its own sessions.
if [ -n "$HOLDFAST_PGOPTIONS" ]; then PGOPTIONS=$HOLDFAST_PGOPTIONS; export PGOPTIONS; fi
exec "$@"
`;

/** Prints "directory port" of every PostgreSQL socket in the places where images put it. */
export const socketScript = `
for directory in /var/run/postgresql /run/postgresql /tmp /var/lib/postgresql; do
  for socket in "$directory"/.s.PGSQL.*; do
    case $socket in *.lock) continue ;; esac
    if [ -S "$socket" ]; then echo "$directory \${socket##*.}"; fi
  done
done
true
`;

/** Five lines: the versions of pg_dump and pg_restore, the path of zstd, the version of pg_dumpall and the path of tar, each empty when there is none. */
export const toolsScript = `
pg_dump --version 2>/dev/null || echo
pg_restore --version 2>/dev/null || echo
command -v zstd || echo
pg_dumpall --version 2>/dev/null || echo
command -v tar || echo
`;

/**
 * pg_dump through zstd with both exit codes: plain sh has no pipefail. $1 is the level, the rest pg_dump's arguments.
 * The last line on standard error names the codes, first that of the tool which ended first, and the script fails when either does.
 */
export const dumpThroughZstd = `
level=$1
shift
exec 4>&1
codes=$( {
  { pg_dump "$@" 3>&- 4>&-; echo "pg_dump=$?" >&3; } | { zstd -q -c -T0 "-$level" >&4 3>&- 4>&-; echo "zstd=$?" >&3; }
} 3>&1 )
exec 4>&-
echo "holdfast:" $codes >&2
case $codes in *pg_dump=0*) ;; *) exit 1 ;; esac
case $codes in *zstd=0*) ;; *) exit 1 ;; esac
`;

/**
 * A function for what comes after the tools that are named to it: ends with 7 where their exit codes in $codes say nothing of the file. One
 * is missing or was killed, or could not be started: 126, which also stands for one without a code, because the shell between could not fork.
 * The last line on standard error names the codes then.
 */
export const blameless = `
blameless() {
  for tool in "$@"; do
    case $codes in *"$tool="*) ;; *) codes="$codes $tool=126" ;; esac
  done
  case $codes in *=126* | *=127* | *=137* | *=143*) echo "holdfast:" $codes >&2; exit 7 ;; esac
}
`;

/**
 * Decodes a custom-format archive from standard input to its last byte with pg_restore. $1 is "zstd" or "none". What it decodes to
 * goes nowhere: passing it on would cost as much again as decoding it. Exit codes: 3 it does not unpack, 4 pg_restore does not accept
 * it, 7 that says nothing of the file.
 */
export const decodeCustom = `${blameless}
unpack=cat
if [ "$1" = zstd ]; then unpack=zstd; fi
codes=$( {
  { if [ $unpack = zstd ]; then zstd -q -d -c; else cat; fi 3>&-; echo "$unpack=$?" >&3; } |
  { pg_restore -f /dev/null 3>&-; echo "pg_restore=$?" >&3; }
} 3>&1 )
blameless $unpack pg_restore
case $codes in *"$unpack=0"*) ;; *) exit 3 ;; esac
case $codes in *pg_restore=0*) ;; *) exit 4 ;; esac
`;

/**
 * The values of sequences in a custom-format archive from standard input, as SQL. $1 is "zstd" or "none", the rest their names as
 * pg_restore's options. They stand in the table of contents, so only the head of the archive is read, and where pg_restore is content
 * the unpacker's exit code does not count. Exit codes as above.
 */
export const sequencesOfCustom = `${blameless}
unpack=cat
if [ "$1" = zstd ]; then unpack=zstd; fi
shift
exec 4>&1
codes=$( {
  { if [ $unpack = zstd ]; then zstd -q -d -c; else cat; fi 2>/dev/null 3>&- 4>&-; echo "$unpack=$?" >&3; } |
  { pg_restore --data-only -f - "$@" >&4 3>&- 4>&-; echo "pg_restore=$?" >&3; }
} 3>&1 )
exec 4>&-
case $codes in *pg_restore=0*) exit 0 ;; esac
blameless $unpack pg_restore
exit 4
`;

/**
 * A parallel directory dump into $1, then out as one tar. $2 is the number of jobs, the rest pg_dump's arguments. When pg_dump fails, the
 * last line on standard error names its code and how many KiB were free then: afterwards there is room again.
 */
export const dumpDirectory = `
directory=$1
jobs=$2
shift 2
umask 077
rm -rf "$directory"
trap 'rm -rf "$directory"' EXIT INT TERM
mkdir "$directory" || exit 6
pg_dump "$@" -Fd -j "$jobs" -f "$directory/dump" || {
  code=$?
  free=$(df -Pk "$directory" | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)
  echo "holdfast: pg_dump=$code free=$free" >&2
  exit 4
}
tar -C "$directory/dump" -cf - . || exit 5
`;

/**
 * Unpacks a tar of a directory dump from standard input into $1, decodes it to its last byte, and prints the values of the sequences
 * that the rest names, as SQL. Exit codes as above, and 6 where there is no room: the last line on standard error says how many KiB were free then.
 */
export const decodeDirectory = `${blameless}
directory=$1
shift
umask 077
rm -rf "$directory"
trap 'rm -rf "$directory"' EXIT INT TERM
mkdir "$directory" || exit 6
tar -C "$directory" -xf - || {
  codes="tar=$?"
  blameless tar
  free=$(df -Pk "$directory" | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)
  # Not known is not enough to blame the file.
  [ "\${free:-0}" -lt 16384 ] || exit 3
  echo "holdfast: free=$free" >&2
  exit 6
}
pg_restore -f /dev/null "$directory" || { codes="pg_restore=$?"; blameless pg_restore; exit 4; }
[ $# = 0 ] && exit 0
pg_restore --data-only -f - "$@" "$directory" || { codes="pg_restore=$?"; blameless pg_restore; exit 4; }
`;

/**
 * Sends an archive from standard input through pg_restore into a database. $1 is "zstd" or "none", the rest pg_restore's arguments.
 * Standard input may be longer than pg_restore needs: for the section behind the data it reads the table of contents alone, so
 * its own exit code decides, and the unpacker's only where all of the archive was needed ($2 is "whole" or "head").
 * Exit codes: 3 the archive does not unpack, 4 pg_restore failed, 7 that says nothing of the file.
 */
export const loadStream = `${blameless}
unpack=cat
if [ "$1" = zstd ]; then unpack=zstd; fi
extent=$2
shift 2
codes=$( {
  { if [ $unpack = zstd ]; then zstd -q -d -c; else cat; fi 2>&4 3>&- 4>&-; echo "$unpack=$?" >&3; } |
  { pg_restore "$@" >&4 3>&- 4>&-; echo "pg_restore=$?" >&3; }
} 3>&1 4>&2 )
if [ "$extent" = head ]; then case $codes in *pg_restore=0*) exit 0 ;; esac; fi
blameless $unpack pg_restore
if [ "$extent" = whole ]; then case $codes in *"$unpack=0"*) ;; *) exit 3 ;; esac; fi
case $codes in *pg_restore=0*) ;; *) exit 4 ;; esac
`;

/**
 * Plain SQL from standard input into psql. $1 is "gzip" or "none", $2 is "restrict" where the file does not take psql's own commands away
 * by itself, the rest psql's arguments. A psql that does not know how (3: it stopped at that line) gets the file as it is. Exit codes
 * as above; 4 is psql's.
 */
export const loadPlain = `${blameless}
unpack=cat
if [ "$1" = gzip ]; then unpack=gzip; fi
restrict=$2
shift 2
key=
if [ "$restrict" = restrict ]; then
  key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n')
  # Without a key nothing would be taken away.
  [ -n "$key" ] || { codes=; blameless od; }
  printf '\\\\restrict %s\\n' "$key" | "$@" >/dev/null 2>&1
  if [ "$?" = 3 ]; then key=; fi
fi
codes=$( {
  { if [ -n "$key" ]; then printf '\\\\restrict %s\\n' "$key" 3>&- 4>&-; fi
    if [ $unpack = gzip ]; then gzip -d -c; else cat; fi 2>&4 3>&- 4>&-; echo "$unpack=$?" >&3; } |
  { "$@" >/dev/null 3>&- 4>&-; echo "psql=$?" >&3; }
} 3>&1 4>&2 )
blameless $unpack psql
case $codes in *psql=0*) ;; *) exit 4 ;; esac
case $codes in *"$unpack=0"*) ;; *) exit 3 ;; esac
`;

/**
 * Lays an archive from standard input into the directory $1, because parallel jobs need to seek. $2 is "zstd", "none" or "tar". Exit code 6:
 * there is no room; 3 and 7 as above. What is no tar is laid up to $3 bytes, and one that is longer, or cannot be laid for any other reason,
 * ends with 6 as well: it is streamed then, and says better itself what is wrong with it.
 */
export const layArchive = `${blameless}
directory=$1
umask 077
rm -rf "$directory"
mkdir "$directory" || exit 6
if [ "$2" = tar ]; then
  mkdir "$directory/archive" && tar -C "$directory/archive" -xf - && exit 0
  codes="tar=$?"
  free=$(df -Pk "$directory" | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)
  rm -rf "$directory"
  blameless tar
  [ "\${free:-0}" -lt 16384 ] && exit 6
  exit 3
fi
# The shell counts blocks of 512 bytes. A pipe that counts instead would copy every byte once more.
(
  ulimit -f "$(( $3 / 512 ))" || exit
  if [ "$2" = zstd ]; then zstd -q -d -c; else cat; fi > "$directory/archive"
) 2>/dev/null || { rm -rf "$directory"; exit 6; }
`;

/**
 * Lays the first $3 bytes of an archive from standard input into the directory $1: the table of contents leads it, and is all that the
 * section behind the data needs. $2 is "zstd" or "none". Exit code 6: there is no room, or the table of contents is longer.
 */
export const layHead = `
directory=$1
umask 077
rm -rf "$directory"
mkdir "$directory" || exit 6
if [ "$2" = zstd ]; then zstd -q -d -c 2>/dev/null; else cat; fi | head -c "$3" > "$directory/archive"
pg_restore --list "$directory/archive" >/dev/null 2>&1 || { rm -rf "$directory"; exit 6; }
`;

/** The rows of a custom-format archive from standard input, as SQL. $1 is "zstd" or "none". Exit codes as of `decodeCustom`. */
export const archiveAsSql = `${blameless}
unpack=cat
if [ "$1" = zstd ]; then unpack=zstd; fi
exec 4>&1
codes=$( {
  { if [ $unpack = zstd ]; then zstd -q -d -c; else cat; fi 3>&- 4>&-; echo "$unpack=$?" >&3; } |
  { pg_restore --data-only -f - >&4 3>&- 4>&-; echo "pg_restore=$?" >&3; }
} 3>&1 )
exec 4>&-
blameless $unpack pg_restore
case $codes in *"$unpack=0"*) ;; *) exit 3 ;; esac
case $codes in *pg_restore=0*) ;; *) exit 4 ;; esac
`;

/** The same for a tar of a directory dump, unpacked into $1 first. */
export const directoryAsSql = `${blameless}
directory=$1
umask 077
rm -rf "$directory"
trap 'rm -rf "$directory"' EXIT INT TERM
mkdir "$directory" || exit 6
tar -C "$directory" -xf - || { codes="tar=$?"; blameless tar; exit 3; }
pg_restore --data-only -f - "$directory" || { codes="pg_restore=$?"; blameless pg_restore; exit 4; }
`;
