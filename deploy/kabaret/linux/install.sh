#!/bin/sh
# Have the system give kabaret: links to the handler, for whoever runs this.
#   sh install.sh STUDIO [/opt/kabaret/bin/python]
# STUDIO is the cluster; the Python is the one that has Kabaret and this package. Settings that are there already stay.
# This folder is copied to workstations by itself: what it has in common with deploy/desktop stands in both, word for word
# (tests/deploy/test_installers.py).
set -eu

cluster=${1:?Name the cluster: sh install.sh STUDIO [python]}
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
data="${XDG_DATA_HOME:-$HOME/.local/share}"
config="${XDG_CONFIG_HOME:-$HOME/.config}"
entry=kitsu-bridge-kabaret.desktop
scheme=x-scheme-handler/kabaret

python=$(command -v "${2:-python3}") || { echo "There is no ${2:-python3}." >&2; exit 1; }
case $cluster in *[!A-Za-z0-9._-]*) echo "$cluster is no name of a cluster." >&2; exit 1 ;; esac
"$python" -c 'import kitsu_bridge_kabaret.handler, redis' || {
  echo "First: $python -m pip install $here" >&2
  exit 1
}

# As the desktop entry specification wants a word of Exec: quoted only where it must be, as xdg-open cannot read quotes.
word() {
  case $1 in
    *[!A-Za-z0-9/._+-]*) printf '"%s"' "$(printf '%s' "$1" | sed -e 's/\\/\\\\\\\\/g' -e 's/["`$]/\\\\&/g' -e 's/%/%%/g')" ;;
    *) printf '%s' "$1" ;;
  esac
}

mkdir -p "$data/applications" "$config/kitsu-bridge"
if [ ! -e "$config/kitsu-bridge/kabaret.ini" ]; then
  sed "s|@CLUSTER@|$cluster|" "$here/kabaret.ini.example" > "$config/kitsu-bridge/kabaret.ini"
fi

cat > "$data/applications/$entry" <<END
[Desktop Entry]
Type=Application
Name=Kabaret links of Kitsu Bridge
Exec=$(word "$python") -m kitsu_bridge_kabaret.handler %u
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

echo "Installed. Now say where its Redis is, and what starts Kabaret, in $config/kitsu-bridge/kabaret.ini"
