"""What native_calls.py calls: the builtin types and those of the native modules, each with ways to make one, and the modules' functions."""

# An expression of a type, then expressions of its objects.
TYPES = """
object | object() | Plain()
type | type("T", (), {}) | int | type
int | 5 | -7 | 2**70 | True | IntKind(3)
bool | True
float | 1.5 | float("nan") | FloatKind(2.5)
complex | 1+2j | complex("nan")
str | "hello world" | "" | "héé\\u20ac" | StrKind("ab") | "a\\U0001f600b"
bytes | b"hello world" | b"" | b"\\xff\\0" | BytesKind(b"ab")
bytearray | bytearray(b"hello world") | bytearray()
memoryview | memoryview(bytearray(b"abcdef")) | memoryview(b"abcdefgh").cast("I") | released() | memoryview(bytearray(b"abcdef"))[::-2] | memoryview(b"abcd").cast("B", (2, 2))
list | [3, 1, 2] | [] | [[1], "a", None] | ListKind([1, 2])
tuple | (3, 1, 2) | () | TupleKind((1, 2))
dict | {"a": 1, 2: "b"} | {} | DictKind(a=1)
set | {1, 2, 3} | set() | {"a"}
frozenset | frozenset({1, 2}) | frozenset()
range | range(5) | range(10, 0, -3) | range(0)
slice | slice(1, 5, 2) | slice(None)
property | property(lambda self: 1) | property()
staticmethod | staticmethod(len)
classmethod | classmethod(len)
super | super(IntKind, IntKind(3))
enumerate | enumerate([1, 2])
zip | zip([1, 2], "ab") | zip([1], [], strict=True)
map | map(str, [1, 2])
filter | filter(None, [0, 1])
reversed | reversed((1, 2))
BaseException | BaseException("a", 1)
ValueError | ValueError("v") | ErrorKind("e")
OSError | OSError(2, "no", "file") | OSError()
SyntaxError | SyntaxError("bad", ("f", 1, 2, "text")) | SyntaxError()
UnicodeDecodeError | UnicodeDecodeError("utf-8", b"abc", 1, 2, "why")
UnicodeEncodeError | UnicodeEncodeError("utf-8", "abc", 1, 2, "why")
UnicodeTranslateError | UnicodeTranslateError("abc", 1, 2, "why")
ImportError | ImportError("m", name="n")
AttributeError | AttributeError("m", name="n")
NameError | NameError("m")
StopIteration | StopIteration(5)
SystemExit | SystemExit(3)
KeyError | KeyError("k")
ExceptionGroup | ExceptionGroup("g", [ValueError(1), TypeError(2)])
BaseExceptionGroup | BaseExceptionGroup("g", [KeyboardInterrupt()])
type(iter([])) | iter([1, 2])
type(iter(())) | iter((1, 2))
type(iter("")) | iter("ab") | iter("é€")
type(iter(b"")) | iter(b"ab")
type(iter(bytearray())) | iter(bytearray(b"ab"))
type(iter({})) | iter({1: 2})
type(iter({}.items())) | iter({1: 2}.items())
type(iter({}.values())) | iter({1: 2}.values())
type(reversed({})) | reversed({1: 2})
type(iter(set())) | iter({1})
type(iter(range(3))) | iter(range(3))
type(iter(range(10**30))) | iter(range(10**30))
type(reversed([])) | reversed([1, 2])
type(iter(OldSequence())) | iter(OldSequence())
type(iter(len, 1)) | iter(int, 1)
type({}.keys()) | {1: 2}.keys()
type({}.values()) | {1: 2}.values()
type({}.items()) | {1: 2}.items()
types.MappingProxyType | types.MappingProxyType({"a": 1})
types.SimpleNamespace | types.SimpleNamespace(a=1)
types.FunctionType | (lambda a, b=1, *, c=2: a)
types.MethodType | Plain().__repr__
types.BuiltinFunctionType | len | [].append
types.MethodDescriptorType | str.upper
types.WrapperDescriptorType | int.__add__
types.MethodWrapperType | (5).__add__
types.ClassMethodDescriptorType | dict.__dict__["fromkeys"]
types.GetSetDescriptorType | types.FunctionType.__code__
types.MemberDescriptorType | slice.start
types.CodeType | (lambda a, b=1: a).__code__
types.GeneratorType | generator() | finished()
types.CoroutineType | coroutine()
types.AsyncGeneratorType | async_generator()
type(async_generator().asend(None)) | async_generator().asend(None)
type(async_generator().athrow(ValueError)) | async_generator().athrow(ValueError)
types.ModuleType | types.ModuleType("m")
types.CellType | types.CellType(5) | types.CellType()
types.TracebackType | a_traceback()
types.FrameType | sys._getframe()
types.GenericAlias | list[int] | dict[str, list[int]]
types.UnionType | int | str or int | int | None
types.NoneType | None
types.EllipsisType | ...
types.NotImplementedType | NotImplemented
types.CapsuleType |
typing.TypeVar | typing.TypeVar("T") | typing.TypeVar("T", int, str)
typing.ParamSpec | typing.ParamSpec("P")
typing.TypeVarTuple | typing.TypeVarTuple("Ts")
typing.TypeAliasType | typing.TypeAliasType("A", int)
typing.ParamSpecArgs | typing.ParamSpec("P").args
typing.Generic |
string.templatelib.Template | string.templatelib.Template("a", string.templatelib.Interpolation(1, "x"))
string.templatelib.Interpolation | string.templatelib.Interpolation(1, "x")
weakref.ref | weakref.ref(int) | weakref.ref(Plain())
weakref.ProxyType | weakref.proxy(int)
collections.deque | collections.deque([1, 2, 3]) | collections.deque([1, 2], 2) | collections.deque()
type(iter(collections.deque())) | iter(collections.deque([1]))
collections.OrderedDict | collections.OrderedDict(a=1, b=2) | collections.OrderedDict()
type(iter(collections.OrderedDict())) | iter(collections.OrderedDict(a=1))
collections.defaultdict | collections.defaultdict(list, a=1) | collections.defaultdict()
functools.partial | functools.partial(int, "12", base=8)
type(functools.lru_cache(len)) | functools.lru_cache(len) | functools.lru_cache(maxsize=2)(len)
type(functools.cmp_to_key(len)) | functools.cmp_to_key(lambda a, b: 0)(1)
itertools.accumulate | itertools.accumulate([1, 2])
itertools.batched | itertools.batched([1, 2, 3], 2)
itertools.chain | itertools.chain([1], [2])
itertools.combinations | itertools.combinations([1, 2, 3], 2)
itertools.combinations_with_replacement | itertools.combinations_with_replacement([1, 2, 3], 2)
itertools.compress | itertools.compress([1, 2], [1, 0])
itertools.count | itertools.count(5) | itertools.count(1.5, 2)
itertools.cycle | itertools.cycle([1])
itertools.dropwhile | itertools.dropwhile(len, ["", "a"])
itertools.filterfalse | itertools.filterfalse(None, [0, 1])
itertools.groupby | itertools.groupby([1, 1, 2])
itertools.islice | itertools.islice([1, 2, 3], 2)
itertools.pairwise | itertools.pairwise([1, 2, 3])
itertools.permutations | itertools.permutations([1, 2])
itertools.product | itertools.product([1], [2, 3])
itertools.repeat | itertools.repeat(1, 3) | itertools.repeat(1)
itertools.starmap | itertools.starmap(max, [(1, 2)])
itertools.takewhile | itertools.takewhile(len, ["a"])
itertools.zip_longest | itertools.zip_longest([1], [2, 3])
type(itertools.tee([])[0]) | itertools.tee([1, 2])[0]
operator.itemgetter | operator.itemgetter(1, 2) | operator.itemgetter(0)
operator.attrgetter | operator.attrgetter("a.b")
operator.methodcaller | operator.methodcaller("upper")
array.array | array.array("i", [1, 2, 3]) | array.array("d") | array.array("w", "ab") | array.array("B", b"abc")
type(iter(array.array("i"))) | iter(array.array("i", [1]))
io.BytesIO | io.BytesIO(b"abc\\ndef") | closed_file()
io.StringIO | io.StringIO("abc\\ndef") | io.StringIO()
io.BufferedReader | io.BufferedReader(io.BytesIO(b"abc\\ndef"))
io.BufferedWriter | io.BufferedWriter(io.BytesIO())
io.BufferedRandom | io.BufferedRandom(io.BytesIO(b"abc"))
io.BufferedRWPair | io.BufferedRWPair(io.BytesIO(b"abc"), io.BytesIO())
io.TextIOWrapper | io.TextIOWrapper(io.BytesIO(b"abc\\ndef"))
io.IncrementalNewlineDecoder | io.IncrementalNewlineDecoder(None, True)
re.Pattern | re.compile("a(b)?") | re.compile(rb"(?P<n>a)")
re.Match | re.match("a(b)?", "ab") | re.match(rb"(?P<n>a)", b"a")
type(re.compile("a").scanner("a")) | re.compile("a").scanner("aa")
datetime.date | datetime.date(2020, 2, 29)
datetime.time | datetime.time(1, 2, 3, 4) | datetime.time(1, tzinfo=datetime.timezone.utc)
datetime.datetime | datetime.datetime(2020, 2, 29, 1, 2, 3, 4) | datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
datetime.timedelta | datetime.timedelta(1, 2, 3) | -datetime.timedelta(5)
datetime.timezone | datetime.timezone.utc | datetime.timezone(datetime.timedelta(hours=1), "n")
datetime.tzinfo | datetime.tzinfo()
decimal.Decimal | decimal.Decimal("1.50") | decimal.Decimal("NaN") | decimal.Decimal("-Infinity") | decimal.Decimal("1E+30")
decimal.Context | decimal.Context(5)
struct.Struct | struct.Struct("<ih") | struct.Struct("3s")
_random.Random | _random.Random(5)
contextvars.ContextVar | contextvars.ContextVar("v") | contextvars.ContextVar("v", default=1)
contextvars.Context | contextvars.Context() | contextvars.copy_context()
contextvars.Token | contextvars.ContextVar("v").set(1)
_pickle.Pickler | _pickle.Pickler(io.BytesIO())
_pickle.Unpickler | _pickle.Unpickler(io.BytesIO(b"I1\\n."))
_json.make_scanner | json.decoder.JSONDecoder().scan_once
_json.make_encoder |
type(_csv.reader([])) | _csv.reader(["a,b"])
type(_csv.writer(io.StringIO())) | _csv.writer(io.StringIO())
_csv.Dialect | _csv.Dialect()
type(zlib.compressobj()) | zlib.compressobj()
type(zlib.decompressobj()) | zlib.decompressobj()
bz2.BZ2Compressor | bz2.BZ2Compressor()
bz2.BZ2Decompressor | bz2.BZ2Decompressor()
lzma.LZMACompressor | lzma.LZMACompressor()
lzma.LZMADecompressor | lzma.LZMADecompressor()
type(_md5.md5()) | _md5.md5(b"a")
type(_sha1.sha1()) | _sha1.sha1(b"a")
type(_sha2.sha256()) | _sha2.sha256(b"a")
type(_sha2.sha512()) | _sha2.sha512(b"a")
_sha3.sha3_256 | _sha3.sha3_256(b"a")
_sha3.shake_128 | _sha3.shake_128(b"a")
_blake2.blake2b | _blake2.blake2b(b"a", digest_size=8)
_blake2.blake2s | _blake2.blake2s(b"a")
_queue.SimpleQueue | _queue.SimpleQueue()
_thread.lock | _thread.allocate_lock()
_thread.RLock | _thread.RLock()
_thread._local | _thread._local()
_asyncio.Future |
_elementtree.Element | _elementtree.Element("a", {"b": "c"}) | filled_element()
_elementtree.TreeBuilder | _elementtree.TreeBuilder()
_elementtree.XMLParser | _elementtree.XMLParser()
type(pyexpat.ParserCreate()) | pyexpat.ParserCreate()
sqlite3.Connection | sqlite3.connect(":memory:")
sqlite3.Cursor | sqlite3.connect(":memory:").execute("select 1, 'a' as b")
sqlite3.Row | sqlite3.Row(sqlite3.connect(":memory:").execute("select 1, 'a' as b"), (1, "a"))
sqlite3.Blob |
codecs.getincrementaldecoder("gbk") | codecs.getincrementaldecoder("gbk")()
codecs.getincrementalencoder("shift_jis") | codecs.getincrementalencoder("shift_jis")()
_zstd.ZstdCompressor | _zstd.ZstdCompressor()
_zstd.ZstdDecompressor | _zstd.ZstdDecompressor()
time.struct_time | time.gmtime(0)
ast.AST | ast.Name("a") | ast.parse("a = 1")
ast.BinOp | ast.BinOp()
mmap.mmap | mmap.mmap(-1, 10)
unicodedata.UCD | unicodedata.ucd_3_2_0
""".strip().splitlines()

