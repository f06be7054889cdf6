"""Static and class methods, functions of modules, class attributes, super() and methods of derived builtin classes."""
import math
import struct


class Shape:
    sides = 0
    made = 0

    def __init__(self, name):
        self.name = name

    @staticmethod
    def clamp(x, low, high):
        return low if x < low else high if x > high else x

    @classmethod
    def note(cls, n):
        cls.made += n
        return cls.sides


class Square(Shape):
    sides = 4

    def __init__(self, name, edge):
        super().__init__(name)
        self.edge = edge


class Stack(list):
    def push(self, x):
        self.append(x)
        self.top = x


stack = Stack()
total = 0.0
for i in range(60000):
    square = Square("s", i)
    total += Shape.clamp(square.edge, 10, 1000) + square.clamp(i, 0, 5) + Square.note(1) + Square.sides
    total += math.floor(math.sqrt(i * i)) - i
    total += struct.unpack("<IH", struct.pack("<IH", i, 7))[1]
    stack.push(i)
assert Square.made == 60000 and Shape.made == 0
assert len(stack) == 60000 and stack.top == 59999
assert total == sum(min(max(i, 10), 1000) + min(i, 5) + 8 + 7 for i in range(60000)), total
