from datetime import datetime, timedelta

start = datetime(2026, 1, 1)
total = 0
for i in range(6000):
    moment = start + timedelta(hours=i)
    total += moment.weekday() + len(moment.isoformat())
    assert datetime.fromisoformat(moment.isoformat()) == moment
assert total == sum((start + timedelta(hours=i)).weekday() for i in range(6000)) + 6000 * 19
