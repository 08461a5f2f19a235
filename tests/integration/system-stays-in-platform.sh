#!/bin/sh
# What the operating system is stands in host/src/platform alone: system-stays-in-platform.sh PROJECT. Sources elsewhere
# include headers of the language and of libraries, and ask for no system. With a second argument, a folder, also the
# sources there are looked at, as if they were the host's.
set -eu
cd "$1"

# The language's, without those that are about a system's signals; and of libraries.
allowed='<[a-z_]+>|<(openssl|mysql|sqlite3|zlib|csv|idn2|kainjow|cppunit)[./][A-Za-z0-9_./]*>'
systems='__linux|__linux__|__gnu_linux__|__GLIBC__|__APPLE__|__MACH__|__unix|__unix__|_POSIX|_WIN32|_WIN64|__MINGW|__FreeBSD__|POCO_OS'

# Each exception has its file, what it may say there, and a reason.
exceptions='
host/include/carillon/Interface.h:_WIN32|what a library lets others see is told in another way there
'

sources() {
    find host/src host/shared host/include plugin "$@" -name platform -prune -o \( -name '*.h' -o -name '*.cpp' \) -print
}

lines=$(sources ${2+"$2"} | xargs grep -nE "^ *# *include *<|^ *# *(if|ifdef|ifndef|elif).*($systems)")
found=$(printf '%s\n' "$lines" | grep -F '<csignal>' || :
    printf '%s\n' "$lines" | grep -vE ": *# *include *($allowed)") || :
while IFS='|' read -r exception reason; do
    [ -n "$exception" ] || continue
    [ -n "$reason" ] || { echo "$exception: an exception without a reason"; exit 1; }
    rest=$(printf '%s\n' "$found" | grep -vE "^${exception%%:*}:[0-9]+:.*${exception#*:}") || :
    [ "$rest" != "$found" ] || { echo "$exception: an exception that nothing needs"; exit 1; }
    found=$rest
done <<END
$exceptions
END
[ -z "$found" ] || { echo "what a system is stands outside host/src/platform:"; printf '%s\n' "$found"; exit 1; }
