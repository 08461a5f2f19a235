#!/bin/sh
# What was built is hardened: hardening.sh PROGRAM PLUGIN ARCHIVE... The program is made of the archives.
set -eu

program=$1
plugin=$2
shift 2

fail() {
    echo "hardening.sh: error: $*" >&2
    exit 1
}

# readelf's text about a file has such a line.
has() { # file, options of readelf, expression, what it means
    readelf --wide "$2" "$1" | grep -qE "$3" || fail "$1 $4"
}

for file in "$program" "$plugin"; do
    has "$file" --dynamic 'FLAGS.*BIND_NOW|FLAGS_1.*NOW' 'resolves symbols late'
    has "$file" --program-headers 'GNU_RELRO' 'leaves its tables of symbols writable'
    has "$file" --program-headers 'GNU_STACK.* RW +0x' 'has a stack that can be executed'
    has "$file" --dyn-syms ' __stack_chk_fail@' 'does not guard its stack'
    ! readelf --dynamic "$file" | grep -E 'RPATH|RUNPATH|TEXTREL' || fail "$file has the lines above"
done
# The plugin has no buffer whose size the compiler knows and must check.
has "$program" --dyn-syms ' __[a-z_]+_chk@' 'does not check buffers (_FORTIFY_SOURCE)'
has "$program" --file-header 'Type: +DYN' 'lies at a fixed address'
has "$program" --dynamic 'FLAGS_1.* PIE' 'lies at a fixed address'

# The C library of Debian 12 starts programs with objects that lack this note, and so all programs do: what the compiler
# made is looked at instead.
case $(uname -m) in
x86_64)
    [ $# -gt 0 ] || fail 'there is no archive to look at'
    for archive in "$@"; do
        members=$(readelf --file-header "$archive" 2>/dev/null | grep -c 'Type: *REL')
        marked=$(readelf --notes "$archive" 2>/dev/null | grep -c 'x86 feature: IBT, SHSTK')
        [ "$members" -gt 0 ] && [ "$marked" = "$members" ] ||
            fail "$archive: $marked of $members objects let jumps go only where functions begin"
    done
    ;;
esac
