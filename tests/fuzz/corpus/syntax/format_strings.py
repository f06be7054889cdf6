x = f"{a!r:>{width}}" f'{b=}' rf"\d{c:{d}{{e}}}" t"{f!s:{g}}" f'''
{h
 + i}''' f"\N{BULLET} {{}}"
y = b"\x41" B'c' rb'\d'
z = f"{lambda: 1}"
