# Take kabaret: links away from the handler, for whoever runs this. Its settings stay; with -All they go as well.
param([switch]$All)
$ErrorActionPreference = "Stop"

Remove-Item -Recurse -Force -ErrorAction SilentlyContinue "HKCU:\Software\Classes\kabaret"
if ($All) { Remove-Item -Force -ErrorAction SilentlyContinue (Join-Path $env:APPDATA "kitsu-bridge\kabaret.ini") }
Write-Output "The handler is removed."
