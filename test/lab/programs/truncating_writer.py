"""Writes a file and throws it away before the disk has seen it, again and again: FILE FILE_BYTES PAUSE_SECONDS."""
import os
import sys
import time

path, size, pause = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
block = b"t" * (1 << 20)
print("ready", flush=True)
while True:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    for _ in range(size // len(block)):
        os.write(fd, block)
    os.ftruncate(fd, 0)
    os.close(fd)
    os.unlink(path)
    time.sleep(pause)
