import heapq
from collections import Counter, defaultdict, deque

queue = deque(maxlen=1000)
groups = defaultdict(list)
heap = []
for i in range(150_000):
    queue.append(i)
    groups[i % 97].append(i)
    heapq.heappush(heap, (i * 7919) % 100_003)
    if len(heap) > 500:
        heapq.heappop(heap)
assert queue[0] == 149_000 and len(groups) == 97 and len(heap) == 500
assert Counter(i % 7 for i in range(70_000)) == {k: 10_000 for k in range(7)}
