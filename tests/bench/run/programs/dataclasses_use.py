from dataclasses import dataclass, replace

@dataclass(order=True)
class Item:
    weight: int
    name: str = "x"

items = [Item(i * 7919 % 10007, str(i)) for i in range(30_000)]
items.sort()
assert items[0].weight == 0 and items == sorted(items)
assert len({repr(replace(i, name="y")) for i in items[:5000]}) > 1000
