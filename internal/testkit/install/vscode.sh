#!/usr/bin/env bash
# vscode.sh FOLDER: VS Code as a server (code-server), the Node that it runs on, and a browser to look at it with. All but the browser
# is in FOLDER; Debian's Chromium is installed on the machine if there is none, for which one has to be root.
set -euo pipefail
folder=$1
cd "$folder"
if ! command -v chromium >/dev/null; then
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
fi
for tool in g++ make; do
	command -v "$tool" >/dev/null || { apt-get update -qq && apt-get install -y -qq "$tool"; }
done

quiet=(--no-audit --no-fund --no-update-notifier --loglevel=error --ignore-scripts)
npm install "${quiet[@]}" --prefix node node-linux-"$(node -p process.arch)"@24.21.0
npm install "${quiet[@]}" --prefix server code-server@4.139.1
ln -s "$folder"/node/node_modules/node-linux-*/ runtime

# What VS Code itself depends on is installed from its own list, and two of those are compiled for that Node: without them, output
# channels stay empty and files are not watched.
cd server/node_modules/code-server/lib/vscode
npm install "${quiet[@]}" --omit=dev
PATH="$folder/runtime/bin:$PATH" npm_config_nodedir="$folder/runtime" \
	npm rebuild --loglevel=error --ignore-scripts=false @vscode/spdlog @vscode/native-watchdog
"$folder/runtime/bin/node" "$folder/server/node_modules/code-server/out/node/entry.js" --version --config "$folder/unused.yaml"
