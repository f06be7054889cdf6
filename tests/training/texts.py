"""Strings: scanning, splitting, joining, formatting, counting."""
import collections
import string

TEXT = """It was a bright cold day in the port, and the clocks were striking; a small crowd had gathered by the gate.
Nobody spoke. The ferry, said the board, was due at 7:45; the board had said so since morning. "Late again," said
a man with a red hat, and 3 others nodded: 1 of them had a dog, 2 had none.\n""" * 12


def words(text):
    word = []
    for letter in text:
        if letter.isalnum():
            word.append(letter.lower())
        elif word:
            yield "".join(word)
            word.clear()


def rotate(text, by):
    lower = string.ascii_lowercase
    table = str.maketrans(lower, lower[by:] + lower[:by])
    return text.translate(table)


def scan(text):
    """Tokens of a small language: numbers, names, operators."""
    i, tokens = 0, []
    while i < len(text):
        c = text[i]
        if c in " \n":
            i += 1
        elif c.isdigit():
            start = i
            while i < len(text) and (text[i].isdigit() or text[i] == "."):
                i += 1
            tokens.append(("number", text[start:i]))
        elif c.isalpha() or c == "_":
            start = i
            while i < len(text) and (text[i].isalnum() or text[i] == "_"):
                i += 1
            tokens.append(("name", text[start:i]))
        else:
            tokens.append(("op", c))
            i += 1
    return tokens


def evaluate(tokens, names):
    """A calculator by recursive descent."""
    position = 0

    def peek():
        return tokens[position][1] if position < len(tokens) else ""

    def factor():
        nonlocal position
        kind, text = tokens[position]
        position += 1
        if kind == "number":
            return float(text)
        if kind == "name":
            return names[text]
        value = expression()
        position += 1
        return value

    def term():
        nonlocal position
        value = factor()
        while peek() in ("*", "/"):
            operator = tokens[position][1]
            position += 1
            value = value * factor() if operator == "*" else value / factor()
        return value

    def expression():
        nonlocal position
        value = term()
        while peek() in ("+", "-"):
            operator = tokens[position][1]
            position += 1
            value = value + term() if operator == "+" else value - term()
        return value

    return expression()


def main():
    counts = collections.Counter(words(TEXT))
    assert counts["the"] == 72 and counts.most_common(1)[0][0] == "the"
    assert rotate(rotate(TEXT, 5), 21) == TEXT
    lines = TEXT.splitlines()
    table = "\n".join(f"{i:>4} | {line[:30]:<30} | {len(line):05d} | {len(line) / 7:8.3f}" for i, line in enumerate(lines))
    assert len(table.split("\n")) == len(lines)
    pieces = [piece.strip().title() for line in lines for piece in line.split(",") if piece]
    assert "; ".join(pieces).count(";") >= len(pieces) - 1
    for i in range(400):
        tokens = scan(f"(alpha + {i} * 2.5) / (1 + beta) - {i} + gamma_{i % 3} * (3 - 1)")
        assert evaluate(tokens, {"alpha": 1.0, "beta": 2.0, "gamma_0": 1, "gamma_1": 2, "gamma_2": 3}) is not None
    out = ""
    for i in range(6000):
        out += chr(97 + i % 26)
        if out.endswith("xyz"):
            out = out.replace("x", "X")
    assert out.find("XYZ") < 0 and out.upper().startswith("ABC")
    assert "%s-%d-%.2f" % ("a", 3, 2.5) == "a-3-2.50" and "{0}{name:>5}".format(1, name="n") == "1    n"
    data = TEXT.encode()
    assert data.decode("utf-8") == TEXT and sum(data) > 0 and bytes(reversed(data))[::-1] == data
    assert "ÄÖÜß€".encode("utf-16").decode("utf-16").lower() == "äöüß€"


for _ in range(8):
    main()
