"""Logs without a pause to a file that was rotated away and deleted, but is still open: FILE."""
import logging
import os
import sys

handler = logging.FileHandler(sys.argv[1])
logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)
logger.addHandler(handler)
message = "d" * (4 << 20)
logger.info(message)
os.unlink(sys.argv[1])
print("ready", flush=True)
written = 0
while True:
    logger.info(message)
    written += len(message)
    if written > 600 << 20:
        # What is on the disk is given back, as a rotation by copytruncate does it; what is still in memory was written long since.
        handler.stream.truncate(0)
        handler.stream.seek(0)
        written = 0
