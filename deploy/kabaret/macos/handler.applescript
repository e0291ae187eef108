-- macOS gives links to applications only: this one hands them on. The link is one quoted word; no shell reads into it.
-- The file beside the settings holds the path of the Python that has Kabaret.
on open location link
	set folder to POSIX path of (path to home folder) & "Library/Application Support/kitsu-bridge/"
	set python to do shell script "cat " & quoted form of (folder & "kabaret-python")
	do shell script quoted form of python & " -m kitsu_bridge_kabaret.handler " & quoted form of link & " >/dev/null 2>&1 &"
end open location
