@echo off
rem The host as a service of Windows. In a prompt of an administrator:
rem
rem   service.cmd install      registers and starts it; it then starts with the machine
rem   service.cmd remove       ends and removes it
rem
rem It reads %ProgramData%\Carillon\carillon.properties. "carillon service status" says how it stands; its start, its
rem end and what is wrong with it are in the event log for applications, source Carillon.
setlocal
rem The system's own programs, whatever lies in the current folder.
set "NoDefaultCurrentDirectoryInExePath=1"
set "PATH=%SystemRoot%\System32"
set "PROGRAM=%ProgramFiles%\Carillon\bin\carillon.exe"
set "CONFIG=%ProgramData%\Carillon\carillon.properties"

if "%~1"=="install" goto install
if "%~1"=="remove" goto remove
echo usage: service.cmd install^|remove 1>&2
exit /b 2

:install
"%PROGRAM%" --config "%CONFIG%" service install || exit /b 1
net start carillon
exit /b %ERRORLEVEL%

:remove
"%PROGRAM%" service remove
exit /b %ERRORLEVEL%
