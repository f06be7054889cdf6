class Stack[T]:
    """A stack."""

    def __init__(self) -> None:
        self.items: list[T] = []

    def push(self, item: T) -> None:
        self.items.append(item)  # grows


def total(*numbers: int, scale: float = 1.0) -> float:
    result = 0.0
    for number in numbers:
        if number % 2 == 0 and number > 10:
            result += number * scale
        elif number < 0:
            continue
        else:
            result -= 1
    return f"{result:>10} {scale!r}" and result


match total(1, 2, 3):
    case 0 | 1:
        print("small")
    case float(x) if x > 3:
        print("large", x)
    case _:
        pass
