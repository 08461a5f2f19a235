# shellcheck shell=sh
# The guide's commands for Windows as they stand, from the first block to the last, in a prompt in the folder that was
# unpacked. Between them the job is filled in, as the guide says. Wine never runs a task: that line is taken as read.
# shellcheck source=tests/windows/agora.sh
. tests/windows/agora.sh

blocks() { # guide: its commands, a line each
    sed -n '/^```bat$/,/^```$/p' "$1" | grep -v '^```'
}
# Its exit code in `code`.
asked() { # line
    printf '@echo off\r\ncd /d C:\\%s\r\ncall %s\r\n' "$unpacked" "$1" >"$drive/prompt.cmd"
    code=0
    wine cmd /c 'C:\prompt.cmd' >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
}
prompt() { # line
    asked "$1"
    # Wine starts a service too, as with the machine, when its first program is this one: then net finds it running.
    case $1 in 'net start '*) grep -q 'already running' "$scratch/out" "$scratch/err" && code=0 ;; esac
    [ "$code" = 0 ] || fail "the guide's '$1' returned $code: $(said)"
}
runs() { # line
    asked "$1"
    grep -q 'the service carillon is running' "$scratch/out"
}
fill_in() {
    sync_job windows sync-passerelle </dev/null
    job windows tokens-clean <<END
job.plugin = Passerelle
job.task = TokensClean
job.schedule = 0 2 * * *
task.database.connector = SQLite
task.database.connection = $(agora_place windows)
END
    sed -i 's/^\(# *\)\?http\.address.*//' "$data/carillon.properties"
    printf 'http.address =\n' >>"$data/carillon.properties"
}

same 'both guides have the same commands' "$(blocks host/GUIDE.md)" "$(blocks host/GUIDE.fr.md)"
blocks host/GUIDE.md >"$scratch/commands"
unpacked=$(basename "$zip" .zip)
unzip -q "$zip" -d "$drive"
rm -rf "$drive/Program Files/Carillon"
make_agora <host/quickstart.sql
start_gateway windows
lines=0
while IFS= read -r line <&3; do
    case $line in
    *'schtasks /Run '*) continue ;;
    esac
    case $line in
    *'service status') until_true 20 runs "$line" || fail "the service does not run: $(said)" ;;
    esac
    prompt "$line"
    case $line in *' init '*) fill_in ;; esac
    lines=$((lines + 1))
done 3<"$scratch/commands"
[ "$lines" -ge 9 ] || fail "the guide has only $lines commands: $(cat "$scratch/commands")"
[ ! -e "$drive/Program Files/Carillon/bin" ] || fail 'install.cmd remove has left the program'
[ -s "$data/carillon.properties" ] || fail 'install.cmd remove has taken the configuration'
