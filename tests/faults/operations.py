"""Every operation that is tried with faults: what citizens, the desk and officers ask, and what follows."""

from tests.faults.citizens import CITIZENS
from tests.faults.following import FOLLOWING
from tests.faults.people_at_work import AT_WORK
from tests.faults.rounds import Operation

OPERATIONS: dict[str, Operation] = {one.name: one for one in (*CITIZENS, *AT_WORK, *FOLLOWING)}
