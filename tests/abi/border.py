#!/usr/bin/env python3
"""Prints what crosses the border between host and plugins, as text of which a difference can be read.

    border.py ABI_XML          what abidw wrote of a library made of the headers
    border.py --compare OLD NEW

Every class of the headers that has virtual functions crosses it, and what their functions and members name, and so
on. Of each: its size, where its bases and members lie, its virtual functions by their place, the values of its names.
--compare exits with 1 when a part of OLD is not in NEW as it was, with 2 when NEW has more parts and OLD's are as they
were.
"""
import re
import sys
import xml.etree.ElementTree as xml

SCOPES = ("namespace-decl", "class-decl", "union-decl")


class Corpus:
    def __init__(self, root):
        self.types = {}  # id -> (qualified name, element)
        self.classes = {}  # qualified name -> element of its definition
        for unit in root.iter("abi-instr"):
            self.gather(unit, "")

    def gather(self, element, scope):
        for child in element:
            if child.tag == "member-type":
                self.gather(child, scope)
                continue
            name = scope + child.get("name", "")
            if child.get("id"):
                self.types[child.get("id")] = (name, child)
            if child.tag in ("class-decl", "enum-decl", "union-decl") and child.get("is-declaration-only") != "yes":
                self.classes.setdefault(name, child)
            if child.tag in SCOPES:
                self.gather(child, name + "::")

    def name(self, key):
        name, element = self.types[key]
        inner = element.get("type-id")
        if element.tag == "typedef-decl":
            return self.alias(name, inner)
        if element.tag == "pointer-type-def":
            return self.name(inner) + "*"
        if element.tag == "reference-type-def":
            return self.name(inner) + ("&" if element.get("kind") == "lvalue" else "&&")
        if element.tag == "qualified-type-def":
            return ("const " if element.get("const") == "yes" else "volatile ") + self.name(inner)
        if element.tag == "array-type-def":
            return f"{self.name(inner)}[{element.get('dimensions')}]"
        if element.tag == "function-type":
            return self.signature(element, "")
        return readable(name)

    def alias(self, name, inner):
        # Whatever the arguments of an alias template are, libabigail takes the first one that it meets for all of them.
        if name in ("std::chrono::sys_time", "std::chrono::local_time"):
            raise SystemExit(f"border.py: error: {name}<...> cannot be told apart: write the time_point that it means")
        return name if name.startswith("std::chrono::") else self.name(inner)

    def signature(self, function, name):
        given = [self.name(p.get("type-id")) for p in function.findall("parameter") if p.get("is-artificial") != "yes"]
        result = self.name(function.find("return").get("type-id"))
        return f"{result} {name}({', '.join(given)})"


def readable(name):
    """Without what every use of the standard library repeats."""
    name = name.replace("std::__cxx11::", "std::").replace("std::char_traits<char>", "traits")
    name = re.sub(r"std::basic_string<char, traits(, std::allocator<char> ?)?>", "std::string", name)
    name = re.sub(r"std::basic_string_view<char, traits ?>", "std::string_view", name)
    while True:
        shorter = re.sub(r", std::(allocator|less)<[^<>]*(<[^<>]*>)?[^<>]*> ?(?=[,>])", "", name)
        if shorter == name:
            return re.sub(" +(?=>)", "", name)
        name = shorter


def is_ours(name):
    return name.startswith(("carillon::", "CarillonPlugin"))


def virtual_functions(corpus, element):
    found = {}
    for member in element.findall("member-function"):
        place = member.get("vtable-offset")
        function = member.find("function-decl")
        if place is None:
            continue
        if member.get("destructor") == "yes":
            found["~"] = "virtual: destructor"
        else:
            suffix = " const" if member.get("const") == "yes" else ""
            found[int(place)] = f"virtual {place}: {corpus.signature(function, function.get('name'))}{suffix}"
    return [found[key] for key in sorted(found, key=lambda key: -1 if key == "~" else key)]


def describe(corpus, name, element):
    """The block of one type: a line that names it, and one for each part."""
    if element.tag == "enum-decl":
        underlying = corpus.types[element.find("underlying-type").get("type-id")][1].get("size-in-bits")
        values = sorted(element.findall("enumerator"), key=lambda one: int(one.get("value")))
        return [f"enum {name}: {int(underlying) // 8} bytes"] + [f"{one.get('name')} = {one.get('value')}" for one in values]
    lines = [f"{element.tag[:5]} {name}: {int(element.get('size-in-bits', 0)) // 8} bytes"]
    for base in element.findall("base-class"):
        kind = "virtual base" if base.get("is-virtual") == "yes" else "base"
        lines.append(f"at {int(base.get('layout-offset-in-bits')) // 8}: {kind} {corpus.name(base.get('type-id'))}")
    for member in element.findall("data-member"):
        if member.get("static") == "yes":
            continue
        variable = member.find("var-decl")
        offset = int(member.get("layout-offset-in-bits")) // 8
        lines.append(f"at {offset}: {corpus.name(variable.get('type-id'))} {variable.get('name')}")
    return lines + virtual_functions(corpus, element)


def border(corpus):
    ours = {name: describe(corpus, name, element) for name, element in corpus.classes.items() if is_ours(name)}
    wanted = [name for name, lines in ours.items() if any(" virtual " in f" {line}" for line in lines[1:])]
    wanted += [name for name in ours if name.startswith("CarillonPlugin")]
    crossing = {}
    while wanted:
        name = wanted.pop()
        if name in crossing or name not in ours:
            continue
        crossing[name] = ours[name]
        wanted += re.findall(r"carillon::[\w:]+", " ".join(ours[name][1:]))
    return crossing


def read_blocks(path):
    with open(path, encoding="utf-8") as file:
        blocks = [block.splitlines() for block in file.read().split("\n\n")]
    return {lines[0].rsplit(": ", 1)[0]: lines for lines in blocks if not lines[0].startswith("#")}


def compare(old, new):
    changed = [name for name in old if new.get(name) != old[name]]
    added = [name for name in new if name not in old]
    for name in changed:
        before, now = old[name], new.get(name, [])
        print(f"{name} has changed:" if now else f"{name} is gone.")
        for line in [f"  - {line.strip()}" for line in before if line not in now and now]:
            print(line)
        for line in [f"  + {line.strip()}" for line in now if line not in before]:
            print(line)
    for name in added:
        print(f"{name} is new.")
    return 1 if changed else 2 if added else 0


def main(arguments):
    if arguments[0] == "--compare":
        return compare(read_blocks(arguments[1]), read_blocks(arguments[2]))
    crossing = border(Corpus(xml.parse(arguments[0]).getroot()))
    print("\n\n".join("\n  ".join(crossing[name]) for name in sorted(crossing)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
