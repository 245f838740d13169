"""A run on Ray at a place of the test's making, in a process of its own, told as JSON lines."""

from __future__ import annotations

import json
import signal
import sys
import threading
from dataclasses import replace

from cdalake.cli.report import JsonLines
from cdalake.engine.spec import RunSpec
from cdalake.engine.sync import run
from cdalake.runners.places import place_for
from cdalake.storage import Store
from cdalake.storage.inline import InlineKeys

if __name__ == "__main__":
    spec = RunSpec.from_json(json.loads(sys.argv[1]))
    options = json.loads(sys.argv[2])
    given = options.pop("keys", None)
    keys = InlineKeys.of(*given) if given else None
    place_for(spec, keys)  # which tells Ray what it reads at its import
    from cdalake.runners.ray_workplace import Hot, RayWorkplace

    hot = Hot(**options.pop("hot", {}))
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    place = RayWorkplace(replace(spec), keys, hot=hot, **options)
    opener = keys.open if keys else Store.open
    result = run(spec, JsonLines(), stopped.is_set, opener, workplace=place)
    JsonLines.print_result(result)
    sys.exit(result.exit_code)
