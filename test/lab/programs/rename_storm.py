"""Moves empty files to and fro between folders, links and unlinks them, and writes not one byte: FOLDER FOLDERS FILES_EACH."""
import os
import sys

top, folders, files = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for folder in range(folders):
    os.makedirs(f"{top}/{folder}", exist_ok=True)
    for file in range(files):
        os.close(os.open(f"{top}/{folder}/{folder}-{file}", os.O_CREAT | os.O_WRONLY, 0o600))
print("ready", flush=True)
turn = 0
while True:
    for file in range(files):
        for folder in range(folders):
            old, new = f"{top}/{(folder + turn) % folders}", f"{top}/{(folder + turn + 1) % folders}"
            name = f"{folder}-{file}"
            os.link(f"{old}/{name}", f"{old}/{name}.keep")
            os.rename(f"{old}/{name}", f"{new}/{name}")
            os.unlink(f"{old}/{name}.keep")
    turn += 1
