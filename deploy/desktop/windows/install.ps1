# Install the launcher for whoever runs this, and have Windows give it kitsu-bridge: links. Needs no administrator.
#   powershell -ExecutionPolicy Bypass -File install.ps1 https://bridge.studio
# Settings that are there already stay as they are.
param([Parameter(ValueFromRemainingArguments = $true)][string[]]$Servers = @())
$ErrorActionPreference = "Stop"

$here = Split-Path -Parent $PSScriptRoot
$folder = Join-Path $env:LOCALAPPDATA "kitsu-bridge"
$settings = Join-Path $env:APPDATA "kitsu-bridge"
$launcher = Join-Path $folder "kitsu_bridge_launcher.py"

# pythonw.exe opens no console. The one below WindowsApps is only a way into the store.
$python = Get-Command pythonw.exe -All -ErrorAction SilentlyContinue |
    Where-Object { $_.Source -notlike "*\WindowsApps\*" } | Select-Object -First 1 -ExpandProperty Source
if (-not $python) { throw "Python 3.8 or later is needed, with pythonw.exe on the PATH: see https://www.python.org/downloads/windows/" }

New-Item -ItemType Directory -Force -Path $folder, $settings | Out-Null
Copy-Item -Force (Join-Path $here "kitsu_bridge_launcher.py") $launcher
$ini = Join-Path $settings "launcher.ini"
if (-not (Test-Path $ini)) {
    $text = [IO.File]::ReadAllText((Join-Path $here "launcher.ini.example"))
    [IO.File]::WriteAllText($ini, $text.Replace("@SERVERS@", ($Servers -join " ")))
}

$key = "HKCU:\Software\Classes\kitsu-bridge"
New-Item -Force -Path "$key\shell\open\command" | Out-Null
Set-ItemProperty -Path $key -Name "(default)" -Value "URL:Kitsu Bridge"
Set-ItemProperty -Path $key -Name "URL Protocol" -Value ""
Set-ItemProperty -Path "$key\shell\open\command" -Name "(default)" -Value "`"$python`" `"$launcher`" `"%1`""

Write-Output "Installed: $launcher"
Write-Output "Now name the studio's programs in $ini"
