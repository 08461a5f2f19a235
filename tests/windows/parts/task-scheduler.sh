# shellcheck shell=sh
# The file that init writes for the Task Scheduler: what it says, and that its action does a run. Wine stores such a
# file and never fires, so that the action is taken out of it and started as the Task Scheduler would.
# shellcheck source=tests/windows/agora.sh
. tests/windows/agora.sh

must 0 windows init 'C:\ProgramData\Carillon'
file=$data/sync-passerelle.task.xml
[ -f "$file" ] || fail "init wrote no $file: $(said)"
says 'schtasks /Create /TN "Carillon\\sync-passerelle" /XML'
same 'it begins with the mark of UTF-16' fffe "$(head -c 2 "$file" | od -An -tx1 | tr -d ' \n')"

value() { # path of elements
    xpath=$(printf '%s' "/$1" | sed "s,/\([A-Za-z]*\),/*[local-name()='\1'],g")
    xmllint --xpath "string($xpath)" "$file"
}
settles() { # path value
    same "$1" "$2" "$(value "$1")"
}
settles Task/Triggers/CalendarTrigger/Repetition/Interval PT5M
settles Task/Triggers/CalendarTrigger/Repetition/Duration P1D
settles Task/Triggers/CalendarTrigger/ScheduleByDay/DaysInterval 1
settles Task/Triggers/CalendarTrigger/Enabled true
settles Task/Settings/MultipleInstancesPolicy IgnoreNew
settles Task/Settings/StartWhenAvailable true
settles Task/Settings/ExecutionTimeLimit PT0S
settles Task/Settings/DisallowStartIfOnBatteries false
settles Task/Settings/StopIfGoingOnBatteries false
settles Task/Settings/RunOnlyIfNetworkAvailable false
settles Task/Settings/Enabled true
settles Task/Principals/Principal/UserId S-1-5-18
settles Task/Actions/Exec/WorkingDirectory 'C:\ProgramData\Carillon'
settles Task/Actions/Exec/Command '"C:\Program Files\Carillon\bin\carillon.exe"'
wine schtasks /Create /TN 'Carillon\sync-passerelle' /XML 'C:\ProgramData\Carillon\sync-passerelle.task.xml' \
    >"$scratch/out" 2>"$scratch/err" </dev/null || fail "schtasks refuses it: $(said)"

make_agora <host/quickstart.sql
start_gateway windows
control windows items '{"items":[{"token":"quickstart-1-1","action":"valide","commentaire":null,"validated_at":"2026-06-15 10:00:00"}]}'
sync_job windows sync-passerelle </dev/null
{
    printf '@echo off\r\ncd /d "%s"\r\n' "$(value Task/Actions/Exec/WorkingDirectory)"
    printf '%s %s\r\n' "$(value Task/Actions/Exec/Command)" "$(value Task/Actions/Exec/Arguments)"
} >"$drive/action.cmd"
code=0
wine cmd /c 'C:\action.cmd' >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
same "the action's exit code, $(said)" 0 "$code"
says 'sync-passerelle succeeded: 1 fetched'
all_acknowledged windows 1
