"""The web page: files of this package, served as they are."""

from __future__ import annotations

from importlib import resources
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

# The page loads nothing from elsewhere, sends nothing elsewhere, and turns no text into HTML or script.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "connect")),
        *(f"{kind} 'none'" for kind in ("base-uri", "form-action", "frame-ancestors")),
        "require-trusted-types-for 'script'",
    )
)

_router = APIRouter(include_in_schema=False)


def add_page(app: FastAPI) -> None:
    """Serve the page at ``/``, its parts, and the articles that it offers as examples."""
    app.include_router(_router)
    for folder in ("web", "examples"):
        app.mount(f"/{folder}", _Files(packages=[("service", folder)]), name=folder)


class _Files(StaticFiles):
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        # Parts of another version would not fit together.
        response.headers["Cache-Control"] = "no-cache"
        return response


@_router.get("/")
async def page() -> HTMLResponse:
    """Show the page."""
    html = resources.files("service").joinpath("web", "index.html").read_text(encoding="utf-8")
    return HTMLResponse(html, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"})
