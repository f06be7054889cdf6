// What `krait-python --help`, `--help-env` and `--help-xoptions` print.
#pragma once

namespace krait::cli {

inline constexpr const char* kPythonHelp =
    "usage: krait-python [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
    "Options (and corresponding environment variables):\n"
    "-b     : issue warnings about converting bytes to str (-bb: errors)\n-B     : don't write .pyc files on import; also PYTHONDONTWRITEBYTECODE=x\n"
    "-c cmd : program passed in as string (terminates option list)\n-d     : turn on parser debugging output\n-E     : ignore PYTHON* environment variables\n"
    "-h     : print this help message and exit (also -? or --help)\n-i     : inspect interactively after running script\n-I     : isolate from the user's environment (implies -E, -P and -s)\n"
    "-m mod : run library module as a script (terminates option list)\n-O     : remove assert and __debug__-dependent statements\n-OO    : do -O changes and also discard docstrings\n"
    "-P     : don't prepend a potentially unsafe path to sys.path\n-q     : don't print version and copyright messages on interactive startup\n"
    "-s     : don't add user site directory to sys.path\n-S     : don't imply 'import site' on initialization\n-u     : force the stdout and stderr streams to be unbuffered\n"
    "-v     : verbose (trace import statements)\n-V     : print the version number and exit (also --version)\n-W arg : warning control; arg is action:message:category:module:lineno\n"
    "-x     : skip first line of source\n-X opt : set implementation-specific option\n"
    "--check-hash-based-pycs always|default|never:\n         control how Python invalidates hash-based .pyc files\n"
    "--help-env: print help about Python environment variables and exit\n--help-xoptions: print help about implementation-specific -X options and exit\n"
    "--help-all: print complete help information and exit\n\nArguments:\nfile   : program read from script file\n-      : program read from stdin\n"
    "arg ...: arguments passed to program in sys.argv[1:]\n";

inline constexpr const char* kPythonEnvironmentHelp =
    "Environment variables that change behavior:\n"
    "PYTHONDEVMODE           : enable the development mode (-X dev)\n"
    "PYTHONDONTWRITEBYTECODE : don't write .pyc files (-B)\n"
    "PYTHONFAULTHANDLER      : dump the Python traceback on fatal errors (-X faulthandler)\n"
    "PYTHONHASHSEED          : a number from which the hashes of str and bytes are made, or 'random'\n"
    "PYTHONHOME              : has no effect: the library stands beside the program\n"
    "PYTHONINSPECT           : inspect interactively after running the script (-i)\n"
    "PYTHONINTMAXSTRDIGITS   : limit the digits of int/str conversions (-X int_max_str_digits=number)\n"
    "PYTHONIOENCODING        : encoding[:errors] used for stdin/stdout/stderr\n"
    "PYTHONNODEBUGRANGES     : leave columns out of tracebacks (-X no_debug_ranges)\n"
    "PYTHONNOUSERSITE        : disable the user site directory (-s)\n"
    "PYTHONOPTIMIZE          : enable level 1 optimizations (-O)\n"
    "PYTHONPATH              : folders, separated by ':', prefixed to the default module search path\n"
    "PYTHONPROFILEIMPORTTIME : show how long each import takes (-X importtime)\n"
    "PYTHONPYCACHEPREFIX     : root folder of the bytecode cache (-X pycache_prefix)\n"
    "PYTHONSAFEPATH          : don't prepend a potentially unsafe path to sys.path (-P)\n"
    "PYTHONTRACEMALLOC       : trace memory allocations from the start (-X tracemalloc)\n"
    "PYTHONUNBUFFERED        : disable stdout/stderr buffering (-u)\n"
    "PYTHONUTF8              : control the UTF-8 mode (-X utf8)\n"
    "PYTHONVERBOSE           : trace import statements (-v)\n"
    "PYTHONWARNDEFAULTENCODING: warn about the default text encoding (-X warn_default_encoding)\n"
    "PYTHONWARNINGS          : warning control, separated by commas (-W)\n"
    "PYTHON_CONTEXT_AWARE_WARNINGS: whether warning filters belong to a context (-X context_aware_warnings)\n"
    "PYTHON_CPU_COUNT        : override the number of processors (-X cpu_count)\n"
    "PYTHON_COLORS           : colors in the output: 0 or 1\n"
    "PYTHON_HISTORY          : the location of a .python_history file\n"
    "PYTHON_THREAD_INHERIT_CONTEXT: whether threads start with a copy of a context (-X thread_inherit_context)\n";

inline constexpr const char* kPythonXOptionsHelp =
    "The following implementation-specific options are available:\n"
    "-X context_aware_warnings=[0|1]: whether warning filters belong to a context; also PYTHON_CONTEXT_AWARE_WARNINGS\n"
    "-X cpu_count=N: override the return value of os.cpu_count(); also PYTHON_CPU_COUNT\n"
    "-X dev: enable the development mode; also PYTHONDEVMODE\n"
    "-X faulthandler: dump the Python traceback on fatal errors; also PYTHONFAULTHANDLER\n"
    "-X importtime[=2]: show how long each import takes, of loaded modules too; also PYTHONPROFILEIMPORTTIME\n"
    "-X int_max_str_digits=N: limit the digits of int/str conversions, 0 for no limit; also PYTHONINTMAXSTRDIGITS\n"
    "-X no_debug_ranges: leave columns out of tracebacks; also PYTHONNODEBUGRANGES\n"
    "-X pycache_prefix=PATH: write .pyc files to a parallel tree; also PYTHONPYCACHEPREFIX\n"
    "-X thread_inherit_context=[0|1]: whether threads start with a copy of their starter's context; also PYTHON_THREAD_INHERIT_CONTEXT\n"
    "-X tracemalloc[=N]: trace memory allocations, N frames each; also PYTHONTRACEMALLOC\n"
    "-X utf8[=0|1]: enable (1) or disable (0) the UTF-8 mode; also PYTHONUTF8\n"
    "-X warn_default_encoding: warn about the default text encoding; also PYTHONWARNDEFAULTENCODING\n";

}  // namespace krait::cli
