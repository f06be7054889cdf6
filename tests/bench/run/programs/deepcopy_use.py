import copy

class Node:
    def __init__(self, depth):
        self.children = [Node(depth - 1) for _ in range(3)] if depth else []
        self.data = {"depth": depth, "list": [1, 2, (3, 4)]}

tree = Node(5)
for _ in range(2):
    clone = copy.deepcopy(tree)
    assert clone.children[0].data == tree.children[0].data and clone.children[0] is not tree.children[0]
