def numbers(n):
    for i in range(n):
        yield i

def evens(source):
    for n in source:
        if n % 2 == 0:
            yield n

assert sum(evens(numbers(900_000))) == 202499550000
