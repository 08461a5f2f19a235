#!/usr/bin/env python3
"""Runs a guide as it stands, from its first line to its last: guides.py GUIDE SOURCE BUILD

Each fenced block of the guide is a step (tests/README.md says how to write one):
  sh              commands, run in one shell session, from the folder of the sources
  console         lines that begin with "$ " are commands, the others their output
  text            what the commands right before it print; "…" stands for anything within a line, alone on its line for
                  any lines. With "carillon: error:" in it the commands have to fail.
  properties FILE lines that are added to FILE
  bat             lines for a prompt of Windows, which tests/windows.sh runs
  (nothing)       a drawing
Times, ids of runs, how long something took, ports, process numbers, the host's name and the width of columns may differ.

The machine stays as it is: all happens in namespaces of mounts, processes and the network, with overlays over the
folders of the system. Whoever may not make those gets exit code 77. What stands in for the system there is listed below.
"""
import array, fcntl, os, re, shutil, signal, socket, struct, subprocess, sys, tempfile, time
from pathlib import Path

# Commands that are not carried out as they stand, and what is done instead.
STAND_INS = [
    # Stay in the foreground.
    (r'^(\S*carillon serve)\b[^#\n]*', r'\1 & until curl -sfo /dev/null http://127.0.0.1:8620/readyz; do sleep 0.1; done '),
    # Follow until they are ended: for a second.
    (r'^((?:sudo -u \S+ )?carillon logs [^#\n]*-f\b[^#\n]*)', r'timeout -s INT 1 \1 || [ $? = 124 ] '),
    # Is what runs this very test.
    (r'^sh tests/run\.sh\b[^\n]*', 'echo "100% tests passed, 0 tests failed out of 1"'),
]
# In the path before all others. cmake only installs, since everything is built. There is no systemd: systemctl does
# with the unit what systemd would do, and journalctl shows what the service wrote.
PROGRAMS = {
    'cmake': 'for word; do if [ "$word" = --install ]; then exec {cmake} --install {build} --strip; fi; done',
    'sudo': '[ "$1" = -u ] && exec setpriv --reuid "$2" --regid "$2" --init-groups "${@:3}"',
    'systemctl': 'exec {python} {here}/systemctl.py "$@"',
    'journalctl': 'cat /run/carillon.journal',
}
# What people are asked for: a password, twice, or its first line from a pipe.
STDIN = 'correct horse battery staple'

MAY_DIFFER = [
    (r'\d{8}-\d{6}-[0-9a-f]{8}', 'RUN'),
    (r'((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?(\d{4}-\d\d-\d\d[T ])?\d\d:\d\d(:\d\d(\.\d+)?)?(Z| [A-Z]{3,4}\b| ?[+-]\d\d:\d\d)?', 'TIME'),
    (r'\bms=\d+', 'ms=N'),
    (r'\b\d+(\.\d+)? (ms|s|min|h|d)( \d+ (s|min|h))?\b(?!=)', 'DURATION'),
    (r'(127\.0\.0\.1|localhost):\d{4,5}', r'\1:PORT'),
    (r'\(process \d+\)', '(process N)'),
    (r'^host \S+ ', 'host NAME '),
    (r'tests failed out of \d+', 'tests failed out of N'),
    (r'  +', '  '),  # columns are as wide as what is in them
]


def fail(text):
    sys.exit(f'guides.py: error: {text}')


# ---- The guide

class Step:
    def __init__(self, line, commands):
        self.line, self.commands, self.expected = line, commands, None
        self.file = None  # to which the commands are lines that are added


def fences(text):
    """(line, info, content) of each fenced block."""
    lines, opened = text.split('\n'), None
    for number, line in enumerate(lines, 1):
        if opened is None and line.startswith('```'):
            opened, info = number, line[3:].strip()
        elif opened is not None and line == '```':
            yield opened, info, '\n'.join(lines[opened:number - 1])
            opened = None


def steps_of(text):
    steps = []
    for line, info, content in fences(text):
        kind, _, rest = info.partition(' ')
        if kind == 'sh':
            steps.append(Step(line, content))
        elif kind == 'console':
            for part in re.split(r'^\$ ', content, flags=re.M)[1:]:
                command, _, output = part.partition('\n')
                steps.append(Step(line, command))
                steps[-1].expected = output.strip('\n')
        elif kind == 'text':
            if not steps or steps[-1].expected is not None:
                fail(f'line {line}: an output without a command before it')
            steps[-1].expected = content
        elif kind == 'properties' and rest:
            steps.append(Step(line, content))
            steps[-1].file = rest
        elif info and info != 'bat':
            fail(f'line {line}: a block of the kind "{info}"; expected sh, console, text, bat or properties FILE')
    return steps


# ---- Outputs

def normal(text):
    for pattern, name in MAY_DIFFER:
        text = re.sub(pattern, name, text, flags=re.M)
    return [line.rstrip() for line in text.strip('\n').split('\n')]


