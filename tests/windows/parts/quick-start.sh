# shellcheck shell=sh
# What host/quickstart.sh does, by both programs: Agora's rows are the same in the end.
# shellcheck source=tests/windows/agora.sh
. tests/windows/agora.sh

answered=$(date -u -d '1 hour ago' '+%Y-%m-%d %H:%M:%S')
item() { # token action comment-or-null
    printf '{"token":"quickstart-%s","action":"%s","commentaire":%s,"validated_at":"%s"}' "$1" "$2" "$3" "$answered"
}

make_agora <host/quickstart.sql
for world in native windows; do
    carillon $world init "$(case $world in windows) echo 'C:\ProgramData\Carillon' ;; native) echo "$scratch/native" ;; esac)"
    [ "$code" = 0 ] || fail "init in $world: $(said)"
    start_gateway $world
    control $world items "{\"items\":[$(item 1-1 valide '"Très bien"'),$(item 1-3 valide null),
        $(item 2-2 refuse '"La rue est barrée ce jour-là"'),$(item 3-1 valide null),$(item 4-3 valide '"Trop tard"')]}"
    sync_job $world sync-passerelle </dev/null
    printf '%s\n' 'job.plugin = Passerelle' 'job.task = TokensClean' 'task.database.connector = SQLite' \
        "task.database.connection = $(agora_place $world)" | job $world tokens-clean
    [ $world = windows ] || sed -i "\$aplugins.dir = $build/lib/carillon/plugins" "$scratch/native/carillon.properties"
    must 0 $world validate
    must 0 $world check sync-passerelle
    must 0 $world run sync-passerelle --dry-run
    same "a dry run in $world writes nothing" 0 "$(sqlite3 "$(folder $world)/agora.db" 'SELECT count(*) FROM validations')"
    must 0 $world run sync-passerelle
    says 'sync-passerelle succeeded: 5 fetched, 4 applied, 1 rejected \(token_expired\), 5 acknowledged, '
    all_acknowledged $world 5
    must 0 $world run sync-passerelle
    says 'sync-passerelle had nothing to do'
    must 0 $world run tokens-clean
    must 0 $world history
    same "three runs in the history of $world" 3 "$(grep -c -E 'sync-passerelle|tokens-clean' "$scratch/out")"
    must 0 $world rejects sync-passerelle
    says 'token_expired'
    agora_rows $world >"$scratch/$world.rows"
done
same 'both programs bring the same rows into Agora' "$(cat "$scratch/native.rows")" "$(cat "$scratch/windows.rows")"
holds "$scratch/windows.rows" 'La rue est barrée ce jour-là'
