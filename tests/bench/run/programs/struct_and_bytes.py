import struct

record = struct.Struct("<IHd8s")
data = bytearray()
for i in range(60_000):
    data += record.pack(i, i & 0xFFFF, i / 2, b"abcdefgh")
assert sum(r[0] for r in record.iter_unpack(data)) == 60_000 * 59_999 // 2
assert bytes(data[:22]).hex(" ").startswith("00 00 00 00")
