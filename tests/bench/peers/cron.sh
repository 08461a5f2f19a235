#!/bin/sh
# One of Debian's cron daemons in the foreground with one crontab, root's, and nothing of the system's:
#   sh cron.sh prepare CRONTAB FOLDER                   lays out a folder for one run
#   sh cron.sh run busybox|bcron|cron PACKAGES FOLDER   becomes the daemon; PACKAGES is where they are unpacked
# Running needs root: they change the user for each job.
set -eu

if [ "$1" = prepare ]; then
    crontab=$2 folder=$3
    rm -rf "$folder"
    mkdir -p "$folder/spool/crontabs" "$folder/spool/tmp" "$folder/cron.d" "$folder/run"
    install -m 600 "$crontab" "$folder/spool/crontabs/root"
    mkfifo "$folder/spool/trigger"
    # cron ignores a file of more than 10,000 lines; in its folder each line names the user.
    awk '{$5 = $5 " root"; print}' "$crontab" | split -l 10000 - "$folder/cron.d/tab"
    exit
fi

daemon=$2 packages=$3 folder=$4
case $daemon in
busybox) exec "$packages/bin/busybox" crond -f -c "$folder/spool/crontabs" ;;
bcron)
    export LD_LIBRARY_PATH="$packages/usr/lib" BCRON_SPOOL="$folder/spool" BCRON_USER=root
    PATH=$packages/usr/sbin:$PATH exec bcron-start
    ;;
cron)
    [ -d /etc/cron.d ] || { echo 'cron.sh: error: there is no /etc/cron.d to lay a folder over' >&2 && exit 1; }
    # Its paths are compiled in, so they are laid over in a mount namespace of its own.
    export packages folder
    # shellcheck disable=SC2016 # expanded by the inner shell
    exec unshare --mount sh -euc '
        mount -t tmpfs none /var/spool
        mkdir -p /var/spool/cron/crontabs
        mount --bind "$folder/cron.d" /etc/cron.d
        [ ! -f /etc/crontab ] || mount --bind /dev/null /etc/crontab
        mount --bind "$folder/run" /run
        exec "$packages/usr/sbin/cron" -f'
    ;;
esac
