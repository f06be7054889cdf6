def fannkuch(n):
    best = checksum = 0
    order = list(range(n))
    count = [0] * n
    sign = 1
    while True:
        if order[0]:
            flips, copy = 0, order[:]
            while (first := copy[0]):
                copy[:first + 1] = copy[first::-1]
                flips += 1
            best = max(best, flips)
            checksum += sign * flips
        if sign == 1:
            order[0], order[1] = order[1], order[0]
            sign = -1
        else:
            order[1], order[2] = order[2], order[1]
            sign = 1
            for i in range(2, n):
                if count[i] < i:
                    count[i] += 1
                    break
                count[i] = 0
                if i == n - 1:
                    return best, checksum
                order.insert(i + 1, order.pop(0))

assert fannkuch(8) == (22, 1616), fannkuch(8)
