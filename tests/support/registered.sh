#!/bin/sh
# Fails when a test would never run: registered.sh FOLDER COMPILED_SOURCE...
#
# Looks at each .cpp under FOLDER with a CppUnit fixture: it must be among the compiled sources, its classes
# registered, and each public `void name()` of theirs, setUp and tearDown apart, named by a CPPUNIT_TEST line.
# Reads the house style: classes at the start of a line, their members indented once.
set -eu

folder=$1
shift
compiled=$(printf '%s\n' "$@")
list=$(mktemp)
trap 'rm -f "$list"' EXIT
find -H "$folder" -name '*.cpp' -exec grep -l -e 'CppUnit::TestFixture' -e '^ *CPPUNIT_TEST_SUITE' {} + >"$list" || :
[ -s "$list" ] || {
    echo "error: no test source under $folder"
    exit 1
}

status=0
while IFS= read -r file; do
    if ! printf '%s\n' "$compiled" | grep -Fqx -e "$file"; then
        echo "$file: error: in no test executable: add it to a source list"
        status=1
    fi
    awk '
        function fault(line, text) { print FILENAME ":" line ": error: " text; faults = 1 }
        function argument(text) { sub(/^[^(]*\([ \t]*/, "", text); sub(/[ \t]*[,)].*/, "", text); return text }

        /^(class|struct) [A-Za-z0-9_]+/ {
            class = $2; sub(/:.*/, "", class)
            public = 0
            if (/TestFixture/) fixtures[class] = FNR
            next
        }
        /^};/ { class = ""; next }
        /^CPPUNIT_TEST_SUITE_(NAMED_)?REGISTRATION\(/ { registered[argument($0)] = 1; next }
        /^ *CPPUNIT_TEST_(SUB_)?SUITE\(/ && argument($0) != class {
            fault(FNR, "cannot check this suite: no line starts with `class " argument($0) "`")
        }
        /^ *CPPUNIT_TEST_(SUB_)?SUITE\(/ { fixtures[class] = FNR }
        class == "" { next }
        /^ *public:/ { public = 1; next }
        /^ *(private|protected):/ || /CPPUNIT_TEST_SUITE_END/ { public = 0; next }
        /^ *CPPUNIT_TEST(_EXCEPTION|_FAIL|_ERROR|_PARAMETERIZED)?\(/ { named[class, argument($0)] = 1; next }
        public && /^(    |\t)(virtual )?void [A-Za-z0-9_]+\(\)/ {
            name = $0; sub(/\(.*/, "", name); sub(/.* /, "", name)
            if (name != "setUp" && name != "tearDown") methods[class SUBSEP name] = FNR
        }
        END {
            for (key in methods) if (!(key in named)) {
                split(key, part, SUBSEP)
                if (part[1] in fixtures) fault(methods[key], part[1] "::" part[2] " never runs: CPPUNIT_TEST(" part[2] ") is missing")
            }
            for (name in fixtures) if (!(name in registered))
                fault(fixtures[name], name " never runs: CPPUNIT_TEST_SUITE_REGISTRATION(" name ") is missing")
            exit faults
        }' "$file" || status=1
done <"$list"
exit $status
