"""The command lines of the tests that go on for as long as they are told to."""


def read_options(arguments, options):
    """Puts the numbers behind `--name`s that `options` has into it; gives the other arguments."""
    rest, arguments = [], list(arguments)
    while arguments:
        one = arguments.pop(0)
        if one in options:
            options[one] = int(arguments.pop(0))
        else:
            rest.append(one)
    return rest
