#!/usr/bin/env python3
"""Does what a guide says in the current folder, from its first line to its last: guide.py GUIDE

A fenced block is a step, by its kind:
  sh                  commands
  console             lines that begin with "$ " are commands, the others their output
  cpp|properties FILE what FILE holds; a second block of the same FILE is added to it
In an output "…" stands for anything within a line, alone on its line for any lines; durations may differ.
"""
import re
import subprocess
import sys
from pathlib import Path


def blocks(text):
    for match in re.finditer(r"^```(\S+) ?(.*)\n((?:.*\n)*?)```$", text, flags=re.M):
        yield text[: match.start()].count("\n") + 1, match[1], match[2], match[3]


def commands_of(content):
    """(command, its output) of each."""
    for part in re.split(r"^\$ ", content, flags=re.M)[1:]:
        command, output = re.fullmatch(r"((?:.*\\\n)*.*)\n((?:.*\n)*)", part).groups()
        yield command, output


def normal(text):
    text = re.sub(r"\b\d+\.\d\d s\b", "0.00 s", text)
    return [re.sub(" +", " ", line).strip() for line in text.strip("\n").split("\n")]


def fits(expected, found):
    if not expected:
        return not found
    if expected[0] == "…":
        return any(fits(expected[1:], found[i:]) for i in range(len(found) + 1))
    pattern = ".*".join(re.escape(part) for part in expected[0].split("…"))
    return bool(found) and re.fullmatch(pattern, found[0]) is not None and fits(expected[1:], found[1:])


class Shell:
    """One session for all commands, so that a variable which one sets is there for the next."""

    END = "-- end of the command:"

    def __init__(self):
        self.bash = subprocess.Popen(
            ["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self, command):
        self.bash.stdin.write(f"{{ {command}\n}} </dev/null\necho \"{self.END} $?\"\n")
        self.bash.stdin.flush()
        output = ""
        for line in self.bash.stdout:
            if line.startswith(self.END):
                return output, int(line[len(self.END) :])
            output += line
        return output, 1


def fail(line, text):
    sys.exit(f"guide.py: error: line {line} of the guide: {text}")


def write(file, content, written):
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text() + "\n" if file in written else ""
    file.write_text(before + content)
    written.add(file)


def run_console(shell, line, content):
    for command, expected in commands_of(content):
        output, _ = shell.run(command)
        if not fits(normal(expected), normal(output)):
            fail(line, f"{command}\nprinted:\n{output}")


def main(guide):
    shell, written = Shell(), set()
    for line, kind, file, content in blocks(Path(guide).read_text(encoding="utf-8")):
        if kind == "sh":
            output, code = shell.run("set -e\n" + content + "set +e")
            if code != 0:
                fail(line, f"failed with {code}:\n{output}")
        elif kind == "console":
            run_console(shell, line, content)
        elif kind in ("cpp", "properties") and file:
            write(Path(file), content, written)
        else:
            fail(line, f"a block of the kind {kind} without the name of a file")


main(sys.argv[1])
