import pickle

data = [{"id": i, "name": f"user {i}", "tags": ("a", i % 7, None), "score": i / 7} for i in range(1500)]
for _ in range(2):
    assert pickle.loads(pickle.dumps(data)) == data
