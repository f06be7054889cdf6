SOURCE = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."

def run(source):
    jumps, stack = {}, []
    for i, c in enumerate(source):
        if c == "[":
            stack.append(i)
        elif c == "]":
            jumps[i] = stack.pop()
            jumps[jumps[i]] = i
    tape, pointer, pc, out = [0] * 100, 0, 0, []
    while pc < len(source):
        c = source[pc]
        if c == ">":
            pointer += 1
        elif c == "<":
            pointer -= 1
        elif c == "+":
            tape[pointer] = (tape[pointer] + 1) & 255
        elif c == "-":
            tape[pointer] = (tape[pointer] - 1) & 255
        elif c == ".":
            out.append(chr(tape[pointer]))
        elif c == "[" and not tape[pointer]:
            pc = jumps[pc]
        elif c == "]" and tape[pointer]:
            pc = jumps[pc]
        pc += 1
    return "".join(out)

for _ in range(250):
    assert run(SOURCE) == "Hello World!\n"
