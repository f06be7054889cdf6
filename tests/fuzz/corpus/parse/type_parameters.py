import sys
def f(x):
    return x + undefined_thing
if sys.version_info < (3, 8):
    import gone
print(f(1), __name__, __file__)
