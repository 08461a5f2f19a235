# shellcheck shell=sh
# What the archive consists of: each program and library finds what it needs in it or in Windows, and asks Windows to
# guard it.

# Windows' own, as the programs name them.
of_windows='advapi32 bcrypt crypt32 gdi32 iphlpapi kernel32 msvcrt ntdll ole32 psapi secur32 shell32 shlwapi user32 winmm
    ws2_32 wtsapi32'
home="$drive/Program Files/Carillon"

is_of_windows() { # name
    stem=$(printf '%s' "${1%.*}" | tr '[:upper:]' '[:lower:]')
    for known in $of_windows; do [ "$known" != "$stem" ] || return 0; done
    return 1
}

find "$home" -name '*.exe' -o -name '*.dll' | sort >"$scratch/files"
[ "$(wc -l <"$scratch/files")" -ge 15 ] || fail "few programs and libraries: $(cat "$scratch/files")"
while read -r file; do
    x86_64-w64-mingw32-objdump -p "$file" >"$scratch/headers"
    for flag in DYNAMIC_BASE NX_COMPAT HIGH_ENTROPY_VA; do
        grep -q "^[[:space:]]*$flag\$" "$scratch/headers" || fail "${file##*/} lacks $flag"
    done
    sed -n 's/^\tDLL Name: //p' "$scratch/headers" >"$scratch/needs"
    [ -s "$scratch/needs" ] || fail "${file##*/} needs nothing, which no program does"
    while read -r needed; do
        [ -f "$home/bin/$needed" ] || is_of_windows "$needed" || fail "${file##*/} needs $needed, which is not there"
    done <"$scratch/needs"
done <"$scratch/files"
# Libraries of the host lie where only the program looks: none stands among the plugins.
same 'the plugins' 'libPasserelle.dll' "$(cd "$home/lib/carillon/plugins" && ls -- *.dll)"
size=$(wc -c <"$zip")
[ "$size" -le 12582912 ] || fail "the archive has $size bytes, which are more than 12 MB"
for name in README.txt install.cmd conf/carillon-run.xml conf/service.cmd doc/GUIDE.md licences/openssl licences/sources.txt \
    share/zoneinfo/Europe/Paris lib/carillon/plugins/Passerelle.fr.properties; do
    [ -s "$home/$name" ] || fail "the archive lacks $name"
done
