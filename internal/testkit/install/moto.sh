#!/usr/bin/env bash
# moto.sh FOLDER: moto, which stands in for the services of AWS in tests, and FOLDER/serve, which runs it: it listens on a free port of
# the loopback interface, prints its URL as its first line, keeps everything in memory, and ends when its standard input does.
set -euo pipefail
folder=$1
cd "$folder"
python3 -m venv python || { apt-get update -qq && apt-get install -y -qq python3-venv && python3 -m venv python; }
python/bin/pip install --quiet --disable-pip-version-check flask flask-cors \
	'moto[apigatewayv2,awslambda-simple,dynamodb,events,iam,s3,scheduler,sns,sqs]==5.2.5'

cat >serve.py <<'PYTHON'
import os
import sys

from moto.core.config import default_user_config
from moto.server import ThreadedMotoServer

# Functions answer with what they are sent, rather than waiting for a container engine.
default_user_config["lambda"] = {"use_docker": False}
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("http://%s:%d" % server.get_host_and_port(), flush=True)
sys.stdin.read()
os._exit(0)
PYTHON
printf '#!/bin/sh\nexec "%s/python/bin/python" "%s/serve.py"\n' "$folder" "$folder" >serve
chmod +x serve
