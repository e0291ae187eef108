#!/bin/sh
# Take kabaret: links away from the handler, for whoever runs this. Its settings stay; with --all they go as well.
set -eu

data="${XDG_DATA_HOME:-$HOME/.local/share}"
config="${XDG_CONFIG_HOME:-$HOME/.config}"

rm -f "$data/applications/kitsu-bridge-kabaret.desktop"
if [ -e "$config/mimeapps.list" ]; then
  grep -v '^x-scheme-handler/kabaret=' "$config/mimeapps.list" > "$config/mimeapps.list.new" || true
  mv "$config/mimeapps.list.new" "$config/mimeapps.list"
fi
if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$data/applications" || true; fi
[ "${1:-}" != --all ] || rm -f "$config/kitsu-bridge/kabaret.ini"
echo "The handler is removed."
