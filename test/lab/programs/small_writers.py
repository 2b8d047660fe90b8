"""Processes that each rewrite 4 KiB in place, past the page cache, with a pause: FILE COUNT PAUSE_SECONDS."""
import mmap
import os
import random
import signal
import sys
import time

path, count, pause = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
for number in range(count):
    if os.fork() == 0:
        fd = os.open(path, os.O_WRONLY | os.O_DIRECT)
        pages = os.fstat(fd).st_size // 4096
        page = mmap.mmap(-1, 4096)
        chosen = random.Random(number)
        while True:
            os.pwritev(fd, [page], chosen.randrange(pages) * 4096)
            time.sleep(pause)
print("ready", flush=True)
while True:
    signal.pause()
