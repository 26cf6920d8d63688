"""What redun is asked to run: many jobs, a shell script as a job, and a job that fails."""

import os

from redun import task

redun_namespace = "peer"


@task(executor="batch")
def cube(number):
    return number**3, os.environ["AWS_BATCH_JOB_ID"], os.environ.get("AWS_BATCH_JOB_ARRAY_INDEX")


@task(executor="batch", script=True)
def louder(word):
    return f"printf %s {word} | tr a-z A-Z"


@task(executor="batch")
def breaks(reason):
    print("this will not end well")
    raise RuntimeError(f"broken by {reason}")


@task()
def cubes(first: int, count: int):
    return [cube(first + number) for number in range(count)]


@task()
def shell(word: str):
    return louder(word)


@task()
def failing(reason: str):
    return breaks(reason)
