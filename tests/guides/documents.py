#!/usr/bin/env python3
"""What the documents say of each other and of the program holds: documents.py SOURCE CARILLON PLUGIN"""
import re, subprocess, sys, unicodedata
from pathlib import Path

source, program, plugin = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
documents = [path for path in sorted(source.rglob('*.md')) if not {'build', 'node_modules'} & set(path.relative_to(source).parts)]
faults = []


def fault(document, text):
    faults.append(f'{document.relative_to(source)}: {text}')


def text_of(document):
    return document.read_text(encoding='utf-8')


def parts_of(document):
    """(prose, blocks): the text without its fenced blocks, and these."""
    blocks = re.findall(r'^```.*?^```$', text_of(document), flags=re.M | re.S)
    return re.sub(r'^```.*?^```$', '', text_of(document), flags=re.M | re.S), blocks


def without_code(prose):
    return re.sub(r'`[^`\n]*`', '`', prose)


# ---- Links

def anchor(heading):
    """As GitHub makes it of a heading."""
    heading = re.sub(r'[`*]|\[([^\]]*)\]\([^)]*\)', lambda m: m[1] or '', heading).strip().lower()
    kept = (c for c in heading if c in ' -_' or unicodedata.category(c)[0] in 'LN')
    return ''.join(kept).replace(' ', '-')


def anchors_of(document):
    return {anchor(heading) for heading in re.findall(r'^#+ (.*)$', parts_of(document)[0], flags=re.M)}


def check_links():
    for document in documents:
        for target in re.findall(r'\]\(([^)]+)\)', without_code(parts_of(document)[0])):
            if re.match(r'[a-z]+:', target):
                continue
            name, _, part = target.partition('#')
            file = (document.parent / name).resolve() if name else document
            if not file.exists():
                fault(document, f'links to {target}, which does not exist')
            elif part and file.suffix == '.md' and part not in anchors_of(file):
                fault(document, f'links to {target}, a heading that does not exist')


# ---- The two languages of the guide

def section_spans(document):
    """The code within the prose of each section, in no order."""
    prose = parts_of(document)[0]
    return [set(re.findall(r'`([^`\n]+)`', section)) for section in re.split(r'^#+ .*$', prose, flags=re.M)]


def commands_of(document):
    """The blocks, without comments."""
    return [re.sub(r' *# .*$', '', block, flags=re.M) for block in parts_of(document)[1]]


def check_languages():
    english, french = source / 'host/GUIDE.md', source / 'host/GUIDE.fr.md'
    headings = [re.findall(r'^(#+) ', parts_of(guide)[0], flags=re.M) for guide in (english, french)]
    if headings[0] != headings[1]:
        fault(french, f'its headings are nested as {headings[1]}, those of GUIDE.md as {headings[0]}')
    if commands_of(english) != commands_of(french):
        fault(french, 'its blocks differ from those of GUIDE.md by more than comments')
    names = re.findall(r'^#+ (.*)$', parts_of(english)[0], flags=re.M)
    for name, here, there in zip(['(top)'] + names, section_spans(english), section_spans(french)):
        if here != there:
            fault(french, f'section "{name}": only in GUIDE.md: {sorted(here - there)}, only here: {sorted(there - here)}')


def check_french_typography():
    """No-break spaces before : ; ? ! and within « »."""
    for document in documents:
        if not document.name.endswith('.fr.md'):
            continue
        for line in without_code(parts_of(document)[0]).split('\n'):
            line = re.sub(r'\]\([^)]*\)|^\|[-|: ]+\|$', ']', line)
            wrong = re.search(r'(?<![\u00a0\u202f])[;?!»](?=[\s|)]|$)|(?<![\u00a0\u202f]):(?=\s|$)|«(?![\u00a0\u202f])', line)
            if wrong:
                fault(document, f'expected a no-break space at "{line[max(0, wrong.start() - 20):wrong.end() + 5]}"')


# ---- Commands named in the prose

def check_verbs():
    helped = {}
    for document in documents:
        for command in re.findall(r'`carillon ([a-z][^`\n]*)`', parts_of(document)[0]):
            words = command.split()
            verbs = words[:2] if words[0] in ('alerts', 'token') and words[1:] and words[1].isalpha() and words[1].islower() else words[:1]
            key = ' '.join(verbs)
            if key not in helped:
                told = subprocess.run([program, *verbs, '--help'], capture_output=True, text=True)
                helped[key] = told.stdout if told.returncode == 0 else None
            if helped[key] is None:
                fault(document, f'`carillon {command}`: there is no such verb')
                continue
            for option in re.findall(r'(?<!\S)(--?[a-z][a-z-]*)', command):
                if not re.search(rf'(?<![\w-]){re.escape(option)}(?![\w-])', helped[key]):
                    fault(document, f'`carillon {command}`: the verb has no option {option}')


