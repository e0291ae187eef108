#!/bin/sh
# Have macOS give kabaret: links to the handler, for whoever runs this.
#   sh install.sh STUDIO [/opt/kabaret/bin/python]
# STUDIO is the cluster; the Python is the one that has Kabaret and this package. Settings that are there already stay.
set -eu

cluster=${1:?Name the cluster: sh install.sh STUDIO [python]}
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder="$HOME/Library/Application Support/kitsu-bridge"
app="$HOME/Applications/Kitsu Bridge for Kabaret.app"
register=/System/Library/Frameworks/CoreServices.framework/Frameworks/LaunchServices.framework/Support/lsregister

python=$(command -v "${2:-python3}") || { echo "There is no ${2:-python3}." >&2; exit 1; }
case $cluster in *[!A-Za-z0-9._-]*) echo "$cluster is no name of a cluster." >&2; exit 1 ;; esac
"$python" -c 'import kitsu_bridge_kabaret.handler, redis' || {
  echo "First: $python -m pip install $here" >&2
  exit 1
}

mkdir -p "$folder" "$HOME/Applications"
printf '%s' "$python" > "$folder/kabaret-python"
if [ ! -e "$folder/kabaret.ini" ]; then
  sed "s|@CLUSTER@|$cluster|" "$here/kabaret.ini.example" > "$folder/kabaret.ini"
fi

rm -rf "$app"
osacompile -o "$app" "$here/macos/handler.applescript"
/usr/libexec/PlistBuddy -c "Delete :CFBundleIdentifier" "$app/Contents/Info.plist" 2>/dev/null || true
(cd "$here/macos" && /usr/libexec/PlistBuddy -c "Merge Info.additions.plist" "$app/Contents/Info.plist")
codesign --force --sign - "$app" 2>/dev/null || true
"$register" -f "$app"

echo "Installed. Now say where its Redis is, and what starts Kabaret, in $folder/kabaret.ini"
