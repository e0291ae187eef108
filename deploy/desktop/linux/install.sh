#!/bin/sh
# Install the launcher for whoever runs this, and have the system give it kitsu-bridge: links.
#   sh install.sh https://bridge.studio [another server ...]
# Settings that are there already stay as they are.
# This folder is copied to workstations by itself: what it has in common with deploy/kabaret stands in both, word for word
# (tests/deploy/test_installers.py).
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
data="${XDG_DATA_HOME:-$HOME/.local/share}"
config="${XDG_CONFIG_HOME:-$HOME/.config}"
launcher="$data/kitsu-bridge/kitsu_bridge_launcher.py"
entry=kitsu-bridge-launcher.desktop
scheme=x-scheme-handler/kitsu-bridge

python=$(command -v python3) || { echo "Python 3.8 or later is needed: install python3." >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' || { echo "$python is older than 3.8." >&2; exit 1; }

# As the desktop entry specification wants a word of Exec: quoted only where it must be, as xdg-open cannot read quotes.
word() {
  case $1 in
    *[!A-Za-z0-9/._+-]*) printf '"%s"' "$(printf '%s' "$1" | sed -e 's/\\/\\\\\\\\/g' -e 's/["`$]/\\\\&/g' -e 's/%/%%/g')" ;;
    *) printf '%s' "$1" ;;
  esac
}

mkdir -p "$data/kitsu-bridge" "$data/applications" "$config/kitsu-bridge"
cp "$here/kitsu_bridge_launcher.py" "$launcher"
chmod 755 "$launcher"
if [ ! -e "$config/kitsu-bridge/launcher.ini" ]; then
  sed "s|@SERVERS@|$(printf '%s' "$*" | sed 's/[&|\\]/\\&/g')|" "$here/launcher.ini.example" > "$config/kitsu-bridge/launcher.ini"
fi

cat > "$data/applications/$entry" <<END
[Desktop Entry]
Type=Application
Name=Kitsu Bridge Launcher
Comment=Starts programs from pages of Kitsu Bridge
Exec=$(word "$python") $(word "$launcher") %u
MimeType=$scheme;
NoDisplay=true
Terminal=false
END

# xdg-mime 1.1 refuses to work without a display, so the line is written here (mime applications specification).
list="$config/mimeapps.list"
touch "$list"
grep -v "^$scheme=" "$list" | awk -v line="$scheme=$entry" '
  { print }
  $0 == "[Default Applications]" && !done { print line; done = 1 }
  END { if (!done) { print "[Default Applications]"; print line } }
' > "$list.new"
mv "$list.new" "$list"
if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$data/applications" || true; fi

echo "Installed: $launcher"
echo "Now name the studio's programs in $config/kitsu-bridge/launcher.ini"
[ $# -gt 0 ] || echo "No server was given: name the bridge there, too."
