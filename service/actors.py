"""Those who rewrite the rows of a batch on a Ray cluster: a pool of actors, each with a desk of its own."""

from __future__ import annotations

import logging
import pickle
import warnings
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from service.cluster import first_line, joined, room_for, settings_here, threads_of
from service.crew import Task, rewrite_rows
from service.desk import open_desk
from service.errors import ActorsLostError, ClusterError, CopydeskError, ModelError
from service.installation import describe_installation
from service.rows import Result, Row
from service.settings import Settings

# Portions that a run of Ray Data has for each actor. Those of one run are in memory together, at most 1.3 MB for an
# actor, and between two runs the actors load their models anew: seconds, after minutes of work by rules, or hours of
# it by the model.
_PORTIONS = 32
# Portions that wait at an actor while it works at another, so that it is never idle.
_AHEAD = 2
# How often the portion of a worker that was lost is begun again: one that is the end of every worker, as one that takes
# more memory than there is, must not be tried for ever.
_RETRIES = 3


def work_on_cluster(
    settings: Settings, task: Task, chunks: Iterable[Sequence[Row]], *, workers: int | None
) -> Generator[list[Result], None, None]:
    """Rewrite chunks on a Ray cluster; the results come in order, each chunk's once, whatever workers are lost.

    Args:
        settings: Model and limits; each actor takes as many CPUs as the model has threads, one if nothing is set.
        task: What is done with each row.
        chunks: The rows.
        workers: Most actors; None for as many as the cluster has CPUs for.

    Raises:
        RayMissingError: Ray is not installed.
        ClusterError: The cluster is not to be had, or has failed.
        ActorsLostError: A chunk has lost one worker after another; others that were done may not have been given.
        ModelError: The model is not to be had on one of the machines.
    """
    with joined():
        coming = iter(chunks)
        # Machines may have come since the last run.
        while run := list(islice(coming, _PORTIONS * (most := workers or room_for(settings)))):
            yield from _rewrite(settings, task, run, most)


def _rewrite(
    settings: Settings, task: Task, chunks: Sequence[Sequence[Row]], most: int
) -> Generator[list[Result], None, None]:
    """Rewrite what one run of Ray Data has room for."""
    import ray

    done = 0
    try:
        # Ray ends a process that leaves the cluster while a run of Ray Data is under way.
        with closing(iter(_plan(settings, task, chunks, most).iter_rows())) as rows:
            for row in rows:
                yield read_outcome(row["outcome"])
                done += 1
    except ray.exceptions.RayActorError as error:
        # Of a worker that has ended Ray says no more than of one that is out of reach for now, as it begins it again.
        raise ActorsLostError(_RETRIES) from error
    except ray.exceptions.RayError as error:
        raise ClusterError(f"Ray has failed ({first_line(error)}): run the same command again") from error
    if done != len(chunks):
        raise ClusterError("Ray has lost a portion of the rows: run the same command again, it does what is left")


def _plan(settings: Settings, task: Task, chunks: Sequence[Sequence[Row]], most: int) -> Any:
    from ray import data

    context = data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    # What it tells of its plans and of its errors is for those who write them, and its warning that no CPU is left for
    # more actors is of no use where they are meant to take all.
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    portions = [{"portion": pickle.dumps(list(chunk))} for chunk in chunks]
    # A block for each portion, or a worker that is lost would take others with it.
    rows = data.from_items(portions, override_num_blocks=len(portions))
    with warnings.catch_warnings():
        # Ray Data 2.60 has no other way yet to say how often a task is tried.
        warnings.simplefilter("ignore", DeprecationWarning)
        return rows.map(
            Worker,
            fn_constructor_args=(settings, task, describe_installation(settings)),
            compute=data.ActorPoolStrategy(
                min_size=1,
                initial_size=min(most, len(portions)),
                max_size=most,
                max_tasks_in_flight_per_actor=_AHEAD,
            ),
            num_cpus=threads_of(settings),
            max_task_retries=_RETRIES,
        )


class Worker:
    """A desk in a process of its own, somewhere on the cluster; without one, why it has none."""

    def __init__(self, settings: Settings, task: Task, installation: Mapping[str, str]) -> None:
        self._task = task
        self._failure: str | None = None
        try:
            self._desk = open_desk(settings_here(settings, installation))
        except CopydeskError as error:
            self._failure = str(error)

    def __call__(self, portion: Mapping[str, Any]) -> dict[str, bytes]:
        """Rewrite the rows of a portion."""
        return {"outcome": pickle.dumps(self._failure or self._rewrite(pickle.loads(portion["portion"])))}

    def _rewrite(self, rows: Sequence[Row]) -> list[Result] | str:
        try:
            return rewrite_rows(self._desk, rows, self._task)
        except CopydeskError as error:
            # As a value: what Ray makes of an error is a traceback.
            return str(error)


def read_outcome(outcome: bytes) -> list[Result]:
    """Unpack what a worker has sent.

    Raises:
        ModelError: It could not rewrite.
    """
    found: list[Result] | str = pickle.loads(outcome)
    if isinstance(found, str):
        raise ModelError(found)
    return found
