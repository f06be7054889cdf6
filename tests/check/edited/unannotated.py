import json


class Node:
    def __init__(self, name, parent=None):
        self.name = name
        self.parent = parent
        self.children = []
        self.depth = None
        self.state = self.begin

    def add(self, child):
        self.children.append(child)
        child.parent = self
        return self.measure()

    def measure(self):
        if self.parent is None:
            self.depth = 0
        else:
            self.depth = self.parent.measure() + 1
        return self.depth

    def begin(self):
        self.state = self.rest
        return self.walk()

    def rest(self):
        for child in self.children:
            child.begin()
        self.state = self.begin
        return self.depth

    def walk(self):
        def down(node):
            for each in node.children:
                yield each
                yield from down(each)

        return [each.name for each in down(self)]

    @property
    def path(self):
        if self.parent:
            return self.parent.path + "/" + self.name
        return "/" + str(self.name)


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def read(text):
    data = json.loads(text)
    node = Node(data["name"])
    for child in data["children"]:
        node.add(read(json.dumps(child)))
    return node


top = read("{}")
print(top.depth + 1, top.path, even(3), top.walk())


class Settings:
    options = json.loads("{}")


class Changed(Settings):
    def change(self, **values):
        """Sets some."""
        self.options = self.options.union(values)

    def given(self):
        return self.options
