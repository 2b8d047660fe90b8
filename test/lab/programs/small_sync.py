"""Writes 4 KiB and waits for it to be on the disk, with a pause: FILE PAUSE_SECONDS."""
import os
import sys
import time

path, pause = sys.argv[1], float(sys.argv[2])
fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
print("ready", flush=True)
while True:
    os.pwrite(fd, b"v" * 4096, 0)
    os.fsync(fd)
    time.sleep(pause)
