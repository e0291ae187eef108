#!/bin/sh
# Take the launcher away from whoever runs this. Its settings and its log stay; with --all they go as well.
set -eu

data="${XDG_DATA_HOME:-$HOME/.local/share}"
config="${XDG_CONFIG_HOME:-$HOME/.config}"

rm -f "$data/applications/kitsu-bridge-launcher.desktop" "$data/kitsu-bridge/kitsu_bridge_launcher.py"
rmdir "$data/kitsu-bridge" 2>/dev/null || true
if [ -e "$config/mimeapps.list" ]; then
  grep -v '^x-scheme-handler/kitsu-bridge=' "$config/mimeapps.list" > "$config/mimeapps.list.new" || true
  mv "$config/mimeapps.list.new" "$config/mimeapps.list"
fi
if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$data/applications" || true; fi
if [ "${1:-}" = --all ]; then
  rm -f "$config/kitsu-bridge/launcher.ini" "$config/kitsu-bridge/launcher.log"
  rmdir "$config/kitsu-bridge" 2>/dev/null || true
fi
echo "The launcher is removed."
