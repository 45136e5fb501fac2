"""What the tests of Python SDKs stand on: where the sandbox is, what it saw, and herald itself."""

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path

ANNOUNCED = json.loads(Path(os.environ["SANDBOX"]).read_text(encoding="utf-8").splitlines()[0])
ADDRESS = ANNOUNCED["address"]
PROVIDERS = {one["provider"]: one for one in ANNOUNCED["providers"]}

WORDS = '你好 & "herald" 🙂\nline two'

_read = 0


def seen():
    """What the sandbox has seen since the last time, bodies as text."""
    global _read
    lines = Path(os.environ["SANDBOX_LOG"]).read_text(encoding="utf-8").splitlines()
    fresh = [json.loads(line) for line in lines[_read:]]
    _read = len(lines)
    return fresh


# Whatever other SDKs did before is not this one's.
seen()


def same(found, wanted, what=""):
    if found != wanted:
        raise AssertionError(f"{what}\nfound  {found!r}\nwanted {wanted!r}")


def sent(provider, method, target, status=200):
    """The only request since the last time; it went there and was accepted."""
    fresh = seen()
    same(len(fresh), 1, f"requests for {target}")
    (one,) = fresh
    found = (one["provider"], one["method"], one["target"], one["answer"]["status"])
    same(found, (provider, method, target, status), one["answer"]["body"])
    return one


def herald(provider, *words):
    """Runs herald against the served sandbox and returns its JSON."""
    served = PROVIDERS[provider]
    prefix = f"HERALD_{provider.replace('-', '_').upper()}_"
    keys = {**served["credentials"], "endpoint": served["base_url"]}
    env = {**os.environ, **{prefix + key.upper(): value for key, value in keys.items()}}
    command = [os.environ["HERALD"], *words, "--output", "json"]
    run = subprocess.run(command, env=env, capture_output=True, encoding="utf-8", check=False)
    same(run.returncode, 0, f"{words}\n{run.stdout}{run.stderr}")
    seen()
    return json.loads(run.stdout)


def run(title, steps):
    """Runs the steps in turn; the first that fails ends the process."""
    for step in steps:
        try:
            step()
        except Exception:  # whatever an SDK throws is a failure
            traceback.print_exc()
            print(f"failed: {title}: {step.__name__}", file=sys.stderr)
            sys.exit(1)
    print(f"{title}: {len(steps)} calls, all as meant")
