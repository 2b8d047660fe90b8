"""Logs huge messages to a rotating file without a pause: FILE MESSAGE_BYTES MAX_BYTES."""
import logging
import sys
from logging.handlers import RotatingFileHandler

path, message_bytes, max_bytes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
handler = RotatingFileHandler(path, maxBytes=max_bytes, backupCount=1)
handler.setFormatter(logging.Formatter("%(asctime)s - %(name)s - %(levelname)s - %(message)s"))
logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)
logger.addHandler(handler)
message = "x" * message_bytes
print("ready", flush=True)
while True:
    logger.info(message)
