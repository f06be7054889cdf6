import sys
from . import main

code = 1
try:
    main()
    code = 0
except Exception as e:
    print(f"Error: {e}", file=sys.stderr)
sys.exit(code)
