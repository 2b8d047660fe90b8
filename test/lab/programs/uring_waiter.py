"""Waits in io_uring_enter(2) for a read from a pipe that nobody writes to: there is no disk in it at all."""
import ctypes
import mmap
import os
import struct

SETUP, ENTER = 425, 426
OP_READ, ENTER_GETEVENTS = 22, 1
OFF_SQ_RING, OFF_SQES = 0, 0x10000000
libc = ctypes.CDLL(None, use_errno=True)
# struct io_uring_params: the offsets of the submission ring begin at byte 40 (include/uapi/linux/io_uring.h).
params = ctypes.create_string_buffer(120)
ring = libc.syscall(SETUP, 8, params)
if ring < 0:
    raise OSError(ctypes.get_errno(), "io_uring_setup")
tail_at, mask_at, array_at = (struct.unpack_from("I", params, 40 + offset)[0] for offset in (4, 8, 24))
queue = mmap.mmap(ring, array_at + 8 * 4, offset=OFF_SQ_RING)
entries = mmap.mmap(ring, 8 * 64, offset=OFF_SQES)
reading, _writing = os.pipe()
buffer = ctypes.create_string_buffer(4096)
struct.pack_into("BBHiQQI", entries, 0, OP_READ, 0, 0, reading, 0, ctypes.addressof(buffer), 4096)
struct.pack_into("I", queue, array_at, 0)
struct.pack_into("I", queue, tail_at, 1)
print("ready", flush=True)
libc.syscall(ENTER, ring, 1, 1, ENTER_GETEVENTS, None, 0)
