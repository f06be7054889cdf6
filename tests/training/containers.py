"""Lists, dicts, sets, tuples, heaps, queues and the algorithms on them."""
import collections
import heapq
import itertools
import operator


def shortest(graph, start):
    distances, queue = {start: 0}, [(0, start)]
    while queue:
        distance, node = heapq.heappop(queue)
        if distance > distances[node]:
            continue
        for other, weight in graph[node].items():
            length = distance + weight
            if length < distances.get(other, 1 << 60):
                distances[other] = length
                heapq.heappush(queue, (length, other))
    return distances


def components(edges, count):
    parent = list(range(count))

    def find(x):
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for a, b in edges:
        parent[find(a)] = find(b)
    return len({find(x) for x in range(count)})


def merge_sort(items):
    if len(items) < 2:
        return items
    middle = len(items) // 2
    left, right = merge_sort(items[:middle]), merge_sort(items[middle:])
    result, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            result.append(left[i])
            i += 1
        else:
            result.append(right[j])
            j += 1
    result.extend(left[i:])
    result += right[j:]
    return result


def flood(grid, x, y):
    seen, queue = {(x, y)}, collections.deque([(x, y)])
    while queue:
        x, y = queue.popleft()
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            place = x + dx, y + dy
            if place in seen or not (0 <= place[0] < len(grid) and 0 <= place[1] < len(grid[0])):
                continue
            if grid[place[0]][place[1]] == ".":
                seen.add(place)
                queue.append(place)
    return len(seen)


def main():
    graph = {n: {(n * 7 + k * 13) % 500: (n * k) % 17 + 1 for k in range(6)} for n in range(500)}
    assert len(shortest(graph, 0)) > 100
    assert components([(i, (i * i + 1) % 3000) for i in range(2500)], 3000) > 1
    numbers = [i * 7919 % 10007 for i in range(3000)]
    assert merge_sort(numbers) == sorted(numbers)
    grid = ["".join("#" if (x * y) % 5 == 3 else "." for y in range(60)) for x in range(60)]
    assert flood(grid, 0, 0) > 1000
    people = [{"name": f"n{i % 97}", "age": i % 60, "city": "abc"[i % 3]} for i in range(2000)]
    groups = collections.defaultdict(list)
    for person in people:
        groups[person["city"], person["age"] // 10].append(person)
    assert sum(len(group) for group in groups.values()) == 2000
    assert sorted(people, key=operator.itemgetter("age", "name"))[0]["age"] == 0
    people.sort(key=lambda person: (-person["age"], person["name"]))
    table = {key: sum(p["age"] for p in group) for key, group in groups.items() if len(group) > 3}
    first, *rest = sorted(table.items(), key=lambda item: item[1], reverse=True)
    assert first[1] >= rest[0][1]
    rows = [[(i * j) % 10 for j in range(60)] for i in range(60)]
    assert [list(column) for column in zip(*rows)] == rows
    assert sum(row[i] for i, row in enumerate(rows)) == sum(rows[i][i] for i in range(60))
    assert len([pair for pair in itertools.combinations(range(60), 2) if sum(pair) % 3]) > 1000
    window = collections.deque(maxlen=5)
    total = 0
    for number in numbers:
        window.append(number)
        total += max(window) - min(window)
    assert total > 0
    evens = {n for n in numbers if n % 2 == 0}
    assert evens & set(numbers[:1500]) and evens - set(numbers[:10]) and evens | {1} and evens ^ {2}
    stack = []
    for i in range(30000):
        if stack and i % 3 == 0:
            stack.pop()
        else:
            stack.append((i, i + 1))
    del stack[10:20]
    stack[5:8] = [(0, 0)]
    assert (0, 0) in stack and stack.index((0, 0)) == 5
    merged = {**{i: str(i) for i in range(500)}, **{str(i): i for i in range(500)}}
    for key in list(merged):
        if isinstance(key, str):
            merged.pop(key)
        else:
            merged.setdefault(key, "")
    assert len(merged) == 500 and all(map(str.isdigit, merged.values()))


for _ in range(8):
    main()
