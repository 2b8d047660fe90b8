"""Rewrites a file through the page cache at a steady rate: FILE FILE_BYTES BYTES_PER_SECOND (0: as fast as it goes)."""
import os
import sys
import time

path, size, rate = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
block = b"w" * (1 << 20)
fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
print("ready", flush=True)
started, written = time.monotonic(), 0
while True:
    written += os.pwrite(fd, block, written % max(size - len(block), 1) // len(block) * len(block))
    if rate:
        time.sleep(max(0.0, started + written / rate - time.monotonic()))
