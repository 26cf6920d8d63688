"""One run: says which it is, works for a while, says that it has ended.

Reads the run's number as a job of AWS Batch does when Step Functions starts it. WORKER_SECONDS is
how long it works (3 if unset), WORKER_FAIL a comma-separated list of the runs that fail.
"""

import datetime
import os
import sys
import time


def main():
    if os.getenv("MANAGED_BY_AWS") == "STARTED_BY_STEP_FUNCTIONS":
        run_number = os.getenv("RunNumber")
    else:
        run_number = 1

    print(f"Python program {run_number} started at {datetime.datetime.now()}", flush=True)
    time.sleep(float(os.getenv("WORKER_SECONDS", "3")))
    if str(run_number) in os.getenv("WORKER_FAIL", "").split(","):
        print(f"Python program {run_number} fails, as WORKER_FAIL asks", file=sys.stderr)
        sys.exit(3)
    print(f"Python program {run_number} ended at {datetime.datetime.now()}")


if __name__ == "__main__":
    main()
