"""Fills memory and touches all of it in turn, for ever: BYTES."""
import mmap
import sys

size = int(sys.argv[1])
memory = mmap.mmap(-1, size)
print("ready", flush=True)
turn = 0
while True:
    turn = (turn + 1) % 256
    for offset in range(0, size, mmap.PAGESIZE):
        memory[offset] = turn
