#!/usr/bin/env bash
# debugpy.sh FOLDER: an interpreter with debugpy, FOLDER/python/bin/python.
set -euo pipefail
folder=$1
cd "$folder"
python3 -m venv python || { apt-get update -qq && apt-get install -y -qq python3-venv && python3 -m venv python; }
python/bin/pip install --quiet --disable-pip-version-check debugpy==1.8.17
