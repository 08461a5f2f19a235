@echo off
rem The host as a service of Windows. In a prompt of an administrator:
rem
rem   service.cmd install      registers and starts it; it then starts with the machine
rem   service.cmd remove       ends and removes it
rem
rem Not built yet: Carillon's processes, locks and pipes are those of POSIX today. There is no carillon.exe, and
rem "carillon serve" does not take /registerService yet: the frame that registers (Poco's ServerApplication) is
rem what serve runs in, but it stores no arguments with a service, so that a build for Windows has to find its verb and
rem its configuration by itself. This file is how it is to be called then.
rem
rem   /displayName   what the list of services shows
rem   /description   what it is for
rem   /startup       automatic or manual
rem
rem The service is named after its program, carillon. It reads the configuration that CARILLON_CONFIG names.
setlocal
set "PROGRAM=%ProgramFiles%\Carillon\bin\carillon.exe"
set "CONFIG=%ProgramData%\Carillon\carillon.properties"

if "%~1"=="install" goto install
if "%~1"=="remove" goto remove
echo usage: service.cmd install^|remove 1>&2
exit /b 2

:install
setx /M CARILLON_CONFIG "%CONFIG%" >nul || exit /b 1
"%PROGRAM%" serve /registerService "/displayName=Carillon" "/description=Runs scheduled jobs" /startup=automatic || exit /b 1
rem Started again 2 s after a failure, as the systemd unit does.
sc failure carillon reset= 86400 actions= restart/2000/restart/2000/restart/60000 || exit /b 1
net start carillon
exit /b %ERRORLEVEL%

:remove
net stop carillon
"%PROGRAM%" serve /unregisterService
exit /b %ERRORLEVEL%
