#!/usr/bin/env bash
# npm.sh FOLDER PACKAGE@VERSION…: packages of npm, in FOLDER/node_modules.
set -euo pipefail
folder=$1
shift
cd "$folder"
npm install --no-audit --no-fund --no-update-notifier --loglevel=error --ignore-scripts --prefix "$folder" "$@"
