"""Every operation that is tried with faults: what people ask, what follows of it, what is kept."""

from tests.faults.citizens import CITIZENS
from tests.faults.following import FOLLOWING
from tests.faults.keeping import KEEPING
from tests.faults.lists import LISTS
from tests.faults.people_at_work import AT_WORK
from tests.faults.pictures import PICTURES
from tests.faults.rounds import Operation
from tests.faults.sent_out import SENT_OUT

NOT_TRIED = {
    ("POST", "/console/session"): "Cognito signs staff in, and nothing of ours is stored",
    ("PUT", "/session/profile"): "it is PATCH by the name that the mini-program can send",
}
"""By method and route, the requests that change something and that no operation makes, each with why."""

EVERY = (*CITIZENS, *AT_WORK, *SENT_OUT, *LISTS, *FOLLOWING, *PICTURES, *KEEPING)
OPERATIONS: dict[str, Operation] = {one.name: one for one in EVERY}
