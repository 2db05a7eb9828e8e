"""What the pages call bulk actions: acts (what to do, what can be done, what was done), hindrances and states."""

from cartage.model.batch import RowStatus
from cartage.model.bulk import HINDERED, Act, BulkState

ACTS = {
    Act.RETRY: ("Retry", "can be retried", "retried"),
    Act.REFRESH: ("Import again", "can be imported again", "imported again"),
    Act.CANCEL: ("Cancel", "can be cancelled", "cancelled"),
    Act.EDIT: ("Edit", "can be edited", "edited"),
    Act.ARCHIVE: ("Archive", "can be archived", "archived"),
    Act.RESTORE: ("Restore", "can be restored", "restored"),
    Act.DELETE: ("Delete", "can be deleted", "deleted"),
}
HINDRANCES = HINDERED
STATES = {
    BulkState.WAITING: ("Waiting", "busy"),
    BulkState.RUNNING: ("Under way", "busy"),
    BulkState.DONE: ("Done", "good"),
    BulkState.STOPPED: ("Stopped", "wait"),
    BulkState.FAILED: ("Broke", "bad"),
}
LEGEND = {
    RowStatus.IMPORTED: "done",
    RowStatus.FAILED: "failed again",
    RowStatus.RUNNING: "under way",
    RowStatus.DUPLICATE: "left as they are",
    RowStatus.QUEUED: "to come",
}
