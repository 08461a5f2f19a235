"""systemctl where no systemd runs: does with a unit what systemd would do with the keys that matter to a guide.

The unit's folders are made for its user, and its ExecStart is carried out as that user, without privileges, and with
everything but those folders read-only (ProtectSystem=strict).
"""
import os, shlex, signal, socket, subprocess, sys, time
from pathlib import Path

PLACES = ('/etc/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system')
JOURNAL = '/run/carillon.journal'
FOLDERS = {'ConfigurationDirectory': '/etc', 'StateDirectory': '/var/lib', 'LogsDirectory': '/var/log'}


def read_unit(name):
    paths = [Path(place) / name for place in PLACES if (Path(place) / name).exists()]
    if not paths:
        sys.exit(f'Failed to enable unit: Unit file {name} does not exist.')
    unit = {}
    for line in paths[0].read_text().splitlines():
        if '=' in line and not line.startswith('#'):
            key, _, value = line.partition('=')
            unit[key] = value
    return unit


def make_folders(unit):
    """As systemd does; the configuration stays root's."""
    writable = []
    for key, place in FOLDERS.items():
        folder = f'{place}/{unit[key]}'
        os.makedirs(folder, exist_ok=True)
        os.chmod(folder, int(unit[f'{key}Mode'], 8))
        if key != 'ConfigurationDirectory':
            subprocess.run(['chown', f'{unit["User"]}:{unit["Group"]}', folder], check=True)
            writable.append(folder)
    return writable


def command_of(unit, writable):
    mounts = ' && '.join([f'mount --bind {folder} {folder}' for folder in writable] +
                         ['mount -o remount,bind,ro /etc', 'mount -o remount,bind,ro /var/lib', 'mount -o remount,bind,ro /var/log',
                          'mount -o remount,bind,ro /usr/local'])
    run = ['setpriv', '--reuid', unit['User'], '--regid', unit['Group'], '--init-groups', '--no-new-privs',
           '--bounding-set=-all', '--inh-caps=-all'] + shlex.split(unit['ExecStart'])
    return ['unshare', '--mount', 'sh', '-c', f'umask {unit["UMask"]} && {mounts} && exec "$@"', '-'] + run


def start(name):
    unit = read_unit(name)
    command = command_of(unit, make_folders(unit))
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind(f'\0carillon-guide-{os.getpid()}')
    host = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(JOURNAL, 'a'), cwd='/',
                            start_new_session=True,
                            env={'PATH': '/usr/local/bin:/usr/bin:/bin', 'NOTIFY_SOCKET': notify.getsockname().decode().replace('\0', '@')})
    Path(f'/run/{name}.pid').write_text(str(host.pid))
    notify.settimeout(0.2)
    while host.poll() is None:
        try:
            if b'READY=1' in notify.recv(4096):
                return
        except TimeoutError:
            pass
    sys.exit(f'Job for {name} failed.\n' + Path(JOURNAL).read_text())


def main():
    verb, names = sys.argv[1], [word for word in sys.argv[2:] if not word.startswith('-')]
    name = names[0] if names and '.' in names[0] else f'{names[0]}.service' if names else ''
    pid = Path(f'/run/{name}.pid')
    if verb in ('stop', 'restart') and pid.exists():
        number = int(pid.read_text())
        os.kill(number, signal.SIGTERM)
        while Path(f'/proc/{number}').exists() and 'Z' not in Path(f'/proc/{number}/stat').read_text().split()[2]:
            time.sleep(0.05)
        pid.unlink()
    if verb in ('start', 'restart') or verb == 'enable' and '--now' in sys.argv:
        start(name)
    if verb == 'reload':
        read_unit(name)
        os.kill(int(pid.read_text()), signal.SIGHUP)
        time.sleep(1)


main()
