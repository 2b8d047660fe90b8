"""Keeps many files open and writes to one of them, in the middle: FOLDER COUNT FILE_BYTES."""
import os
import resource
import sys

folder, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_NOFILE, (count + 100, count + 100))
os.makedirs(folder)
opened = [os.open(f"{folder}/segment-{number}", os.O_RDWR | os.O_CREAT, 0o600) for number in range(count)]
one = opened[count * 5 // 6]
block = b"w" * (8 << 20)
print("ready", flush=True)
written = 0
while True:
    os.pwrite(one, block, written % size)
    written += len(block)
