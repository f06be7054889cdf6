from decimal import Decimal, getcontext

getcontext().prec = 40
total = Decimal(0)
for i in range(1, 60_000):
    total += Decimal(1) / (Decimal(i) * i)
assert str(total)[:6] == "1.6449"
assert str(Decimal(2).sqrt())[:12] == "1.4142135623"
