#!/usr/bin/env python3
"""The rooms of src/, compared with the table in docs/architecture.md.

    check_rooms.py PROJECT-FOLDER

Each folder includes exactly the folders that its row names, and only folders above it; each file
name is used once, so that a name in a comment or a message of the compiler is enough.
"""
import collections
import glob
import os
import re
import sys

ROW = re.compile(r"^\| `src/(\w+)/` \|.*\| ([^|]+) \|$", re.M)
INCLUDE = re.compile(r'^#include ["<]([\w./]+)[">]', re.M)


def includes_of(room):
    """The rooms that this room's files include, its own left out."""
    found = set()
    for path in glob.glob(f"src/{room}/*.*"):
        with open(path, encoding="utf-8") as source:
            names = INCLUDE.findall(source.read())
        found |= {name.split("/")[0] for name in names if os.path.exists(f"src/{name}")}
    return found - {room}


def main():
    os.chdir(sys.argv[1])
    with open("docs/architecture.md", encoding="utf-8") as source:
        rows = ROW.findall(source.read())
    rooms = sorted(name for name in os.listdir("src") if os.path.isdir(f"src/{name}"))
    wrong = [f"docs/architecture.md has no row for src/{room}/" for room in rooms
             if room not in [name for name, _ in rows]]
    above = set()
    for room, uses in rows:
        included = includes_of(room)
        if uses == "everything":
            allowed = above
        elif uses == "the public header only":
            allowed = set()
        else:
            allowed = set(uses.split(", ")) - {"-"}
            wrong += [f"src/{room}/ does not include {name}/, which its row names"
                      for name in sorted(allowed - included)]
        wrong += [f"src/{room}/ includes {name}/, which its row does not name"
                  for name in sorted(included - allowed)]
        wrong += [f"src/{room}/ is above {name}/, which it uses" for name in sorted(allowed - above)]
        above.add(room)
    paths = glob.glob("src/*/*.*")
    names = collections.Counter(os.path.basename(path) for path in paths)
    wrong += [f"{name} is the name of {count} files" for name, count in names.items() if count > 1]
    if len(rows) < 10 or len(paths) < 100:
        wrong.append("the table or the sources were not found")
    print("\n".join(wrong) if wrong else f"{len(rows)} rooms, {len(paths)} files")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
