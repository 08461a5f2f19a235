# shellcheck shell=sh
# The program is ended at each place at which it may be, and started again: of all answers, with one in ten to no
# question of Agora's, nothing is lost and nothing is there twice.
# shellcheck source=tests/windows/agora.sh
. tests/windows/agora.sh

places='statement.before:1 statement.after:1 statement.before:4 statement.after:4 commit.before:1 commit.after:1
    request.before:1 request.sent:1 answer.begun:1 request.before:2 request.sent:2 answer.begun:2
    run.claimed:1 run.ended:1 run.recorded:1'
answers_a_place=4

answers() { # first: so many answers
    separator=
    for number in $(seq "$1" $(($1 + answers_a_place - 1))); do
        token=token-$number
        [ $((number % 10)) != 0 ] || token=unknown-$number
        printf '%s{"token":"%s","action":"valide","commentaire":"n° %d","validated_at":"2026-06-15 10:00:00"}' \
            "$separator" $token "$number"
        separator=,
    done
}

offer() { # world first
    control "$1" items "{\"items\":[$(answers "$2")]}"
}

was_killed() { # place
    [ "$code" != 0 ] || fail "the program went on at $1: $(said)"
    killed=$((killed + 1))
}

total=$(($(echo "$places" | wc -w) * answers_a_place))
# Two validators a campaign.
make_agora <<END
INSERT INTO users (id, prenom, nom, email) VALUES (1, 'Léa', 'Une', 'a@example.org'), (2, 'Noé', 'Deux', 'b@example.org');
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $total)
INSERT INTO campaigns (id, titre, statut) SELECT i, 'Campagne ' || i, 'en_validation' FROM n WHERE i % 2 = 1;
INSERT INTO campaign_validators (campaign_id, user_id, ordre) SELECT c.id, u.id, u.id FROM campaigns c, users u;
INSERT INTO validation_tokens (campaign_id, user_id, token, expires_at, created_at)
    SELECT campaign_id, user_id, 'token-' || (campaign_id + user_id - 1), '2099-01-01 00:00:00', '2026-01-01 00:00:00'
    FROM campaign_validators;
INSERT INTO settings (cle, valeur, type) VALUES ('validation_mode', 'passerelle', 'text'), ('app_timezone', 'Europe/Paris', 'text');
END
for world in native windows; do
    configuration $world </dev/null
    start_gateway $world
    sync_job $world sync </dev/null
done
# Tables of the plugin and the host are made before.
must 0 windows run sync

first=1
killed=0
for place in $places; do
    offer windows $first
    CARILLON_CRASH_AT=$place && export CARILLON_CRASH_AT
    carillon windows run sync
    unset CARILLON_CRASH_AT
    was_killed "$place"
    must 0 windows run sync
    all_acknowledged windows $((first + answers_a_place - 1))
    offer native $first
    first=$((first + answers_a_place))
done
must 0 native run sync
all_acknowledged native $total
agora_rows native >"$scratch/native.rows"
agora_rows windows >"$scratch/windows.rows"
same 'what was killed comes to the same rows as what was not' "$(cat "$scratch/native.rows")" "$(cat "$scratch/windows.rows")"
same 'each answer is decided once' "$total" "$(grep -c '^inbox' "$scratch/windows.rows")"
same 'one validation for each known token' $((total - total / 10)) "$(grep -c '^validation' "$scratch/windows.rows")"
same 'the program was killed at every place' "$(echo "$places" | wc -w)" "$killed"
must 0 windows history -n 1000
holds "$scratch/out" 'failed|lost|interrupted'
