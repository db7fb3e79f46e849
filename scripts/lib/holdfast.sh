#!/bin/sh
# Runs the command line with whatever Node there is. HOLDFAST_NODE names one where PATH has none, as in a crontab.
set -eu
root=$(dirname -- "$(readlink -f -- "$0")")/../..
node=${HOLDFAST_NODE:-node}
if ! command -v "$node" >/dev/null 2>&1; then
  echo "Error: there is no $node here. Install Node 20.19 or newer, or name it: HOLDFAST_NODE=/path/to/node" >&2
  exit 7
fi
if [ ! -f "$root/dist/holdfast.js" ]; then
  echo "Error: Holdfast is not built yet. Run: npm run build" >&2
  exit 7
fi
exec "$node" "$root/dist/holdfast.js" "$@"
