# shellcheck shell=sh
# Accents and signs beyond them in the names of folders and files, in arguments and in what is printed.
# shellcheck source=tests/windows/agora.sh
. tests/windows/agora.sh

make_agora <host/quickstart.sql
start_gateway windows
control windows items '{"items":[{"token":"quickstart-1-1","action":"valide","commentaire":"Ça va 🎉","validated_at":"2026-06-15 10:00:00"},
    {"token":"é🎉","action":"valide","commentaire":null,"validated_at":"2026-06-15 10:00:00"}]}'
here=$drive/été
there='C:\été'

carillon_there() { # argument...
    code=0
    wine "$program" --config "$there\\carillon.properties" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
}
well() { # argument...
    carillon_there "$@"
    [ "$code" = 0 ] || fail "carillon $* returned $code: $(said)"
}

well init "$there"
says 'wrote C:.été.carillon.properties'
[ -f "$here/jobs/sync-passerelle.properties" ] || fail "init wrote to $(ls "$drive") instead of été"
mv "$data/agora.db" "$here/vœux 🎉.db"
mkdir "$data/jobs"
sync_job windows sync-passerelle <<END
job.title = Relève de l’été 🎉
END
sed 's,C:/ProgramData/Carillon/agora.db,C:/été/vœux 🎉.db,' "$data/jobs/sync-passerelle.properties" >"$here/jobs/sync-passerelle.properties"
chmod 640 "$here/jobs/sync-passerelle.properties"
rm "$here/jobs/tokens-clean.properties"
sed -i 's/^jobs.enabled.*/jobs.enabled =/' "$here/carillon.properties"
well validate
well run sync-passerelle
says 'sync-passerelle succeeded: 2 fetched, 1 applied, 1 rejected'
same 'the comment in Agora' 'Ça va 🎉' "$(sqlite3 "$here/vœux 🎉.db" 'SELECT commentaire FROM validations')"
well rejects sync-passerelle
says 'é🎉'
well logs sync-passerelle -n 20
says 'é🎉'
holds "$here/logs/sync-passerelle.log" 'é🎉'
well jobs
says 'Relève de l’été 🎉'
# A backslash that is written once is lost, and what is left is no path: the key is named.
cp "$here/carillon.properties" "$scratch/good.properties"
printf '%s\n' 'logs.dir = C:\temp\logs' >>"$here/carillon.properties"
carillon_there validate
same 'a path that is none is a fault of the configuration' 2 "$code"
says 'carillon\.properties:[0-9]+: logs\.dir = C:.emplogs, expected a path'
cp "$scratch/good.properties" "$here/carillon.properties"
# What is wrong with an argument is said of what was given.
carillon_there run 'vœux-🎉'
same 'a job that is not there is wrong usage' 2 "$code"
says 'vœux-🎉'
mv "$here/carillon.properties" "$here/où ça 🎉.properties"
there_is() { wine "$program" --config "$there\\$1" validate >"$scratch/out" 2>"$scratch/err" </dev/null; }
there_is 'où ça 🎉.properties' || fail "a file of that name is not read: $(said)"
code=0
there_is 'où ça 🎉🎉.properties' || code=$?
same 'so is a file that is not there' 2 "$code"
says 'où ça 🎉🎉.properties'