def fits(expected, found):
    """Whether the lines found are the expected ones."""
    if not expected:
        return not found
    if expected[0].strip() == '…':
        return any(fits(expected[1:], found[i:]) for i in range(len(found) + 1))
    pattern = '.*'.join(re.escape(part) for part in expected[0].split('…'))
    return bool(found) and re.fullmatch(pattern, found[0]) is not None and fits(expected[1:], found[1:])


# ---- The machine

def over(folder, scratch, lower=None):
    """What is written below the folder lands in scratch instead."""
    name = folder.strip('/').replace('/', '-')
    upper, work = scratch / f'{name}.upper', scratch / f'{name}.work'
    upper.mkdir()
    work.mkdir()
    os.makedirs(folder, exist_ok=True)
    subprocess.run(['mount', '-t', 'overlay', 'overlay', '-o',
                    f'lowerdir={lower or folder},upperdir={upper},workdir={work}', folder], check=True)


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        up_and_running = 0x41
        fcntl.ioctl(s, 0x8914, struct.pack('16sH14x', b'lo', up_and_running))


def make_machine(source, build):
    """Returns the folder of the sources there."""
    raise_loopback()
    scratch = next(Path(place) for place in ('/mnt', '/srv', '/opt') if not (source + build).count(place + '/'))
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', str(scratch)], check=True)
    for folder in ('/etc', '/usr/local', '/var/lib', '/var/log', str(build)):
        over(folder, scratch)
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run'], check=True)
    here = str(scratch / 'carillon')
    over(here, scratch, source)
    # Fresh but for what is built.
    subprocess.run(['mount', '--mkdir', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', f'{here}/build'], check=True)
    for folder in ('bin', 'lib', 'tests/gateway'):
        subprocess.run(['mount', '--mkdir', '--bind', f'{build}/{folder}', f'{here}/build/{folder}'], check=True)
    shutil.rmtree('/etc/carillon', ignore_errors=True)
    programs = scratch / 'programs'
    programs.mkdir()
    for name, text in PROGRAMS.items():
        for key, value in {'cmake': shutil.which('cmake'), 'build': str(build), 'python': sys.executable,
                           'here': str(Path(__file__).parent)}.items():
            text = text.replace('{' + key + '}', value)
        (programs / name).write_text(f'#!/bin/bash\n{text}\n')
        (programs / name).chmod(0o755)
    os.environ['PATH'] = f'{programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    return here


# ---- What the guides presume: Agora with its database and its gateway

AGORA = """
CREATE DATABASE agora CHARACTER SET utf8mb4; USE agora; SOURCE schemas/agora/mysql/agora.sql;
CREATE USER agora@'%' IDENTIFIED BY 'PASSWORD'; GRANT ALL ON agora.* TO agora@'%';
INSERT INTO users (id, prenom, nom, email) VALUES (1, 'Service', 'Culture', 'culture@example.org');
INSERT INTO campaigns (id, titre, statut) VALUES (1, 'Marché de Noël', 'en_validation'), (2, 'Vœux', 'en_validation');
INSERT INTO campaign_validators (campaign_id, user_id, ordre) VALUES (1, 1, 1), (2, 1, 1);
INSERT INTO validation_tokens (campaign_id, user_id, token, expires_at) VALUES
  (1, 1, 'guide-1-1', '2040-01-01 00:00:00'), (2, 1, 'guide-2-1', NOW() - INTERVAL 2 DAY);
INSERT INTO settings (cle, valeur) VALUES ('validation_mode', 'passerelle'), ('app_timezone', 'Europe/Paris'),
  ('validation_passerelle_url', 'http://127.0.0.1:8080/agora/passerelle'), ('validation_passerelle_api_key', 'guide-key');
"""


def start_agora(build, password, answers):
    folder = Path('/run/mariadb')
    folder.mkdir()
    (folder / 'port').write_text('3306\n')
    subprocess.run(['sh', 'tests/support/mariadb.sh', 'start', str(folder)], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(['mariadb', '--no-defaults', f'--socket={folder}/mariadb.sock', '--user=carillon', '--password=carillon',
                    '--default-character-set=utf8mb4'], input=AGORA.replace('PASSWORD', password), text=True, check=True)
    subprocess.Popen([f'{build}/tests/gateway/carillon-test-gateway', '--db', '/run/gateway.db', '--key', 'guide-key',
                      '--port', '8080', '--port-file', '/run/gateway.port'])
    while not Path('/run/gateway.port').exists():
        time.sleep(0.05)
    answered = time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(time.time() - 3600))
    items = ','.join(f'{{"token":"guide-{n}-1","action":"valide","commentaire":null,"validated_at":"{answered}"}}' for n in answers)
    subprocess.run(['curl', '-sf', '-o', '/dev/null', '-d', f'{{"items":[{items}]}}', 'http://127.0.0.1:8080/control/items'],
                   check=True)


def start_mail(password):
    """smtp.mairie.example, with a certificate of an authority that the system trusts."""
    name, folder = 'smtp.mairie.example', Path('/run/mail')
    folder.mkdir()
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', f'/CN={name}', '-addext',
                    f'subjectAltName=DNS:{name}', '-keyout', folder / 'key', '-out', folder / 'pem'], check=True, capture_output=True)
    digest = subprocess.run(['openssl', 'x509', '-hash', '-noout', '-in', folder / 'pem'], check=True, capture_output=True,
                            text=True).stdout.strip()
    shutil.copy(folder / 'pem', f'/etc/ssl/certs/{digest}.0')
    with open('/etc/hosts', 'a') as hosts:
        hosts.write(f'127.0.0.1 {name}\n')
    server = subprocess.Popen(['/usr/bin/python3', 'tests/support/smtp.py', folder, 'starttls', folder / 'pem', folder / 'key', '587',
                               password], stdout=subprocess.PIPE)
    server.stdout.readline()


