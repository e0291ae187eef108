# Have Windows give kabaret: links to the handler, for whoever runs this. Needs no administrator.
#   powershell -ExecutionPolicy Bypass -File install.ps1 STUDIO C:\kabaret\Scripts\pythonw.exe
# STUDIO is the cluster; the Python is the one that has Kabaret and this package. Settings that are there already stay.
param([Parameter(Mandatory = $true)][ValidatePattern('^[A-Za-z0-9._-]+$')][string]$Cluster, [string]$Python = "")
$ErrorActionPreference = "Stop"

$here = Split-Path -Parent $PSScriptRoot
$settings = Join-Path $env:APPDATA "kitsu-bridge"

# pythonw.exe opens no console. The one below WindowsApps is only a way into the store.
if (-not $Python) {
    $Python = Get-Command pythonw.exe -All -ErrorAction SilentlyContinue |
        Where-Object { $_.Source -notlike "*\WindowsApps\*" } | Select-Object -First 1 -ExpandProperty Source
}
if (-not $Python -or -not (Test-Path $Python)) { throw "Name the pythonw.exe that has Kabaret and this package." }

New-Item -ItemType Directory -Force -Path $settings | Out-Null
$ini = Join-Path $settings "kabaret.ini"
if (-not (Test-Path $ini)) {
    $text = [IO.File]::ReadAllText((Join-Path $here "kabaret.ini.example"))
    [IO.File]::WriteAllText($ini, $text.Replace("@CLUSTER@", $Cluster))
}

$key = "HKCU:\Software\Classes\kabaret"
New-Item -Force -Path "$key\shell\open\command" | Out-Null
Set-ItemProperty -Path $key -Name "(default)" -Value "URL:Kabaret"
Set-ItemProperty -Path $key -Name "URL Protocol" -Value ""
Set-ItemProperty -Path "$key\shell\open\command" -Name "(default)" -Value "`"$Python`" -m kitsu_bridge_kabaret.handler `"%1`""

Write-Output "Installed. Now say where its Redis is, and what starts Kabaret, in $ini"
