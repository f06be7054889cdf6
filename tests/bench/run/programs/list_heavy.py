numbers = []
for i in range(300_000):
    numbers.append(i ^ 0x5A5A)
total = 0
for i in range(0, len(numbers), 3):
    total += numbers[i] - numbers[-i - 1]
copy = numbers[::-1]
copy.reverse()
assert copy == numbers and sum(numbers) == sum(sorted(numbers)) and numbers.index(numbers[1000]) == 1000
while numbers:
    numbers.pop()
