@echo off
rem Carillon on this machine. In a prompt of an administrator, in the folder that was unpacked:
rem
rem   install.cmd           copies the program, or another version of it over this one, and makes the folder of its data
rem   install.cmd remove    takes the program and all plugins away; configuration, history and logs stay
rem
rem The data are in %ProgramData%\Carillon, which administrators and the system alone can open: plugins run with the
rem rights of the service, and the configuration says which. A folder of that name which this script has not made is
rem somebody else's, and refused.
setlocal
rem The system's own programs, whatever lies in the current folder.
set "NoDefaultCurrentDirectoryInExePath=1"
set "PATH=%SystemRoot%\System32"
set "PROGRAM=%ProgramFiles%\Carillon"
if defined ProgramW6432 set "PROGRAM=%ProgramW6432%\Carillon"
set "DATA=%ProgramData%\Carillon"
set "MARK=HKLM\SOFTWARE\Carillon"

if "%~1"=="" goto install
if "%~1"=="remove" goto remove
echo usage: install.cmd [remove] 1>&2
exit /b 2

:install
if not exist "%~dp0bin\carillon.exe" (
  echo install.cmd: error: bin\carillon.exe is not beside this script 1>&2
  exit /b 1
)
call :administrator
if errorlevel 1 exit /b 1
call :stopped
if errorlevel 1 exit /b 1
call :data
if errorlevel 1 exit /b 1
rem Not lib: it may hold plugins that came from elsewhere.
for %%F in (bin share conf doc licences) do if exist "%PROGRAM%\%%F" rmdir /s /q "%PROGRAM%\%%F"
for %%F in (bin lib share conf doc licences) do (
  xcopy "%~dp0%%F" "%PROGRAM%\%%F" /e /i /q /y >nul
  if errorlevel 1 exit /b 1
)
copy /y "%~dp0README.txt" "%PROGRAM%\README.txt" >nul
copy /y "%~f0" "%PROGRAM%\install.cmd" >nul
echo Carillon is in %PROGRAM%. Next, in this prompt:
echo.
echo   "%PROGRAM%\bin\carillon.exe" init "%DATA%"
echo       writes a configuration: edit %DATA%\carillon.properties and the files in %DATA%\jobs
echo   "%PROGRAM%\bin\carillon.exe" --config "%DATA%\carillon.properties" validate
echo       says what is wrong with it
echo   "%PROGRAM%\conf\service.cmd" install
echo       registers and starts the service
echo.
echo The guide is %PROGRAM%\doc\host\GUIDE.md, in French GUIDE.fr.md.
exit /b 0

:remove
call :administrator
if errorlevel 1 exit /b 1
sc query carillon >nul 2>&1
if not errorlevel 1 (
  echo install.cmd: error: the service is registered; first: "%PROGRAM%\conf\service.cmd" remove 1>&2
  exit /b 1
)
for %%F in (bin lib share conf doc licences) do if exist "%PROGRAM%\%%F" rmdir /s /q "%PROGRAM%\%%F"
if exist "%PROGRAM%\README.txt" del /q "%PROGRAM%\README.txt"
echo Carillon is removed. Its configuration, history and logs are still in %DATA%.
exit /b 0

:administrator
reg add "%MARK%" /f >nul 2>&1
if not errorlevel 1 exit /b 0
echo install.cmd: error: only an administrator can do this 1>&2
exit /b 1

rem A program that runs cannot be replaced.
:stopped
sc query carillon 2>nul | find "RUNNING" >nul
if errorlevel 1 exit /b 0
echo install.cmd: error: the service is running; first: net stop carillon 1>&2
exit /b 1

:data
if not exist "%DATA%" goto make
reg query "%MARK%" /v Data >nul 2>&1
if not errorlevel 1 exit /b 0
echo install.cmd: error: %DATA% is there already, and this script has not made it. Look at what is in it, and delete it. 1>&2
exit /b 1
:make
mkdir "%DATA%"
if errorlevel 1 exit /b 1
icacls "%DATA%" /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F >nul
if errorlevel 1 exit /b 1
reg add "%MARK%" /v Data /d "%DATA%" /f >nul
exit /b %ERRORLEVEL%
