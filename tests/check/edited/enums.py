# Annotated members of enums, beside edits of the top level and of bodies.
import enum


class Level(enum.Enum):
    LOW: int = "low"
    HIGH = 2

    def next(self) -> "Level":
        step = 1
        return Level(self.value + step)


class Flags(enum.IntFlag):
    A = 1
    B: str = 2


def name(level: Level) -> str:
    text = level.name + 1
    return text


total = 0
print(name(Level.LOW) + 1)
assert Level.HIGH is not None
print(Flags.A | Flags.B, total)
