#!/usr/bin/env bash
# debian.sh FOLDER PROGRAM PACKAGE: a newer PROGRAM than this machine's Debian has, in FOLDER/usr/bin, with its own C library beside it.
# Nothing outside of FOLDER is touched: the packages are fetched into it and unpacked there, never installed.
set -euo pipefail
folder=$1 program=$2 package=$3
release=trixie
mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
keys=/usr/share/keyrings/debian-archive-keyring.gpg
apt=$folder/apt
mkdir -p "$apt"/state/lists/partial "$apt"/cache/archives/partial
: >"$apt/installed" # as if the machine had no package at all, so that every library comes along
echo "deb [signed-by=$keys] ${mirror:-http://deb.debian.org/debian} $release main" >"$apt/sources.list"

fetch() { # apt-get with lists, state and cache of its own, but the machine's proxy settings
	apt-get -qq -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o "Dir::State=$apt/state" -o "Dir::State::status=$apt/installed" -o "Dir::Cache=$apt/cache" \
		-o APT::Sandbox::User=root -o APT::Install-Recommends=false -o Acquire::Languages=none -o Acquire::Retries=3 "$@" >&2
}
fetch update
fetch install --yes --download-only "$package" patchelf
for archive in "$apt"/cache/archives/*.deb; do
	dpkg-deb --extract "$archive" "$folder"
done
rm -rf "$apt"

loader=$(ls "$folder"/usr/lib/*-linux-gnu*/ld-linux*.so.* | head -n 1)
libraries=$(dirname "$loader")
# patchelf itself needs the newer libraries, so the loader is told of them; the program is made to find them by itself.
"$loader" --library-path "$libraries" "$folder/usr/bin/patchelf" \
	--set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$(readlink -f "$folder/usr/bin/$program")"
"$folder/usr/bin/$program" --version | head -n 1
