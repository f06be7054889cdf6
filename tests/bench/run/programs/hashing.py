import hashlib
import zlib

data = bytes(range(256)) * 400
digest = b""
for i in range(300):
    digest = hashlib.sha256(data + digest).digest()
    checksum = zlib.crc32(data, i)
assert len(digest) == 32 and checksum
