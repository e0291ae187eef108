#!/bin/sh
# Take the launcher away from whoever runs this. Its settings and its log stay; with --all they go as well.
set -eu

folder="$HOME/Library/Application Support/kitsu-bridge"
app="$HOME/Applications/Kitsu Bridge Launcher.app"
register=/System/Library/Frameworks/CoreServices.framework/Frameworks/LaunchServices.framework/Support/lsregister

[ ! -e "$app" ] || "$register" -u "$app" || true
rm -rf "$app"
rm -f "$folder/kitsu_bridge_launcher.py"
[ "${1:-}" != --all ] || rm -rf "$folder"
echo "The launcher is removed."
