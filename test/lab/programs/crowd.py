"""Many processes, each with a pid of its own: FOLDER SLEEPERS WRITERS PAUSE_SECONDS. Writers write 4 KiB and pause."""
import os
import signal
import sys
import time

folder, sleepers, writers, pause = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
for _ in range(sleepers):
    if os.fork() == 0:
        while True:
            signal.pause()
for number in range(writers):
    if os.fork() == 0:
        fd = os.open(os.path.join(folder, f"small-{number}"), os.O_WRONLY | os.O_CREAT, 0o600)
        offset = 0
        while True:
            os.pwrite(fd, b"s" * 4096, offset)
            offset = (offset + 4096) % (1 << 20)
            time.sleep(pause)
print("ready", flush=True)
while True:
    signal.pause()
