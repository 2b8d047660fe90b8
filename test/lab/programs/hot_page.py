"""Rewrites the first page of a file without a pause, and never asks for it to be written: FILE."""
import os
import sys

fd = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT, 0o600)
print("ready", flush=True)
while True:
    for _ in range(2000):
        os.pwrite(fd, b"h" * 4096, 0)
    os.sched_yield()
