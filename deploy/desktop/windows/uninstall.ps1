# Take the launcher away from whoever runs this. Its settings and its log stay; with -All they go as well.
param([switch]$All)
$ErrorActionPreference = "Stop"

Remove-Item -Recurse -Force -ErrorAction SilentlyContinue "HKCU:\Software\Classes\kitsu-bridge"
Remove-Item -Recurse -Force -ErrorAction SilentlyContinue (Join-Path $env:LOCALAPPDATA "kitsu-bridge")
if ($All) { Remove-Item -Recurse -Force -ErrorAction SilentlyContinue (Join-Path $env:APPDATA "kitsu-bridge") }
Write-Output "The launcher is removed."