# Functions of these modules; those of WITHOUT need no fuzzer to end a program, to wait, or to change the machine.
MODULES = """
builtins math cmath itertools operator _functools _collections _heapq _bisect _struct _json _pickle _csv _codecs _io _sre _string _statistics
_random _datetime _decimal _operator _weakref _contextvars _queue _abc _typing _types _warnings _tokenize _symtable _opcode _suggestions
_multibytecodec _locale array binascii errno gc marshal sys time unicodedata zlib _bz2 _lzma _zstd _md5 _sha1 _sha2 _sha3 _blake2 _thread atexit
pyexpat _elementtree _sqlite3 _asyncio _tracemalloc _lsprof _imp _string_templatelib _stat select struct weakref
""".split()

WITHOUT = """
builtins.breakpoint builtins.input builtins.exit builtins.quit builtins.help builtins.open builtins.__import__ builtins.__build_class__ builtins.exec
builtins.eval builtins.globals builtins.locals builtins.vars builtins.dir builtins.print builtins.credits builtins.copyright builtins.license
builtins.id builtins.hash
_io.open _io.open_code sys.exit sys.setrecursionlimit sys.settrace sys.setprofile sys._setprofileallthreads sys._settraceallthreads sys.setswitchinterval
sys._current_frames sys._current_exceptions sys.set_asyncgen_hooks sys.set_coroutine_origin_tracking_depth sys._debugmallocstats sys.breakpointhook
sys.displayhook sys.excepthook sys.unraisablehook sys.setdlopenflags sys._clear_type_cache sys._clear_internal_caches sys.set_int_max_str_digits
sys.addaudithook sys.getallocatedblocks sys.getunicodeinternedsize sys.getrefcount sys.getsizeof sys._getframe sys.call_tracing sys.activate_stack_trampoline
sys.deactivate_stack_trampoline sys.is_stack_trampoline_active sys._jit sys.remote_exec sys.getswitchinterval sys._git sys._getframemodulename
sys._dump_tracelets sys._get_cpu_count_config sys._is_gil_enabled sys._is_immortal sys.gettotalrefcount sys.audit sys._baserepl sys._setprofileallthreads
time.sleep time.time time.time_ns time.monotonic time.monotonic_ns time.perf_counter time.perf_counter_ns time.process_time time.process_time_ns
time.thread_time time.thread_time_ns time.clock_settime time.clock_settime_ns time.clock_gettime time.clock_gettime_ns time.localtime time.ctime time.asctime
time.gmtime time.strftime time.mktime time.tzset time.get_clock_info time.clock_getres time.pthread_getcpuclockid
gc.get_objects gc.get_referrers gc.get_referents gc.collect gc.freeze gc.unfreeze gc.get_stats gc.get_count gc.set_debug gc.set_threshold gc.enable gc.disable
_thread.start_new_thread _thread.start_new _thread.interrupt_main _thread.exit _thread.exit_thread _thread.stack_size _thread.get_ident _thread.daemon_threads_allowed
_thread.start_joinable_thread _thread._shutdown _thread._make_thread_handle _thread._get_main_thread_ident _thread._excepthook _thread.get_native_id _thread.allocate
_thread.set_name _thread._count _thread._set_sentinel atexit._run_exitfuncs atexit._clear atexit.register atexit.unregister atexit._ncallbacks
_imp.create_dynamic _imp.exec_dynamic _imp.acquire_lock _imp.release_lock _imp.create_builtin _imp.exec_builtin _imp._override_multi_interp_extensions_check
_imp._override_frozen_modules_for_tests _imp.init_frozen _imp.get_frozen_object _imp.find_frozen _imp._fix_co_filename _imp._frozen_module_names
_weakref.getweakrefs _abc._abc_init _tracemalloc.start _tracemalloc.stop _locale.setlocale _locale.bindtextdomain _locale.textdomain _io.text_encoding
_lsprof.profile_timer itertools.tee select.select select.poll select.epoll select.kqueue _random.Random _asyncio.get_event_loop
_warnings._filters_mutated_lock_held _warnings._acquire_lock _warnings._release_lock sys.monitoring
""".split()

# What takes its time with numbers that are wide, and is right to.
SLOW_WHEN_WIDE = "int.__pow__ int.__rpow__ int.__lshift__ int.__rlshift__ builtins.pow _operator.pow _operator.ipow _operator.lshift _operator.ilshift math.perm math.comb math.factorial".split()

# Members that would end a program, wait, or print where things are.
MEMBERS_WITHOUT = """
object.__hash__ __hash__ __sizeof__ __dir__ __class__ __dict__ __doc__ __module__ __weakref__ __subclasshook__ __init_subclass__ __annotations__ __abstractmethods__
__static_attributes__ __firstlineno__ __type_params__ __text_signature__ __basicsize__ __itemsize__ __dictoffset__ __weakrefoffset__ __flags__ __mro__ __base__ __bases__
acquire acquire_lock get co_positions_ gi_frame cr_frame ag_frame f_locals mro __subclasses__ f_back f_globals f_builtins getrandbits seed
load_extension enable_load_extension backup setlimit getlimit interrupt __builtins__ __globals__ _acquire_restore wait f_trace clear_frames
""".split()
