#!/bin/sh
# Run Python 3.11 to 3.14: the first that really starts, for a shim on PATH may lead nowhere.
# PYTHON=/some/python3 is tried first; last, a uv that is installed brings one.
for python in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    [ -n "$python" ] || continue
    "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null &&
        exec "$python" "$@"
done
command -v uv >/dev/null 2>&1 && exec uv run --quiet --no-project --python '>=3.11,<3.15' python "$@"
echo "cdalake needs Python 3.11 to 3.14: install one (or uv, which brings it), or name it: make PYTHON=/path/to/python3." >&2
exit 69
