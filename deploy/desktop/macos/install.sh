#!/bin/sh
# Install the launcher for whoever runs this, and have macOS give it kitsu-bridge: links.
#   sh install.sh https://bridge.studio [another server ...]
# Settings that are there already stay as they are.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder="$HOME/Library/Application Support/kitsu-bridge"
app="$HOME/Applications/Kitsu Bridge Launcher.app"
register=/System/Library/Frameworks/CoreServices.framework/Frameworks/LaunchServices.framework/Support/lsregister

/usr/bin/env python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' || {
  echo "Python 3.8 or later is needed: xcode-select --install, or https://www.python.org/downloads/macos/" >&2
  exit 1
}

mkdir -p "$folder" "$HOME/Applications"
cp "$here/kitsu_bridge_launcher.py" "$folder/"
if [ ! -e "$folder/launcher.ini" ]; then
  sed "s|@SERVERS@|$(printf '%s' "$*" | sed 's/[&|\\]/\\&/g')|" "$here/launcher.ini.example" > "$folder/launcher.ini"
fi

rm -rf "$app"
osacompile -o "$app" "$here/macos/launcher.applescript"
/usr/libexec/PlistBuddy -c "Delete :CFBundleIdentifier" "$app/Contents/Info.plist" 2>/dev/null || true
(cd "$here/macos" && /usr/libexec/PlistBuddy -c "Merge Info.additions.plist" "$app/Contents/Info.plist")
codesign --force --sign - "$app" 2>/dev/null || true
"$register" -f "$app"

echo "Installed: $app"
echo "Now name the studio's programs in $folder/launcher.ini"
