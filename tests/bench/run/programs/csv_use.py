import csv
import io

out = io.StringIO()
writer = csv.writer(out)
for i in range(20_000):
    writer.writerow([i, f"name, {i}", i / 3, 'say "hi"'])
rows = list(csv.reader(io.StringIO(out.getvalue())))
assert len(rows) == 20_000 and rows[7][1] == "name, 7" and rows[7][3] == 'say "hi"'
