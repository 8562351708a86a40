"""A Ray cluster: how to join one, and what each of its machines must have."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec

from service.errors import ClusterError, RayMissingError
from service.installation import require_installation
from service.settings import Settings, load_settings

_CLIENT = "ray://"
# What is not set otherwise: nothing is told to Ray's makers, and no cluster is joined, or made, without its token, as
# whoever is let in can run what he wants on all its machines.
_DEFAULTS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token"}


def require_ray() -> None:
    """See that Ray is installed.

    Raises:
        RayMissingError: It is not.
    """
    if find_spec("ray") is None:
        raise RayMissingError


@contextmanager
def joined() -> Iterator[None]:
    """Be part of a cluster: that of ``RAY_ADDRESS``, else the one of this machine, else one that ends with the block.

    Raises:
        RayMissingError: Ray is not installed.
        ClusterError: The cluster is not to be had.
    """
    require_ray()
    if os.environ.get("RAY_ADDRESS", "").startswith(_CLIENT):
        raise ClusterError(f"RAY_ADDRESS begins with {_CLIENT}: run copydesk on a machine of the cluster instead")
    # Ray reads them when it is imported.
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    import ray

    try:
        ray.init(include_dashboard=False, logging_level=logging.WARNING)
    except Exception as error:  # Ray raises errors of all kinds, bare ones too.
        # What it had begun would be in the way of another attempt.
        ray.shutdown()
        raise ClusterError(f"the Ray cluster cannot be joined ({first_line(error)})") from error
    try:
        yield
    finally:
        ray.shutdown()


def room_for(settings: Settings) -> int:
    """Count the models that the cluster has CPUs for; at least one, as machines may come later."""
    import ray

    return max(1, int(ray.cluster_resources().get("CPU", 0)) // threads_of(settings))


def this_address() -> str:
    """Give the address of the machine that this process is on, as the cluster knows it."""
    import ray

    here = ray.get_runtime_context().get_node_id()
    return str(next(node["NodeManagerAddress"] for node in ray.nodes() if node["NodeID"] == here))


def threads_of(settings: Settings) -> int:
    """Say how many CPUs one model takes: one, where nothing else is asked, as many small ones get more done."""
    return settings.threads or 1


def settings_here(settings: Settings, expected: Mapping[str, str]) -> Settings:
    """Make the settings of the first machine those of this one, which keeps its models where it wants to.

    Args:
        settings: Those of the machine where the command was given.
        expected: What is installed there.

    Raises:
        OtherInstallationError: Something else is installed here, so that results would differ.
        SettingsError: A setting of this machine means nothing.
    """
    require_installation(settings, expected, machine=platform.node())
    return settings.model_copy(update={"cache": load_settings().cache, "threads": threads_of(settings)})


def first_line(error: BaseException) -> str:
    """Take what an error of Ray says before its traceback."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__).rstrip(".")
