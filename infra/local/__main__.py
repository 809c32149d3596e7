"""Starts the whole service on this machine, in order, and stops it in the opposite one: `make run`."""

import sys

from infra.local.machine import main

if __name__ == "__main__":
    sys.exit(main())
