-- macOS gives links to applications only: this one hands them on. The link is one quoted word; no shell reads into it.
on open location link
	set launcher to POSIX path of (path to home folder) & "Library/Application Support/kitsu-bridge/kitsu_bridge_launcher.py"
	do shell script "/usr/bin/env python3 " & quoted form of launcher & " " & quoted form of link & " >/dev/null 2>&1 &"
end open location