# What is done in Agora before a step that has such a command.
WORK_IN_AGORA = {'carillon replay sync-passerelle 2 ': "UPDATE agora.validation_tokens SET expires_at = '2040-01-01 00:00:00'"}


def work_in_agora(commands):
    for command, statement in WORK_IN_AGORA.items():
        if command in commands:
            subprocess.run(['mariadb', '--no-defaults', '--socket=/run/mariadb/mariadb.sock', '--user=carillon', '--password=carillon',
                            f'--execute={statement}'], check=True)


# ---- A run of the guide

def run_step(step):
    if step.file:
        with open(step.file, 'a', encoding='utf-8') as file:
            file.write('\n' + step.commands + '\n')
        return
    work_in_agora(step.commands)
    commands = step.commands
    for pattern, instead in STAND_INS:
        commands = re.sub(pattern, instead, commands, flags=re.M)
    script = f'set -ea\n. /run/session\n{commands}\n{{ export -p; echo "cd \\"$PWD\\""; }} >/run/session\n'
    asked = subprocess.Popen(['yes', STDIN], stdout=subprocess.PIPE)
    output = tempfile.TemporaryFile('w+', encoding='utf-8')  # no pipe: what stays in the background would keep it open
    code = subprocess.run(['sh', '-c', script], stdin=asked.stdout, stdout=output, stderr=subprocess.STDOUT,
                          timeout=120).returncode
    asked.kill()
    output.seek(0)
    found = output.read()
    has_to_fail = 'carillon: error:' in (step.expected or '')
    if (code != 0) != has_to_fail:
        fail(f'line {step.line}: exit code {code} of\n{step.commands}\nand it said\n{found}')
    if step.expected is not None and not fits(normal(step.expected), normal(found)):
        fail(f'line {step.line}: after\n{step.commands}\nthe guide shows\n{step.expected}\nand it said\n{found}')
    print(f'-- line {step.line}\n{step.commands}\n{found}', flush=True)


def check_installation():
    """The service reads its configuration without being able to change it, and writes what it has to."""
    as_service = ['setpriv', '--reuid', 'carillon', '--regid', 'carillon', '--init-groups', 'find']
    told = [subprocess.run(as_service + words, check=True, capture_output=True, text=True).stdout for words in (
        ['/etc/carillon', '-writable', '!', '-type', 'l'], ['/etc/carillon', '!', '-readable'],
        ['/var/lib/carillon', '/var/log/carillon', '!', '-writable'])]
    if any(told):
        fail(f'the service may write {told[0]}, may not read {told[1]}, may not write {told[2]}')


def main():
    guide, source, build = sys.argv[1], os.path.realpath(sys.argv[2]), os.path.realpath(sys.argv[3])
    if os.environ.get('CARILLON_GUIDES_INSIDE') != '1':
        namespaces = ['unshare', '--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc']
        if subprocess.run(namespaces + ['mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], stderr=subprocess.DEVNULL).returncode != 0:
            print('guides.py: skipped: this user may not make namespaces and mounts')
            sys.exit(77)
        os.environ['CARILLON_GUIDES_INSIDE'] = '1'
        os.execvp('unshare', namespaces + [sys.executable] + sys.argv)
    path = os.environ['PATH']
    os.environ.clear()
    os.environ.update(PATH=path, HOME='/root', CARILLON_SKIP_PACKAGES='1', LC_ALL='C.UTF-8', TZ='UTC')
    os.umask(0o022)
    here = make_machine(source, build)
    os.chdir(here)
    text = Path(guide).read_text(encoding='utf-8')
    if '/etc/carillon' in text:
        # The passwords are those that the guide writes. Of the two answers one is late: only Passerelle's guide is about that.
        answers = (1, 2) if 'passerelle' in guide else (1,)
        passwords = re.findall(r"printf %s '([^']*)'", text)
        start_agora(build, passwords[0], answers)
        if passwords[1:]:
            start_mail(passwords[1])
    Path('/run/session').write_text(f'cd {here}\n')
    # No slot of the synchronisation, every 5 minutes, comes between what the guide does and what it shows.
    if '/etc/carillon' in text and time.time() % 300 > 200:
        time.sleep(301 - time.time() % 300)
    for step in steps_of(text):
        run_step(step)
        time.sleep(1)  # as a reader takes at least; a running host knows new users and tokens then
    if '/etc/carillon' in text:
        check_installation()


main()
