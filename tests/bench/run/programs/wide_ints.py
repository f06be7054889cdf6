"""Integers of 64 to 128 bits: a generator of random numbers, a hash of bytes and modular powers."""
MASK = (1 << 64) - 1


def splitmix(state):
    state = (state + 0x9E3779B97F4A7C15) & MASK
    z = state
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return state, z ^ (z >> 31)


def fnv(data):
    h = 0xCBF29CE484222325
    for byte in data:
        h = ((h ^ byte) * 0x100000001B3) & MASK
    return h


def power(base, exponent, modulus):
    result = 1
    while exponent:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result


state, total = 42, 0
for _ in range(60000):
    state, value = splitmix(state)
    total ^= value
assert total == 351925407949964989, total
assert fnv(b"specialised" * 4000) == 0xb5f33a8fe9c9ff25
prime = (1 << 61) - 1
for base in range(2, 300):
    assert power(base, prime - 1, prime) == 1