# ---- Single documents

def check_readme():
    readme = source / 'README.md'
    if (lines := text_of(readme).count('\n')) > 150:
        fault(readme, f'{lines} lines, expected at most 150')
    pictures = re.findall(r'!\[[^\]]+\]\(([^)]+)\)', text_of(readme))
    if not pictures:
        fault(readme, 'shows no picture of the page')
    for picture in pictures:
        if (source / picture).exists() and (size := (source / picture).stat().st_size) > 100_000:
            fault(readme, f'{picture} has {size} bytes, expected at most 100,000')


def check_sources():
    """The README's way through the sources leads from file to file."""
    readme = source / 'README.md'
    way = text_of(readme)[text_of(readme).index('One firing,'):]
    files = {file.stem for folder in ('host/src', 'plugin') for file in (source / folder).rglob('*.[ch]*')}
    for name in re.findall(r'`([\w/]+)`', way):
        if name.split('/')[-1] not in files or '/' in name and not list(source.glob(f'*/{name}.*')) + list(source.glob(f'{name}.*')) \
                + list(source.glob(f'host/src/{name}.*')):
            fault(readme, f'{name} is no source')


def check_scripts():
    """Each script that a document tells to run is there."""
    for document in documents:
        for script in re.findall(r'\bsh ((?:host|tests)/[\w/.-]+\.sh)\b', text_of(document)):
            if "NAME" not in script and not (source / script).exists():
                fault(document, f'{script} does not exist')


def table_rows(document, section):
    text = re.search(rf'^## {section}$(.*?)(?=^## |\Z)', text_of(document), flags=re.M | re.S)[1]
    return [[cell.strip() for cell in line.strip('|').split('|')] for line in text.split('\n') if line.startswith('|')][2:]


def check_third_party():
    """The libraries named are those that program and plugin need, under licences that Debian's files name."""
    document = source / 'host/THIRD-PARTY.md'
    linked, compiled_in = table_rows(document, 'Linked'), table_rows(document, 'Compiled in')
    needed = set()
    for file in (program, plugin):
        told = subprocess.run(['readelf', '--dynamic', file], capture_output=True, text=True, check=True).stdout
        needed |= set(re.findall(r'\(NEEDED\).*\[(.*)\]', told))
    needed = {file for file in needed if not re.match(r'lib(asan|ubsan|tsan)\.', file)}
    named = {file for row in linked for file in re.findall(r'`([^`]+)`', row[3])}
    loader = {file for file in needed | named if file.startswith('ld-linux')}
    if needed - loader != named - loader:
        fault(document, f'linked but not named: {sorted(needed - named - loader)}; named but not linked: {sorted(named - needed - loader)}')
    build = (source / 'host/packages.sh').read_text()
    for row in linked + compiled_in:
        for package in re.findall(r'`([^`]+)`', row[1]):
            file = Path(f'/usr/share/doc/{package}/copyright')
            if not file.exists():
                continue  # a system without them
            wanted = re.match(r'[\w.+-]+', row[2])[0]
            words = {'GPL-3+': 'General Public License', 'LGPL-2.1+': 'LGPL'}.get(wanted, wanted)
            if words not in file.read_text(errors='replace') and package != 'libc6':
                fault(document, f'{package}: {file} does not name {wanted}')
    for row in compiled_in:
        for package in re.findall(r'`([^`]+)`', row[1]):
            if package not in build and not row[3].startswith('copied'):
                fault(document, f'{package} is not what host/packages.sh installs')


def check_changelog():
    changelog = source / 'host/CHANGELOG.md'
    version = re.search(r'project\(Carillon VERSION ([\d.]+)', (source / 'CMakeLists.txt').read_text())[1]
    if not re.search(rf'^## {re.escape(version)} - ', text_of(changelog), flags=re.M):
        fault(changelog, f'has no section for version {version}')
    kinds = set(re.findall(r'^### (.*)$', text_of(changelog), flags=re.M))
    if not kinds <= {'Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'}:
        fault(changelog, f'has sections that Keep a Changelog does not: {sorted(kinds)}')


for check in (check_links, check_languages, check_french_typography, check_verbs, check_readme, check_sources, check_scripts, check_third_party,
              check_changelog):
    check()
if faults:
    sys.exit('\n'.join(faults))
print(f'{len(documents)} documents are sound')
