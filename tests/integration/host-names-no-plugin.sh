#!/bin/sh
# The host knows no plugin: nothing in its sources names what belongs to Passerelle. Argument: the sources of the host.
set -eu
cd "$1"

words='synchronis|fetched|sync_|passerelle|agora|gateway'

# Each exception has its file, what it may say there, and a reason.
exceptions='
cli/CMakeLists.txt:conf/jobs/sync-passerelle.properties|`init` writes the configuration that is shipped
cli/InitVerb.cpp:starterOf..sync-passerelle"|and how the system starts that job, where it has a file for that
cli/windows/JobStarter.cpp:kJob = "sync-passerelle"|the file that is shipped names that job, as an example
words/texts/faults.en.properties:http.upstream = Bad Gateway|what HTTP calls the status 502
'

found=$(grep -rniE "$words" . | sed 's|^\./||') || :
while IFS='|' read -r allowed reason; do
    [ -n "$allowed" ] || continue
    [ -n "$reason" ] || { echo "$allowed: an exception without a reason"; exit 1; }
    file=${allowed%%:*}
    rest=$(printf '%s\n' "$found" | grep -vE "^$file:[0-9]+:.*${allowed#*:}") || :
    [ "$rest" != "$found" ] || { echo "$allowed: an exception that nothing needs"; exit 1; }
    found=$rest
done <<END
$exceptions
END
[ -z "$found" ] || { echo "the host names a plugin's things:"; printf '%s\n' "$found"; exit 1; }
