"""The API described to people, without any asset from elsewhere."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse

_router = APIRouter(include_in_schema=False)


def add_docs(app: FastAPI) -> None:
    """Serve the description of ``app`` at ``/docs``."""
    app.include_router(_router)


@_router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Show what the OpenAPI document says."""
    page = _DOCS.render(document=request.app.openapi())
    return HTMLResponse(page, headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"})


_DOCS = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ document.info.title }}: the HTTP API</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin-top: 2.5rem; font-size: 1.1rem } code, pre { font-family: ui-monospace, monospace }
pre { background: #8882; padding: .75rem; overflow-x: auto; white-space: pre-wrap } dt { float: left; width: 4rem }
</style>
<h1>{{ document.info.title }} {{ document.info.version }}</h1>
<p>{{ document.info.description }} The whole contract is in <a href="openapi.json">openapi.json</a>.</p>
{% for path, operations in document.paths.items() %}
{% for method, operation in operations.items() %}
<h2 id="{{ operation.operationId }}"><code>{{ method.upper() }} {{ path }}</code> {{ operation.summary }}</h2>
<p>{{ operation.description }}</p>
{% for content in (operation.requestBody or {"content": {}}).content.values() %}
{% if content.example %}
<pre>{{ content.example }}</pre>
{% else %}
{% set schema = content.schema["$ref"].rpartition("/")[2] %}
<pre>{{ document.components.schemas[schema].examples[0] | tojson(indent=2) }}</pre>
{% endif %}
{% endfor %}
<dl>
{% for status, response in operation.responses.items() %}
<dt>{{ status }}</dt><dd>{{ response.description }}</dd>
{% endfor %}
</dl>
{% endfor %}
{% endfor %}
</html>
"""
)
