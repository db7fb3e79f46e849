/** Shell text that runs inside containers; see `lib/postgres/scripts.ts`. Constant: names and SQL come in as arguments or environment. */

/** The table of contents of an archive on standard input. $1 is "zstd" or "none". It leads the file, so the rest is not read. */
export const listStream = `
if [ "$1" = zstd ]; then zstd -q -d -c 2>/dev/null; else cat 2>/dev/null; fi | pg_restore --list
`;

/** Keeps standard input as the file $2 in the directory $1, which is made where it is missing. */
export const keepList = `
umask 077
mkdir -p "$1" && cat > "$1/$2"
`;

/**
 * Rows from one database into another of the same server, as text: types of the same name have other numbers there. $1 and $2 are
 * the connection strings, HOLDFAST_FROM and HOLDFAST_TO the two COPY statements, HOLDFAST_SET what both sessions set first,
 * HOLDFAST_MAKE and HOLDFAST_AFTER what the second does before and after.
 */
export const bringRows = `
codes=$( {
  { psql -X -q -v ON_ERROR_STOP=1 -d "$1" -c "$HOLDFAST_SET" -c "$HOLDFAST_FROM" 2>&4 3>&- 4>&-; echo "from $?" >&3; } |
  { psql -X -q -v ON_ERROR_STOP=1 -d "$2" -c "$HOLDFAST_SET" -c "$HOLDFAST_MAKE" -c "$HOLDFAST_TO" -c "$HOLDFAST_AFTER" >/dev/null 2>&4 3>&- 4>&-; echo "to $?" >&3; }
} 3>&1 4>&2 )
case $codes in *" 127"* | *" 137"* | *" 143"*) exit 7 ;; esac
case $codes in *"from 0"*) ;; *) exit 3 ;; esac
case $codes in *"to 0"*) ;; *) exit 4 ;; esac
`;
