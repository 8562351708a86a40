"""The service on a Ray cluster: the same application in replicas, as many as there is load for."""

from __future__ import annotations

import logging
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from threading import Event
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import batch_api
from service.api import SPARE_THREADS, create_app
from service.cluster import first_line, joined, room_for, settings_here, this_address, threads_of
from service.desk import open_desk
from service.errors import ClusterError
from service.installation import describe_installation
from service.office import Office
from service.settings import Settings

_SERVICE = "copydesk"
_BATCHES = "copydesk-batches"
# Two or three articles fill a run of the model; with as many again there is always a next run, and more of them want
# another replica.
_REQUESTS_PER_REPLICA = 4
# As long as a service without a cluster lets requests come to their end.
_SECONDS_TO_END = 30
# A model that cannot be loaded will not be loaded by the twentieth attempt.
_ATTEMPTS = 2
_ANYWHERE = ("0.0.0.0", "::")
# What stands before the message in the last line of a traceback.
_CLASS = re.compile(r"^[\w.]+: ")


def serve_on_cluster(
    settings: Settings, *, host: str, port: int, replicas: int | None, announce: Callable[[str], None]
) -> None:
    """Serve until the process is interrupted or told to end.

    Args:
        settings: Model and limits.
        host: Address that every machine with a replica listens on.
        port: Port that it listens on.
        replicas: Most replicas; None for as many as the cluster has CPUs for.
        announce: Told where the service answers, once it does.

    Raises:
        RayMissingError: Ray is not installed.
        ClusterError: The cluster is not to be had, or no replica could be started.
    """
    with joined():
        most = replicas or room_for(settings)
        ended = Event()
        with (
            suppress(KeyboardInterrupt),
            _on_signals(ended.set),
            _deployed(settings, host=host, port=port, most=most, ended=ended),
        ):
            _require_answer(host, port)
            if not ended.is_set():
                announce(f"copydesk serves on http://{host}:{port} with up to {most} replicas")
            ended.wait()


@contextmanager
def _deployed(settings: Settings, *, host: str, port: int, most: int, ended: Event) -> Iterator[None]:
    """Have the service on the cluster, and take it away at the end.

    Raises:
        KeyboardInterrupt: The process was told to end before all models were loaded.
        ClusterError: No replica could be started.
    """
    from ray import serve

    names = (_SERVICE, _BATCHES)
    serve.start(proxy_location="EveryNode", http_options={"host": host, "port": port})
    try:
        installation = describe_installation(settings)
        for name, path, options in zip(names, ("/", batch_api.PATH), _options(settings, most), strict=True):
            deployment = serve.deployment(name=name, **options)(serve.ingress()(_Replica))
            bound = deployment.bind(settings, installation, name == _BATCHES)
            try:
                with _interrupted(ended):
                    serve.run(bound, name=name, route_prefix=path)
            except RuntimeError as error:
                raise ClusterError(f"no replica could be started ({_reason(name, error)})") from error
        yield
    finally:
        for name in names:
            serve.delete(name)
        # Others may serve something on the same cluster.
        if not serve.status().applications:
            serve.shutdown()


def _options(settings: Settings, most: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Say how the service is deployed, and how the part of it that keeps batches is."""
    common = {
        # The service turns away what is too much for it, in its own words: all that it would let in, and the probes of
        # those that watch it, must reach it.
        "max_ongoing_requests": settings.max_waiting + SPARE_THREADS,
        "max_queued_requests": settings.max_waiting,
        "graceful_shutdown_timeout_s": _SECONDS_TO_END,
        "max_constructor_retry_count": _ATTEMPTS,
        # The service writes a line of its own.
        "logging_config": {"enable_access_log": False},
    }
    scaled = {
        "autoscaling_config": {
            "min_replicas": 1,
            "max_replicas": most,
            "target_ongoing_requests": _REQUESTS_PER_REPLICA,
        },
        "ray_actor_options": {"num_cpus": threads_of(settings)},
    }
    # What was accepted is on a disk: that of the machine where the command was given, whatever room Ray sees there.
    single = {
        "num_replicas": 1,
        "ray_actor_options": {"num_cpus": 0, "resources": {f"node:{this_address()}": 0.001}},
    }
    return common | scaled, common | single


class _Replica:
    """The service in a process of its own, somewhere on the cluster."""

    _office: Office

    def __init__(self, settings: Settings, installation: Mapping[str, str], keeps_batches: bool) -> None:
        _log_to_stderr(settings.log_level)
        self._settings = settings_here(settings, installation)
        self._keeps_batches = keeps_batches

    def __serve_build_asgi_app__(self) -> ASGIApp:
        """Build the application, for Ray Serve."""
        settings = self._settings
        app = create_app(lambda: open_desk(settings), settings, keeps_batches=self._keeps_batches)
        self._office = app.state.office
        return _behind_serve(app)

    async def check_health(self) -> None:
        """Say whether requests may come, for Ray Serve; first of all wait for the model, so that none finds it cold.

        Raises:
            Exception: Whatever kept the model from being loaded.
        """
        await self._office.opened()


def _behind_serve(app: ASGIApp) -> ASGIApp:
    """Have an application find its own paths, where it answers for a part of them only, and leave Serve one header."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_once(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Serve has given the request its id, and tells it.
                del MutableHeaders(scope=message)["x-request-id"]
            await send(message)

        if scope["type"] == "http":
            await app({**scope, "root_path": ""}, receive, send_once)
        else:
            await app(scope, receive, send)

    return answer


def _log_to_stderr(level: str) -> None:
    """Log where Ray looks for it."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    log = logging.getLogger("service")
    log.handlers[:] = [handler]
    log.setLevel(level.upper())
    log.propagate = False


@contextmanager
def _interrupted(ended: Event) -> Iterator[None]:
    """Have signals end what waits, as Serve does for models as long as it takes.

    Raises:
        KeyboardInterrupt: The process was told to end, now or before.
    """

    def interrupt() -> None:
        ended.set()
        raise KeyboardInterrupt

    with _on_signals(interrupt):
        if ended.is_set():
            raise KeyboardInterrupt
        yield


@contextmanager
def _on_signals(act: Callable[[], None]) -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: act()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _require_answer(host: str, port: int) -> None:
    """See that the service answers where it should, which Serve does not where it was started with another address.

    Raises:
        ClusterError: It does not.
    """
    connection = HTTPConnection("localhost" if host in _ANYWHERE else host, port, timeout=30)
    try:
        connection.request("GET", "/health/live")
        answered = connection.getresponse().status == 200
    except (OSError, HTTPException) as error:
        raise ClusterError(_elsewhere(host, port, str(error))) from error
    finally:
        connection.close()
    if not answered:
        raise ClusterError(_elsewhere(host, port, "something else does"))


def _elsewhere(host: str, port: int, reason: str) -> str:
    return (
        f"the service does not answer on {host}:{port} ({reason}): name a port that is free, or where Ray Serve runs "
        "on the cluster already, the address that it has"
    )


def _reason(name: str, error: BaseException) -> str:
    """Find why a replica could not be started in what Serve says of it."""
    from ray import serve

    application = serve.status().applications.get(name)
    for deployment in application.deployments.values() if application else ():
        if lines := deployment.message.strip().splitlines():
            return _CLASS.sub("", lines[-1]).removesuffix(".")
    return first_line(error)
