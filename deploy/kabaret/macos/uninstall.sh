#!/bin/sh
# Take kabaret: links away from the handler, for whoever runs this. Its settings stay; with --all they go as well.
set -eu

folder="$HOME/Library/Application Support/kitsu-bridge"
app="$HOME/Applications/Kitsu Bridge for Kabaret.app"
register=/System/Library/Frameworks/CoreServices.framework/Frameworks/LaunchServices.framework/Support/lsregister

[ ! -e "$app" ] || "$register" -u "$app" || true
rm -rf "$app"
rm -f "$folder/kabaret-python"
[ "${1:-}" != --all ] || rm -f "$folder/kabaret.ini"
echo "The handler is removed."
